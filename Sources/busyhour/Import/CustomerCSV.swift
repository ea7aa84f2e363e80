// From the bytes of customers' messages to the lines of an export. The cells are those of `CustomerColumn.csv`, without
// a message, a value and a text for each: ASCII texts are quoted byte by byte, others become a `String` first.

import Terminal
import Wire

struct CustomerCSV {
    private let columns: [ExportColumn]
    private let style: CSVStyle
    /// Lines of customers, whole.
    private(set) var lines: [UInt8] = []
    private var customer = CustomerRanges()
    /// The cell being built.
    private var cell: [UInt8] = []

    init(_ columns: [ExportColumn] = ExportColumn.standard, style: CSVStyle = .standard) {
        (self.columns, self.style) = (columns, style)
    }

    /// The last customer of an answer; nil: there is none.
    static func lastID(of bytes: RawSpan) -> UInt32? {
        var last: Range<Int>?
        var fields = MessageFields(0..<bytes.byteCount)
        while let field = fields.next(in: bytes) {
            if field.number == 1 { last = field.bytes }
        }
        var customer = CustomerRanges()
        return last.flatMap { customer.read($0, bytes) ? customer.id : nil }
    }

    /// Takes the customers of an answer, `ListCustomersResponse`, in place of the previous ones.
    /// - Returns: their number, and the number of all matches; nil: it is not such a message.
    mutating func read(_ bytes: RawSpan) -> (count: Int, total: UInt64)? {
        lines.removeAll(keepingCapacity: true)
        var (count, total) = (0, 0 as UInt64)
        var fields = MessageFields(0..<bytes.byteCount)
        while let field = fields.next(in: bytes) {
            switch (field.number, field.value) {
            case (1, .bytes(let range)):
                guard customer.read(range, bytes), write(bytes) else { return nil }
                count += 1
            case (2, .varint(let value)): total = value
            default: break
            }
        }
        return fields.isAtEnd ? (count, total) : nil
    }

    // ---- a line ---------------------------------------------------------------------------------------------

    /// False: a list's bytes are not a message.
    private mutating func write(_ bytes: RawSpan) -> Bool {
        for (place, column) in columns.enumerated() {
            if place > 0 { lines.append(style.separator) }
            guard write(column, bytes) else { return false }
        }
        lines.append(UInt8(ascii: "\n"))
        return true
    }

    private mutating func write(_ column: ExportColumn, _ bytes: RawSpan) -> Bool {
        switch column {
        case .id: write(number: UInt64(customer.id))
        case .name: write(text: customer.texts[2], bytes)
        case .currency: write(text: customer.texts[3], bytes)
        case .status: write(text: customer.texts[4], bytes)
        case .credit: write(money: customer.credit)
        case .debitLimit: write(money: customer.debitLimit)
        case .channels: write(number: customer.channels)
        case .flowSpeed: write(number: customer.flowSpeed)
        case .portalAccess: write(plain: customer.portalAccess ? "true" : "false")
        case .country: write(text: customer.texts[10], bytes)
        case .company: write(text: customer.texts[11], bytes)
        case .accountManager: write(text: customer.texts[12], bytes)
        case .tags, .contacts, .auth, .routes: return write(list: column, bytes)
        case .shortCallSeconds: write(number: customer.shortCallSeconds)
        case .notes: write(text: customer.texts[18], bytes)
        case .createdAt: write(time: customer.createdAt)
        case .updatedAt: write(time: customer.updatedAt)
        case .version: write(number: customer.version)
        case .lastCall: write(time: customer.lastCall)
        case .contactName: return writeFirstContact(0, bytes)
        case .contactEmail: return writeFirstContact(1, bytes)
        case .contactMobile: return writeFirstContact(2, bytes)
        case .contactKind: return writeFirstContact(3, bytes)
        }
        return true
    }

    private mutating func write(list: ExportColumn, _ bytes: RawSpan) -> Bool {
        cell.removeAll(keepingCapacity: true)
        switch list {
        case .tags:
            for tag in customer.tags { entry("", bytes.extracting(tag)) }
        case .contacts:
            for contact in customer.contacts { guard append(contact: contact, bytes) else { return false } }
            if !cell.isEmpty { cell.append(UInt8(ascii: "]")) }
        case .auth:
            for range in customer.auth {
                guard let (kind, value) = CustomerRanges.pair(range, bytes, number: 1, text: 2) else { return false }
                // Conditions are written as in lists; in a user or an account a `&` is doubled.
                let isPlain = kind == 1 || kind == 2
                entry(Self.kind(kind), bytes.extracting(value), doubles: isPlain ? UInt8(ascii: "&") : nil)
            }
        default:
            for range in customer.routes {
                guard let (enabled, name) = CustomerRanges.pair(range, bytes, number: 2, text: 1) else { return false }
                entry(enabled == 0 ? "!" : "", bytes.extracting(name))
            }
        }
        let style = style
        cell.withUnsafeBytes { lines.append(cell: $0, style) }
        return true
    }

    private mutating func writeFirstContact(_ part: Int, _ bytes: RawSpan) -> Bool {
        guard let contact = customer.contacts.first else { return true }
        guard let texts = CustomerRanges.contact(contact, bytes) else { return false }
        write(text: texts[part], bytes)
        return true
    }

    private static func kind(_ number: UInt64) -> StaticString {
        switch number {
        case 0: "ip:"
        case 1: "sip:"
        case 2: "account:"
        default: ""
        }
    }

    /// Appends an entry to a list: a `;` in it is doubled, and another given byte.
    private mutating func entry(_ start: StaticString, _ text: RawSpan, doubles: UInt8? = nil) {
        if !cell.isEmpty { cell.append(UInt8(ascii: ";")) }
        start.withUTF8Buffer { cell.append(contentsOf: $0) }
        text.withUnsafeBytes { text in
            for byte in text {
                cell.append(byte)
                if byte == UInt8(ascii: ";") || byte == doubles { cell.append(byte) }
            }
        }
    }

    /// A contact as JSON, within a list of them.
    private mutating func append(contact range: Range<Int>, _ bytes: RawSpan) -> Bool {
        guard let texts = CustomerRanges.contact(range, bytes) else { return false }
        cell.append(UInt8(ascii: cell.isEmpty ? "[" : ","))
        let keys: [4 of StaticString] = [#"{"name":"#, #","email":"#, #","mobile":"#, #","kind":"#]
        for part in 0..<4 {
            keys[part].withUTF8Buffer { cell.append(contentsOf: $0) }
            append(json: bytes.extracting(texts[part]))
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

    private mutating func write(plain text: String) { lines.append(contentsOf: text.utf8) }

    private mutating func write(time micros: Int64) {
        if micros != 0 { write(plain: Timestamp.text(micros: micros)) }
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

    /// Like `Money.text`: at least two decimals, and no more than needed; but see `CSVStyle.number`.
    private mutating func write(money micros: Int64) {
        let quotes = style.decimalComma && style.separator == UInt8(ascii: ",")
        if quotes { lines.append(UInt8(ascii: "\"")) }
        if micros < 0 { lines.append(UInt8(ascii: "-")) }
        write(number: micros.magnitude / 1_000_000)
        lines.append(style.decimalComma ? UInt8(ascii: ",") : UInt8(ascii: "."))
        let start = lines.count
        write(number: micros.magnitude % 1_000_000, digits: 6)
        for _ in 0..<4 where lines[lines.count - 1] == UInt8(ascii: "0") { lines.removeLast() }
        if style.decimalComma && lines.count - start == 3 { lines.append(UInt8(ascii: "0")) }
        if quotes { lines.append(UInt8(ascii: "\"")) }
    }

    private mutating func write(text range: Range<Int>, _ bytes: RawSpan) {
        let style = style
        bytes.extracting(range).withUnsafeBytes { lines.append(cell: $0, style) }
    }
}

extension [UInt8] {
    /// Appends a text as a cell, see `CSVText`.
    fileprivate mutating func append(cell text: UnsafeRawBufferPointer, _ style: CSVStyle) {
        guard let first = text.first, let last = text.last else { return }
        var all: UInt8 = 0
        var quotes = Self.isBlank(first) || Self.isBlank(last)
        var (doubles, hasPlus) = (false, false)
        for byte in text {
            all |= byte
            if byte == UInt8(ascii: "\"") { doubles = true }
            if byte == UInt8(ascii: "+") { hasPlus = true }
            if byte == style.separator || byte == 10 || byte == 13 { quotes = true }
        }
        // Non-ASCII blanks and signs, apostrophes before formulas, and what may look like a lost value.
        let mayBeDamage =
            switch first {
            case UInt8(ascii: "#"), UInt8(ascii: "("), UInt8(ascii: "\\"): true
            case UInt8(ascii: "E"), UInt8(ascii: "e"), UInt8(ascii: "N"), UInt8(ascii: "n"): text.count <= 7
            default: hasPlus && first &- 0x30 < 10
            }
        guard all < 0x80, first != UInt8(ascii: "'"), !mayBeDamage else {
            append(contentsOf: CSVText.line([.text(String(decoding: text, as: UTF8.self))], style: style).utf8)
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
            for byte in text {
                append(byte)
                if byte == UInt8(ascii: "\"") { append(byte) }
            }
        } else {
            append(contentsOf: text)
        }
        append(UInt8(ascii: "\""))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
}
