// A layout, a mapping or settings in the journal: saved, or deleted.

import Board
import Columnar

public struct DocumentRecord: Equatable, WrittenRecordBody {
    public var document: Document
    public var isDeleted: Bool

    public static let kind = RecordKind.document
    public static let newestSchemaVersion: UInt16 = 1

    public init(_ document: Document, isDeleted: Bool) { (self.document, self.isDeleted) = (document, isDeleted) }

    /// Bytes: kind 1, at 8, version 4, shared 1, deleted 1, name, owner, contents.
    public var payload: [UInt8] {
        var writer = FieldWriter()
        writer.append(document.kind.rawValue)
        writer.append(document.savedAtMicros)
        writer.append(document.version)
        writer.append(UInt8(document.isShared ? 1 : 0))
        writer.append(UInt8(isDeleted ? 1 : 0))
        writer.append(document.name)
        writer.append(document.owner)
        writer.append(bytes: document.contents)
        return writer.bytes
    }

    package init(_ payload: UnsafeRawBufferPointer, schemaVersion: UInt16) throws(FieldFault) {
        var reader = FieldReader(payload)
        let number: UInt8 = try reader.integer()
        guard let kind = Document.Kind(rawValue: number) else {
            throw FieldFault("is a document of the kind \(number)")
        }
        document = Document(kind, "")
        document.savedAtMicros = try reader.integer()
        document.version = try reader.integer()
        document.isShared = try reader.integer(UInt8.self) != 0
        isDeleted = try reader.integer(UInt8.self) != 0
        document.name = try reader.text()
        document.owner = try reader.text()
        document.contents = Array(try reader.bytes())
        guard reader.isAtEnd else { throw FieldFault("has bytes after the document") }
    }

    public func replay(_ engine: Engine, key: IdempotencyKey) { engine.save(document, isDeleted: isDeleted) }
}
