// The contacts of a row of a file.

import Foundation
import Wire

/// The contacts of a row: a list as JSON, and the columns of the first one, which are merged into it.
struct ContactCells {
    static let columns = ["contact_email", "contact_mobile", "contact_name", "contact_kind"]

    private var texts: [UInt8] = []
    /// The ranges of name, e-mail, mobile number and kind of each contact in `texts`.
    private var contacts: [[4 of Range<Int>]] = []

    mutating func removeAll() {
        texts.removeAll(keepingCapacity: true)
        contacts.removeAll(keepingCapacity: true)
    }

    mutating func setFirst(_ part: Int, _ text: Span<UInt8>) {
        if contacts.isEmpty { contacts.append([0..<0, 0..<0, 0..<0, 0..<0]) }
        contacts[0][part] = add(text)
    }

    mutating func setFirst(_ part: Int, _ text: String) { setFirst(part, text.utf8Span.span) }

    private mutating func add(_ text: Span<UInt8>) -> Range<Int> {
        let start = texts.count
        text.withUnsafeBufferPointer { texts.append(contentsOf: $0) }
        return start..<texts.count
    }

    /// All contacts: `[{"name":"...","email":"...","mobile":"...","kind":"..."}]`.
    mutating func read(json: String, _ reading: CellReading) throws(CellError) {
        struct Entry: Decodable {
            var name: String?
            var email: String?
            var mobile: String?
            var kind: String?
        }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: Data(json.utf8)) else {
            throw CellError("the contacts are not JSON as [{\"name\":\"...\",\"email\":\"...\",\"mobile\":\"...\"}]")
        }
        for entry in entries {
            let mobile = try reading.international(entry.mobile ?? "")
            contacts.append([
                add(entry.name ?? ""), add(entry.email ?? ""), add(mobile),
                add(entry.kind ?? ""),
            ])
        }
    }

    private mutating func add(_ text: String) -> Range<Int> { add(text.utf8Span.span) }

    func append(to message: inout MessageBytes) {
        for contact in contacts {
            message.element(14) { message in
                for part in 0..<4 {
                    message.append(UInt32(part) + 1, text: texts.span.extracting(contact[part]))
                }
            }
        }
    }
}
