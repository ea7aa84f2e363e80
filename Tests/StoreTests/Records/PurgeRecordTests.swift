import Board
import Columnar
import Testing

@testable import Store

@Suite struct PurgeRecordTests {
    private func read(_ payload: [UInt8]) throws -> CustomerRecord? {
        try payload.withUnsafeBytes { bytes in
            try CustomerRecord(
                JournalRecord(
                    lsn: 1, type: PurgeRecord.type, schemaVersion: 1, key: .none, engineMicros: 0,
                    payload: bytes))
        }
    }

    @Test(arguments: [[0], [3, 4, 9], Array(100..<400)])
    func theRowsComeBack(_ rows: [UInt32]) throws {
        let record = PurgeRecord(PurgedCustomers(RowSet(rows)))
        #expect(try read(record.payload) == .purge(record))
        #expect(throws: RecordFault.self) { try read(record.payload + [0]) }
        for end in record.payload.indices {
            #expect(throws: RecordFault.self) { try read(Array(record.payload[..<end])) }
        }
    }
}
