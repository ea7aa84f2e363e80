import Foundation

/// Splits a stream into JSON documents and HTTP bodies.
extension CDRReader {
    mutating func readDocuments(_ bytes: Span<UInt8>) {
        var at = 0
        // A byte order mark at the head of the file.
        while at < bytes.count, offset < 3, bytes[at] == [0xEF, 0xBB, 0xBF][Int(offset)] {
            offset += 1
            at += 1
        }
        while at < bytes.count {
            let (step, next, beginning) = documents.take(bytes, from: at)
            if let beginning {
                rowOffset = offset + Int64(beginning - at)
                rowLine = lines + 1 + Self.lineBreaks(bytes, at..<beginning)
            }
            offset += Int64(next - at)
            lines += Self.lineBreaks(bytes, at..<next)
            at = next
            switch step {
            case .nothing: break
            case .complete: readTakenDocument(isCut: false)
            case .broken: refuseDocument(.json)
            case .tooLong: refuseDocument(.longLine)
            }
        }
    }

    private static func lineBreaks(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        for index in range where bytes[index] == 0x0A { count += 1 }
        return count
    }

    private mutating func refuseDocument(_ name: CDRErrorName) {
        counters.rows += 1
        let bytes = documents.bytes
        report(RowFault(name: name), in: bytes.span)
        documents.removeAll()
    }

    /// At the end of a file: an incomplete document, or a body without line break.
    mutating func finishDocuments() {
        if documents.isSkipping || documents.isEmpty {
            documents.reset()
            return
        }
        if documents.isDocument { refuseDocument(.cutLine) } else { readTakenDocument(isCut: true) }
        documents.reset()
    }

    private mutating func readTakenDocument(isCut: Bool) {
        counters.rows += 1
        // The splitter and the field reader leave `self` while the document is read.
        let document = documents
        documents = JSONDocumentSplitter()
        defer {
            documents = document
            documents.removeAll()
        }
        guard var json else { return }
        self.json = nil
        defer { self.json = json }
        do {
            if document.isDocument {
                try json.read(document.bytes.span, into: &fields)
            } else {
                try Self.read(PostedBody.document(in: document.bytes), &json, &fields)
            }
        } catch {
            return report(isCut ? RowFault(name: .cutLine) : error, in: document.bytes.span)
        }
        if let layout, Self.isPercentEncoded(json, fields, layout) { json.decodePercent(&fields) }
        do {
            if let layout { try readCall(json.bytes.span, layout) }
        } catch {
            report(error, in: json.bytes.span)
        }
    }

    /// Reads a posted document. A switch that encodes the values and then the body leaves encoded parts unchanged
    /// (FreeSWITCH until 2026), so a quote of a value and one of the document look the same.
    private static func read(_ body: [UInt8], _ json: inout JSONFields, _ fields: inout [CDRField]) throws(RowFault) {
        do {
            try json.read(body.span, into: &fields)
        } catch {
            try json.read(body.span, into: &fields, takesBareQuotes: true)
        }
    }

    /// True when the values of a document are URL-encoded: FreeSWITCH encodes all of them or none, and it encodes the
    /// blank, the colon and the at sign, of which the stamps, addresses and Call-IDs have at least one.
    private static func isPercentEncoded(_ json: JSONFields, _ fields: [CDRField], _ layout: CDRLayout) -> Bool {
        guard layout.has(.encodingEvidence) else { return false }
        var hasPercent = false
        for field in fields {
            for at in field.start..<max(field.start, field.end) {
                switch json.bytes[at] {
                case UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "<"), UInt8(ascii: "\""),
                    0x80...:
                    return false
                case UInt8(ascii: "%"): hasPercent = true
                default: break
                }
            }
        }
        return hasPercent
    }
}

/// The body of an HTTP POST of `mod_json_cdr`: `cdr=` and the document, form-encoded or Base64, or Base64 alone.
enum PostedBody {
    static func document(in line: [UInt8]) throws(RowFault) -> [UInt8] {
        if line.count >= 2, line[0] ^ line[1] == 0x01, line[0] >= 0xFE { throw RowFault(name: .encoding) }
        var body = ArraySlice(line)
        while let last = body.last, last == 0x0A || last == 0x0D || last == 0x20 { body.removeLast() }
        if let start = valueStart(body) {
            body = body[start...]
            if body.first != UInt8(ascii: "{"), let end = body.firstIndex(of: UInt8(ascii: "&")) { body = body[..<end] }
        }
        if body.first == UInt8(ascii: "{") { return Array(body) }
        // Base64 of `{` and any byte begins with `e` and one of `w`, `x`, `y`, `z`.
        let isBase64 =
            body.first == UInt8(ascii: "e")
            && (UInt8(ascii: "w")...UInt8(ascii: "z")).contains(body.dropFirst().first ?? 0)
        let plain = formDecoded(body, plusIsBlank: !isBase64)
        if plain.first == UInt8(ascii: "{") { return plain }
        if isBase64, let data = Data(base64Encoded: Data(plain), options: .ignoreUnknownCharacters),
            data.first == UInt8(ascii: "{")
        {
            return Array(data)
        }
        throw RowFault(name: .json)
    }

    /// Where the value of the form field `cdr` begins.
    private static func valueStart(_ body: ArraySlice<UInt8>) -> Int? {
        let name = Array("cdr=".utf8)
        var at = body.startIndex
        while at + name.count <= body.endIndex {
            if body[at..<at + name.count].elementsEqual(name) { return at + name.count }
            guard let next = body[at...].firstIndex(of: UInt8(ascii: "&")) else { return nil }
            at = next + 1
        }
        return nil
    }

    private static func formDecoded(_ body: ArraySlice<UInt8>, plusIsBlank: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        var at = body.startIndex
        while at < body.endIndex {
            let byte = body[at]
            if byte == UInt8(ascii: "%"), at + 2 < body.endIndex, let high = HexDigit.value(body[at + 1]),
                let low = HexDigit.value(body[at + 2])
            {
                result.append(high << 4 | low)
                at += 3
                continue
            }
            result.append(plusIsBlank && byte == UInt8(ascii: "+") ? 0x20 : byte)
            at += 1
        }
        return result
    }
}
