import Columnar
import Testing

@testable import Store

/// What a record of these bytes says to a program that reads a journal.
func readRecord<Body: RecordBody>(
    _ payload: [UInt8], as body: Body.Type = Body.self, version: UInt16 = Body.newestSchemaVersion
) throws -> Body {
    try payload.withBytes { bytes in
        let record = JournalRecord(
            lsn: 1, type: Body.kind.type, schemaVersion: version, key: .none, engineMicros: 0, payload: bytes)
        return try #require(try record.body() as? Body)
    }
}
