// Fields that were added to the records of changes later, after all others: a list of fields. Older records have none.

import Board
import Columnar

struct RecordTail: Equatable {
    /// The contents of the request.
    var content = RequestContent()
    var note = ChangeNote()

    init(content: RequestContent = RequestContent(), note: ChangeNote = ChangeNote()) {
        (self.content, self.note) = (content, note)
    }

    /// Reads the rest of the record.
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
