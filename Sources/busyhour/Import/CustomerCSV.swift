// From the octets of customers' messages to the lines of an export. The cells are those of `CustomerColumn.csv`, without a
// message, a value and a text for each: texts of ASCII are quoted octet by octet, others become a `String` first.

import Terminal
import Wire

struct CustomerCSV {
    /// Lines of customers, whole.
    private(set) var lines: [UInt8] = []
    private var customer = CustomerRanges()
    /// A cell in the making.
    private var cell: [UInt8] = []

    /// The last customer of an answer; nil: there is none.
    static func lastID(of octets: RawSpan) -> UInt32? {
        var last: Range<Int>?
        var fields = MessageFields(0..<octets.byteCount)
        while let field = fields.next(in: octets) {
            if field.number == 1 { last = field.octets }
        }
        var customer = CustomerRanges()
        return last.flatMap { customer.read($0, octets) ? customer.id : nil }
    }

    /// Takes over the customers of an answer, `ListCustomersResponse`, in place of those before.
    /// - Returns: how many there are, and how many match in all; nil: it is no such message.
    mutating func read(_ octets: RawSpan) -> (count: Int, total: UInt64)? {
        lines.removeAll(keepingCapacity: true)
        var (count, total) = (0, 0 as UInt64)
        var fields = MessageFields(0..<octets.byteCount)
        while let field = fields.next(in: octets) {
            switch (field.number, field.value) {
            case (1, .octets(let range)):
                guard customer.read(range, octets), write(octets) else { return nil }
                count += 1
            case (2, .varint(let value)): total = value
            default: break
            }
        }
        return fields.isAtEnd ? (count, total) : nil
    }

    // ---- a line ---------------------------------------------------------------------------------------------

    /// In the order of `ExportCommand.columns`. False: the octets of a list are no message.
    private mutating func write(_ octets: RawSpan) -> Bool {
        write(number: UInt64(customer.id))
        for field in 2...4 { next(text: customer.texts[field], octets) }
        next(money: customer.credit)
        next(money: customer.debitLimit)
        next(number: customer.channels)
        next(number: customer.flowSpeed)
        next(plain: customer.portalAccess ? "true" : "false")
        for field in 10...12 { next(text: customer.texts[field], octets) }

        cell.removeAll(keepingCapacity: true)
        for tag in customer.tags { entry("", octets.extracting(tag)) }
        nextCell()

        cell.removeAll(keepingCapacity: true)
        for contact in customer.contacts { guard append(contact: contact, octets) else { return false } }
        if !cell.isEmpty { cell.append(UInt8(ascii: "]")) }
        nextCell()

        cell.removeAll(keepingCapacity: true)
        for range in customer.auth {
            guard let (kind, value) = CustomerRanges.pair(range, octets, number: 1, text: 2) else { return false }
            entry(Self.kind(kind), octets.extracting(value))
        }
        nextCell()

        cell.removeAll(keepingCapacity: true)
        for range in customer.routes {
            guard let (enabled, name) = CustomerRanges.pair(range, octets, number: 2, text: 1) else { return false }
            entry(enabled == 0 ? "!" : "", octets.extracting(name))
        }
        nextCell()

        next(number: customer.shortCallSeconds)
        next(text: customer.texts[18], octets)
        lines.append(UInt8(ascii: "\n"))
        return true
    }

    private static func kind(_ number: UInt64) -> StaticString {
        switch number {
        case 0: "ip:"
        case 1: "sip:"
        default: "account:"
        }
    }

    /// An entry of a list behind those before: a `;` in it is doubled.
    private mutating func entry(_ start: StaticString, _ text: RawSpan) {
        if !cell.isEmpty { cell.append(UInt8(ascii: ";")) }
        start.withUTF8Buffer { cell.append(contentsOf: $0) }
        text.withUnsafeBytes { text in
            for octet in text {
                cell.append(octet)
                if octet == UInt8(ascii: ";") { cell.append(octet) }
            }
        }
    }

    /// A contact as JSON, within a list of them.
    private mutating func append(contact range: Range<Int>, _ octets: RawSpan) -> Bool {
        guard let texts = CustomerRanges.contact(range, octets) else { return false }
        cell.append(UInt8(ascii: cell.isEmpty ? "[" : ","))
        let keys: [4 of StaticString] = [#"{"name":"#, #","email":"#, #","mobile":"#, #","kind":"#]
        for part in 0..<4 {
            keys[part].withUTF8Buffer { cell.append(contentsOf: $0) }
            append(json: octets.extracting(texts[part]))
        }
        cell.append(UInt8(ascii: "}"))
        return true
    }

    private mutating func append(json text: RawSpan) {
        text.withUnsafeBytes { text in
            let isPlain = text.allSatisfy {
                $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
            guard isPlain else {
                cell.append(contentsOf: JSONValue.text(String(decoding: text, as: UTF8.self)).text.utf8)
                return
            }
            cell.append(UInt8(ascii: "\""))
            cell.append(contentsOf: text)
            cell.append(UInt8(ascii: "\""))
        }
    }

    // ---- cells ----------------------------------------------------------------------------------------------

    private mutating func next(plain text: String) {
        lines.append(UInt8(ascii: ","))
        lines.append(contentsOf: text.utf8)
    }

    private mutating func next(number: UInt64) {
        lines.append(UInt8(ascii: ","))
        write(number: number)
    }

    private mutating func write(number: UInt64, digits least: Int = 1) {
        let start = lines.count
        var rest = number
        repeat {
            lines.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || lines.count - start < least
        lines[start...].reverse()
    }

    /// As `Money.text`: at least two decimals, and no more than needed.
    private mutating func next(money micros: Int64) {
        lines.append(UInt8(ascii: ","))
        if micros < 0 { lines.append(UInt8(ascii: "-")) }
        write(number: micros.magnitude / 1_000_000)
        lines.append(UInt8(ascii: "."))
        write(number: micros.magnitude % 1_000_000, digits: 6)
        for _ in 0..<4 where lines[lines.count - 1] == UInt8(ascii: "0") { lines.removeLast() }
    }

    private mutating func next(text range: Range<Int>, _ octets: RawSpan) {
        lines.append(UInt8(ascii: ","))
        octets.extracting(range).withUnsafeBytes { lines.append(cell: $0) }
    }

    private mutating func nextCell() {
        lines.append(UInt8(ascii: ","))
        cell.withUnsafeBytes { lines.append(cell: $0) }
    }
}

extension [UInt8] {
    /// Appends a text as a cell, see `CSVText`.
    fileprivate mutating func append(cell text: UnsafeRawBufferPointer) {
        guard let first = text.first, let last = text.last else { return }
        var all: UInt8 = 0
        var quotes = Self.isBlank(first) || Self.isBlank(last)
        var doubles = false
        for octet in text {
            all |= octet
            if octet == UInt8(ascii: "\"") { doubles = true }
            if octet == UInt8(ascii: ",") || octet == 10 || octet == 13 { quotes = true }
        }
        // Blanks and signs that are not ASCII, and apostrophes before formulas.
        guard all < 0x80, first != UInt8(ascii: "'") else {
            append(contentsOf: CSVText.line([.text(String(decoding: text, as: UTF8.self))]).utf8)
            return
        }
        let isFormula =
            switch first {
            case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 9, 13, 0: true
            default: false
            }
        guard quotes || doubles || isFormula else { return append(contentsOf: text) }
        append(UInt8(ascii: "\""))
        if isFormula { append(UInt8(ascii: "'")) }
        if doubles {
            for octet in text {
                append(octet)
                if octet == UInt8(ascii: "\"") { append(octet) }
            }
        } else {
            append(contentsOf: text)
        }
        append(UInt8(ascii: "\""))
    }

    private static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet &- 9 < 5 }
}

/// Where the fields of one customer stand in the octets.
private struct CustomerRanges {
    var id: UInt32 = 0
    var credit: Int64 = 0
    var debitLimit: Int64 = 0
    var channels: UInt64 = 0
    var flowSpeed: UInt64 = 0
    var portalAccess = false
    var shortCallSeconds: UInt64 = 0
    /// Texts by the number of their field.
    var texts = [Range<Int>](repeating: 0..<0, count: 19)
    var tags: [Range<Int>] = []
    var contacts: [Range<Int>] = []
    var auth: [Range<Int>] = []
    var routes: [Range<Int>] = []

    private mutating func removeAll() {
        (id, credit, debitLimit, channels, flowSpeed, portalAccess, shortCallSeconds) = (0, 0, 0, 0, 0, false, 0)
        for index in texts.indices { texts[index] = 0..<0 }
        tags.removeAll(keepingCapacity: true)
        contacts.removeAll(keepingCapacity: true)
        auth.removeAll(keepingCapacity: true)
        routes.removeAll(keepingCapacity: true)
    }

    mutating func read(_ range: Range<Int>, _ octets: RawSpan) -> Bool {
        removeAll()
        var fields = MessageFields(range)
        while let field = fields.next(in: octets) {
            switch (field.number, field.value) {
            case (1, .varint(let value)): id = UInt32(truncatingIfNeeded: value)
            case (5, .fixed64(let value)): credit = Int64(bitPattern: value)
            case (6, .fixed64(let value)): debitLimit = Int64(bitPattern: value)
            case (7, .varint(let value)): channels = value
            case (8, .varint(let value)): flowSpeed = value
            case (9, .varint(let value)): portalAccess = value != 0
            case (13, .octets(let range)): tags.append(range)
            case (14, .octets(let range)): contacts.append(range)
            case (15, .octets(let range)): auth.append(range)
            case (16, .octets(let range)): routes.append(range)
            case (17, .varint(let value)): shortCallSeconds = value
            case (2...18, .octets(let range)): texts[Int(field.number)] = range
            default: break
            }
        }
        return fields.isAtEnd
    }

    /// A message of a number and a text: of an auth entry, a route.
    static func pair(
        _ range: Range<Int>, _ octets: RawSpan, number: UInt32, text: UInt32
    ) -> (number: UInt64, text: Range<Int>)? {
        var pair = (number: 0 as UInt64, text: 0..<0)
        var fields = MessageFields(range)
        while let field = fields.next(in: octets) {
            switch field.value {
            case .varint(let value) where field.number == number: pair.number = value
            case .octets(let range) where field.number == text: pair.text = range
            default: break
            }
        }
        return fields.isAtEnd ? pair : nil
    }

    /// Name, e-mail, mobile number and kind.
    static func contact(_ range: Range<Int>, _ octets: RawSpan) -> [4 of Range<Int>]? {
        var texts: [4 of Range<Int>] = [0..<0, 0..<0, 0..<0, 0..<0]
        var fields = MessageFields(range)
        while let field = fields.next(in: octets) {
            if case (1...4, .octets(let range)) = (field.number, field.value) { texts[Int(field.number) - 1] = range }
        }
        return fields.isAtEnd ? texts : nil
    }
}
