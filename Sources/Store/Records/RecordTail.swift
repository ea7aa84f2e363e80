// What came to the records of changes later, behind all that they had: a list of fields. Records of before have none.

import Board
import Columnar

struct RecordTail: Equatable {
    /// What the request asked for.
    var content = RequestContent()
    var note = ChangeNote()

    init(content: RequestContent = RequestContent(), note: ChangeNote = ChangeNote()) {
        (self.content, self.note) = (content, note)
    }

    /// Reads what is left.
    init(_ reader: inout FieldReader) throws(FieldFault) {
        while !reader.isAtEnd {
            let number = try reader.packed()
            var field = FieldReader(try reader.bytes())
            switch number {
            case 1: content = try RequestContent(&field)
            case 2: note = try ChangeNote(&field)
            default: break
            }
        }
    }
}

extension FieldWriter {
    mutating func append(_ tail: RecordTail) {
        if tail.content.isKnown { field(1) { $0.append(tail.content) } }
        if tail.note != ChangeNote() { field(2) { $0.append(tail.note) } }
    }
}
