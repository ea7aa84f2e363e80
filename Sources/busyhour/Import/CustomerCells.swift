// From the cells of a row to the bytes of a customer's message. The usual spellings are read in place; anything
// written differently, or wrong, becomes a `String` and is read by the complete parsers.

import Terminal
import Wire

struct CustomerCells {
    private let reading: CellReading
    /// Contacts of the current row. They are written last: four columns are one contact.
    private var contacts = ContactCells()
    private var totals = TotalRow()

    init(_ reading: CellReading) { self.reading = reading }

    /// Adds a row. A faulty one, with its faults stored in `faults`, is added without its bad cells and marked as not
    /// to be stored.
    /// - Parameters:
    ///   - isRefused: the row has another fault.
    ///   - isChecked: false: a faulty row is not added.
    mutating func write(
        _ row: CSVRows, _ columns: [(index: Int, field: CustomerField)], isRefused: Bool, isChecked: Bool,
        to rows: inout ImportRows, _ faults: inout [(field: CustomerField, error: CellError)]
    ) {
        contacts.removeAll()
        totals.beginRow()
        rows.append(number: row.number) { message in
            var fields: UInt32 = 0
            for (index, field) in columns where index < row.count && !row.isEmpty(index) {
                do throws(CellError) {
                    try row.withCell(index) { (cell) throws(CellError) in
                        let range = try SpreadsheetCell.content(of: cell)
                        if range.isEmpty { return }
                        fields |= field.bit
                        try write(field, cell.extracting(range), to: &message)
                    }
                } catch {
                    faults.append((field, error))
                }
            }
            if let error = totals.endRow() { faults.append((.name, error)) }
            contacts.append(to: &message)
            if faults.isEmpty && !isRefused { return fields }
            return isChecked ? fields | ImportRows.isRefused : nil
        }
    }

    /// Writes a non-empty cell.
    /// - Throws: its fault; part of it may have been written by then.
    private mutating func write(
        _ field: CustomerField, _ cell: Span<UInt8>, to message: inout MessageBytes
    ) throws(CellError) {
        switch field {
        case .id: message.append(1, varint: UInt64(try Self.number(cell)))
        case .name:
            totals.name(cell)
            message.append(2, text: cell)
        case .currency:
            totals.hasCurrency = true
            message.append(3, text: cell)
        case .status: message.append(4, text: cell)
        case .credit:
            let micros = try money(cell)
            totals.amount(micros, column: 0)
            message.append(5, fixed64: micros)
        case .debitLimit:
            let micros = try money(cell)
            totals.amount(micros, column: 1)
            message.append(6, fixed64: micros)
        case .channels: message.append(7, varint: UInt64(try Self.number(cell)))
        case .flowSpeed: message.append(8, varint: UInt64(try Self.number(cell)))
        case .portalAccess: message.append(9, varint: try Self.flag(String(decoding: cell)) ? 1 : 0)
        case .country: message.append(10, text: cell)
        case .company: message.append(11, text: cell)
        case .accountManager: message.append(12, text: cell)
        case .tags: Self.forEachEntry(of: cell) { message.element(13, text: $0) }
        case .contacts: try contacts.read(json: String(decoding: cell), reading)
        case .auth: try Self.auth(cell, to: &message)
        case .routes: Self.forEachEntry(of: cell) { Self.route($0, to: &message) }
        case .shortCallSeconds: message.append(17, varint: UInt64(try Self.number(cell)))
        case .notes: message.append(18, text: cell)
        case .contactName: contacts.setFirst(0, cell)
        case .contactEmail: contacts.setFirst(1, cell)
        case .contactMobile:
            let text = String(decoding: cell)
            if Number.isScientific(text) { throw Self.damaged(text) }
            contacts.setFirst(2, try reading.international(text))
        case .contactKind: contacts.setFirst(3, cell)
        }
    }

    // ---- numbers --------------------------------------------------------------------------------------------

    private func money(_ cell: Span<UInt8>) throws(CellError) -> Int64 {
        if let micros = plainMoney(cell) { return micros }
        let text = String(decoding: cell)
        guard !Number.isScientific(text) else { throw Self.damaged(text) }
        do throws(MoneyError) {
            return try Money.micros(written: text, commaIsDecimal: reading.decimalComma)
        } catch {
            throw CellError(Self.complaint(error, decimalComma: reading.decimalComma))
        }
    }

    private static func complaint(_ error: MoneyError, decimalComma: Bool) -> String {
        guard case .separator(let text) = error else { return "\(error)" }
        return decimalComma
            ? "'\(CellError.quoted(text))' has decimals behind a point, and --decimal-comma says that they stand behind a comma; write it so, or leave the option out"
            : "'\(CellError.quoted(text))' has an ambiguous comma: \(text.filter { $0 != "," }), or "
                + "\(text.replacing(",", with: "."))? write it without the comma, or give --decimal-comma if decimals stand behind "
                + "commas in this file"
    }

    /// `12`, `-0.5`: at most twelve digits, which do not overflow, and at most six decimals after a point, which is
    /// read here only if it is the decimal mark. Nil: not in this form, though possibly an amount.
    private func plainMoney(_ cell: Span<UInt8>) -> Int64? {
        var index = 0
        let isNegative = cell.count > 0 && cell[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard let units = Self.digits(cell, &index, atMost: 12) else { return nil }
        var micros = units * 1_000_000
        if index < cell.count {
            guard cell[index] == UInt8(ascii: "."), !reading.decimalComma else { return nil }
            index += 1
            let start = index
            guard let fraction = Self.digits(cell, &index, atMost: 6) else { return nil }
            var scaled = fraction
            for _ in (index - start)..<6 { scaled *= 10 }
            micros += scaled
        }
        guard index == cell.count else { return nil }
        return isNegative ? -micros : micros
    }

    /// One digit or more; nil if there are none or too many.
    private static func digits(_ cell: Span<UInt8>, _ index: inout Int, atMost most: Int) -> Int64? {
        let start = index
        var value: Int64 = 0
        while index < cell.count, cell[index] &- 48 < 10 {
            guard index - start < most else { return nil }
            value = value * 10 + Int64(cell[index] &- 48)
            index += 1
        }
        return index > start ? value : nil
    }

    private static func number(_ cell: Span<UInt8>) throws(CellError) -> UInt32 {
        var index = 0
        if let value = digits(cell, &index, atMost: 9), index == cell.count { return UInt32(value) }
        let text = String(decoding: cell)
        guard !Number.isScientific(text) else { throw damaged(text) }
        guard let number = UInt32(text) else {
            throw CellError(
                "'\(CellError.quoted(text))' is not a whole number from 0 to \(UInt32.max); write digits alone")
        }
        return number
    }

    private static func damaged(_ text: String) -> CellError {
        SpreadsheetCell.error(.shortened, text)
    }

    private static func flag(_ text: String) throws(CellError) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "1", "on": return true
        case "false", "no", "0", "off": return false
        default: throw CellError("'\(CellError.quoted(text))' is neither true nor false; write yes or no")
        }
    }

    // ---- lists ----------------------------------------------------------------------------------------------

    /// Calls a closure with the entries between semicolons, each one trimmed.
    private static func forEachEntry<E: Error>(
        of cell: Span<UInt8>, _ body: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        // Non-ASCII blanks, and doubled semicolons.
        guard isPlainList(cell) else {
            for entry in SemicolonList.parse(String(decoding: cell)) { try body(entry.utf8Span.span) }
            return
        }
        var start = 0
        while start <= cell.count {
            var end = start
            while end < cell.count && cell[end] != UInt8(ascii: ";") { end += 1 }
            let entry = trimmed(cell, start..<end)
            if !entry.isEmpty { try body(cell.extracting(entry)) }
            start = end + 1
        }
    }

    private static func isPlainList(_ cell: Span<UInt8>) -> Bool {
        var last: UInt8 = 0
        for index in cell.indices {
            let byte = cell[index]
            if byte >= 0x80 || (byte == UInt8(ascii: ";") && last == byte) { return false }
            last = byte
        }
        return true
    }

    /// Without ASCII white space at its ends.
    private static func trimmed(_ cell: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high && isBlank(cell[low]) { low += 1 }
        while high > low && isBlank(cell[high - 1]) { high -= 1 }
        return low..<high
    }

    /// `!name` is a route that is off.
    private static func route(_ entry: Span<UInt8>, to message: inout MessageBytes) {
        let isOff = entry[0] == UInt8(ascii: "!")
        message.element(16) { message in
            message.append(1, text: isOff ? entry.extracting(1..<entry.count) : entry)
            message.append(2, varint: isOff ? 0 : 1)
        }
    }

    /// `ip:203.0.113.0/24;sip:alice;account:0049-30`.
    private static func auth(_ cell: Span<UInt8>, to message: inout MessageBytes) throws(CellError) {
        try forEachEntry(of: cell) { (entry) throws(CellError) in
            guard let (kind, value) = plainAuth(entry) else {
                let entry = try auth(String(decoding: entry))
                return append(entry.kind.rawValue, entry.value.utf8Span.span, to: &message)
            }
            append(kind, entry.extracting(value), to: &message)
        }
    }

    private static func append(_ kind: Int, _ value: Span<UInt8>, to message: inout MessageBytes) {
        message.element(15) { message in
            message.append(1, varint: UInt64(kind))
            message.append(2, text: value)
        }
    }

    /// Its kind on the wire and the range of its value; nil if it is written differently, or wrong.
    private static func plainAuth(_ entry: Span<UInt8>) -> (kind: Int, value: Range<Int>)? {
        guard let colon = entry.indices.first(where: { entry[$0] == UInt8(ascii: ":") }) else { return nil }
        let kind: Int
        switch (colon, entry[0]) {
        case (2, UInt8(ascii: "i")) where entry[1] == UInt8(ascii: "p"): kind = 0
        case (3, UInt8(ascii: "s")) where entry[1] == UInt8(ascii: "i") && entry[2] == UInt8(ascii: "p"): kind = 1
        default: return nil
        }
        let value = trimmed(entry, colon + 1..<entry.count)
        // A value with a sign may be a number damaged by a spreadsheet, a `&` starts another condition, and a value
        // that is not ASCII may have other blanks.
        let isPlain = value.allSatisfy { place in
            let byte = entry[place]
            return byte < 0x80 && byte != UInt8(ascii: "+") && byte != UInt8(ascii: "&")
        }
        guard !value.isEmpty, isPlain else { return nil }
        return (kind, value)
    }

    private static func auth(_ text: String) throws(CellError) -> Busyhour_V1_AuthEntry {
        do throws(UsageError) {
            let entry = try Busyhour_V1_AuthEntry.parse(text)
            // `12e5` may be a name; a spreadsheet writes the sign.
            for (_, value) in entry.conditions where Number.isScientific(value) && value.contains("+") {
                throw UsageError(damaged(value).message)
            }
            return entry
        } catch {
            throw CellError(error.message)
        }
    }
}
