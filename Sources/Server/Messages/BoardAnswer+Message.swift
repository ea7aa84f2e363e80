// Board queries and answers between the engine and the wire. Texts travel as codes into a dictionary of
// the column, so that a status or a currency costs four bytes a row.

import Board
import FoundationEssentials
import Wire

extension BoardQuery {
    /// - Throws: what this server cannot do, or an unknown window.
    init(_ request: Busyhour_V1_BoardRequest) throws(RequestError) {
        self.init()
        filter = request.where
        search = request.search
        groupBy = request.groupBy
        pivot = request.pivot
        columns = request.columns
        sort = request.sort
        limit = request.limit == 0 ? Limits.defaultBoardRows : Int(clamping: request.limit)
        offset = Int(clamping: request.offset)
        window = try Window(request: request.window)
        status = request.status
    }
}

extension Window {
    /// The window named by a request; empty: the default of 15 minutes.
    init(request name: String) throws(RequestError) {
        guard let window = name.isEmpty ? .fifteenMinutes : Window(name: name) else {
            let names = Window.allCases.map(\.name).joined(separator: ", ")
            throw RequestError(.invalidArgument, "no window '\(name)'; known are \(names)")
        }
        self = window
    }
}

extension Busyhour_V1_BoardResponse {
    init(_ answer: BoardAnswer) {
        self.init()
        asOf = answer.asOfMicros
        window = answer.window.name
        windowStart = answer.windowStartMicros
        windowEnd = answer.windowEndMicros
        coverageFrom = answer.coverageFromMicros
        matched = UInt64(clamping: answer.matched)
        groups = UInt64(clamping: answer.groups)
        depths = answer.depths.map(UInt32.init)
        groupColumns = UInt32(clamping: answer.groupColumns)
        columns = answer.columns.map(Busyhour_V1_ResultColumn.init)
        total = answer.total.map(Busyhour_V1_ResultColumn.init)
        if !answer.totalMoney.isEmpty {
            for money in answer.totalMoney {
                totalMoney.append(column: money.columnIndex, currency: money.currency, micros: money.micros)
            }
        }
        if !answer.groupMoney.isEmpty {
            groupMoney.rows = answer.groupMoney.rows
            groupMoney.columns = answer.groupMoney.columnIndices
            groupMoney.currencyCodes = answer.groupMoney.currencyCodes
            groupMoney.currencies = answer.groupMoney.currencies
            groupMoney.micros = answer.groupMoney.micros
        }
    }
}

extension Busyhour_V1_MoneyCells {
    /// Appends an amount without its row. An answer has some ten currencies at most, so a linear search will do.
    fileprivate mutating func append(column: Int, currency: String, micros amount: Int64) {
        let code = currencies.firstIndex(of: currency) ?? currencies.count
        if code == currencies.count { currencies.append(currency) }
        columns.append(UInt32(clamping: column))
        currencyCodes.append(UInt32(clamping: code))
        micros.append(amount)
    }
}

extension Busyhour_V1_ResultColumn {
    init(_ column: ResultColumn) {
        self.init()
        name = column.name
        pivoted = column.pivot != nil
        pivot = column.pivot ?? ""
        switch column.values {
        case .integers(let values): (kind, integers) = (.integer, values)
        case .money(let values): (kind, integers) = (.money, values)
        case .times(let values): (kind, integers) = (.time, values)
        case .booleans(let values): (kind, integers) = (.boolean, values.map { $0 ? 1 : 0 })
        case .numbers(let values): (kind, numbers) = (.number, values)
        case .texts(let codes, let dictionary):
            kind = .text
            encode(codes, dictionary)
        case .textLists(let values):
            kind = .texts
            textCounts = values.map { UInt32(clamping: $0.count) }
            encode(values.joined())
        }
        nulls = Self.bitmap(column.nulls)
    }

    /// Fills `codes` and `dictionary` with those texts that a row shows, in the order of their first rows. A code
    /// beyond the dictionary, as rows of null may have, stands for the empty text.
    private mutating func encode(_ rows: [UInt32], _ texts: [String]) {
        if texts.count <= rows.count && rows.reduce(0, max) < texts.count {
            // Shorter than the rows: taken as is.
            (codes, dictionary) = (rows, texts)
            return
        }
        var codeOf: [UInt32: UInt32] = [:]
        var shown: [String] = []
        codes = rows.map { row in
            if let code = codeOf[row] { return code }
            let code = UInt32(clamping: shown.count)
            codeOf[row] = code
            shown.append(Int(row) < texts.count ? texts[Int(row)] : "")
            return code
        }
        dictionary = shown
    }

    /// Fills `codes` and `dictionary` with each distinct text once, in the order of their first rows.
    private mutating func encode(_ texts: some Sequence<String>) {
        var codeOf: [String: UInt32] = [:]
        var codes: [UInt32] = []
        var dictionary: [String] = []
        for text in texts {
            if let code = codeOf[text] {
                codes.append(code)
            } else {
                let code = UInt32(clamping: dictionary.count)
                codeOf[text] = code
                dictionary.append(text)
                codes.append(code)
            }
        }
        self.codes = codes
        self.dictionary = dictionary
    }

    /// One bit per row, least significant first.
    private static func bitmap(_ nulls: [Bool]) -> Data {
        var bytes = [UInt8](repeating: 0, count: (nulls.count + 7) / 8)
        let whole = nulls.count / 8
        nulls.withUnsafeBytes { nulls in
            for place in 0..<whole {
                // Eight bytes of 0 or 1; the product has that of row i in bit 56 + i, and no sum below carries over.
                let rows = UInt64(littleEndian: nulls.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
                bytes[place] = UInt8(truncatingIfNeeded: (rows &* 0x0102_0408_1020_4080) >> 56)
            }
        }
        for row in 8 * whole..<nulls.count { bytes[whole] |= (nulls[row] ? 1 : 0) << UInt8(row & 7) }
        return Data(bytes)
    }
}
