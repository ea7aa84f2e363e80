/// Reads some string and number members of one object of a JSON document, without building the document.
///
/// The object is the document itself or one of its members (`variables` for FreeSWITCH). What is read is checked; what
/// is skipped need only be balanced. One pass, no allocation except the growth of the result.
struct JSONFields {
    private let wanted: [[UInt8]]
    /// `wanted` in order of length, and where each length begins.
    private let order: [Int]
    private let firstOfLength: [Int]
    private let path: [UInt8]?

    /// The values as bytes, one after the other; a row's `fields` point into them.
    private(set) var bytes: [UInt8] = []

    init(names: [String], within path: String?) {
        let wanted = names.map { Array($0.utf8) }
        let order = wanted.indices.sorted { wanted[$0].count < wanted[$1].count }
        let longest = order.last.map { wanted[$0].count } ?? 0
        firstOfLength = (0...longest + 1).map { length in
            order.firstIndex { wanted[$0].count >= length } ?? order.count
        }
        self.wanted = wanted
        self.order = order
        self.path = path.map { Array($0.utf8) }
    }

    /// Reads the wanted members of `document` into `fields`, in the order of their names; a missing member is
    /// an empty field. Of a repeated member the last counts.
    /// - Parameter takesBareQuotes: accepts unescaped quotes within strings.
    mutating func read(
        _ document: Span<UInt8>, into fields: inout [CDRField], takesBareQuotes: Bool = false
    ) throws(RowFault) {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        for _ in wanted.indices { fields.append(.empty) }
        var scanner = JSONScanner(takesBareQuotes: takesBareQuotes)
        try scanner.open(document)
        guard let path else { return try readMembers(document, &scanner, into: &fields) }
        while let name = try scanner.nextName(document) {
            if Self.equal(document, name, path) {
                try scanner.open(document)
                return try readMembers(document, &scanner, into: &fields)
            }
            try scanner.skipValue(document)
        }
        throw RowFault(name: .json)
    }

    private mutating func readMembers(
        _ document: Span<UInt8>, _ scanner: inout JSONScanner, into fields: inout [CDRField]
    ) throws(RowFault) {
        while let name = try scanner.nextName(document) {
            guard let index = index(of: name, document), let value = try scanner.scalar(document) else {
                try scanner.skipValue(document)
                continue
            }
            let start = bytes.count
            if value.isEscaped {
                try JSONScanner.unescape(document, value.field, into: &bytes)
            } else {
                for at in value.field.start..<value.field.end { bytes.append(document[at]) }
            }
            fields[index] = CDRField(start: start, end: bytes.count)
        }
    }

    private func index(of name: CDRField, _ document: Span<UInt8>) -> Int? {
        let length = name.end - name.start
        guard length + 1 < firstOfLength.count else { return nil }
        for index in firstOfLength[length]..<firstOfLength[length + 1]
        where Self.equal(document, name, wanted[order[index]]) {
            return order[index]
        }
        return nil
    }

    private static func equal(_ document: Span<UInt8>, _ field: CDRField, _ name: [UInt8]) -> Bool {
        guard field.end - field.start == name.count else { return false }
        for index in name.indices where document[field.start + index] != name[index] { return false }
        return true
    }

    /// Decodes `%XX` in every field where that is well-formed, in place.
    mutating func decodePercent(_ fields: inout [CDRField]) {
        for index in fields.indices { fields[index].end = decodePercent(fields[index]) }
    }

    private mutating func decodePercent(_ field: CDRField) -> Int {
        var write = field.start
        var read = field.start
        while read < field.end {
            var byte = bytes[read]
            if byte == UInt8(ascii: "%"), read + 2 < field.end, let high = HexDigit.value(bytes[read + 1]),
                let low = HexDigit.value(bytes[read + 2])
            {
                byte = high << 4 | low
                read += 2
            }
            bytes[write] = byte
            write += 1
            read += 1
        }
        return write
    }
}

enum HexDigit {
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
