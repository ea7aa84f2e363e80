import Board
import Columnar
import Testing

@testable import Store

@Suite struct PurgeRecordTests {
    @Test(arguments: [[0], [3, 4, 9], Array(100..<400)])
    func theRowsComeBack(_ rows: [UInt32]) throws {
        let record = PurgeRecord(PurgedCustomers(RowSet(rows)))
        #expect(try readRecord(record.payload) == record)
        #expect(throws: RecordFault.self) { try readRecord(record.payload + [0], as: PurgeRecord.self) }
        for end in record.payload.indices {
            #expect(throws: RecordFault.self) { try readRecord(Array(record.payload[..<end]), as: PurgeRecord.self) }
        }
    }
}
