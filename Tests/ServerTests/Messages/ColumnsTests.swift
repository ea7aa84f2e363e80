import CallEvents
import Foundation
import Testing
import Wire

@testable import Server

@Suite struct ColumnsTests {
    private func calls(_ count: Int) -> IngestCallsColumns {
        var columns = IngestCallsColumns()
        columns.party = Array(repeating: 0, count: count)
        columns.setupMicros = (0..<count).map { Int64($0) }
        return columns
    }

    @Test func callsOfEveryColumn() throws {
        var columns = calls(2)
        var party = Busyhour_V1_Party()
        party.customerID = 7
        party.source = Data([10, 0, 0, 1])
        party.destination = Data([UInt8](repeating: 0, count: 15) + [1])
        party.account = "a"
        columns.parties = [party]
        columns.ringMilliseconds = [1, 2]
        columns.answerMilliseconds = [3, 4]
        columns.endMilliseconds = [5, 6]
        columns.talkMilliseconds = [7, 8]
        columns.code = [0x10_00C8, 0xFF_11_01E6]
        columns.costMicros = [9, -10]
        columns.keyHigh = [1, 2]
        columns.keyLow = [3, 4]
        var batch = CallRecordBatch()
        try batch.take(&columns)
        #expect(
            batch.parties == [
                Party(
                    customerID: 7, source: IPAddress("10.0.0.1"), destination: IPAddress("::1"), sipUser: nil,
                    account: "a")
            ])
        #expect(batch.party == [0, 0] && batch.setupMicros == [0, 1])
        #expect(batch.ringMilliseconds == [1, 2] && batch.answerMilliseconds == [3, 4])
        #expect(batch.endMilliseconds == [5, 6] && batch.talkMilliseconds == [7, 8])
        #expect(batch.code == [200, 486] && batch.q850 == [16, 17])
        #expect(batch.costMicros == [9, -10])
        #expect(batch.key == [CallKey(high: 1, low: 3), CallKey(high: 2, low: 4)])
    }

    @Test func callsWithEmptyColumnsAfterFullOnes() throws {
        var batch = CallRecordBatch()
        var columns = calls(3)
        columns.ringMilliseconds = [1, 1, 1]
        columns.code = [1, 1, 1]
        columns.costMicros = [1, 1, 1]
        columns.keyHigh = [1, 1, 1]
        columns.keyLow = [1, 1, 1]
        try batch.take(&columns)
        columns = calls(2)
        try batch.take(&columns)
        let never = CallRecordBatch.never
        #expect(batch.count == 2)
        #expect(batch.ringMilliseconds == [never, never] && batch.answerMilliseconds == [never, never])
        #expect(batch.endMilliseconds == [never, never] && batch.talkMilliseconds == [never, never])
        #expect(batch.code == [0, 0] && batch.q850 == [0, 0])
        #expect(batch.costMicros.isEmpty && batch.key.isEmpty)
    }

    @Test func columnsOfDifferentLengthsAreRefusedByName() {
        let changes: [(String, (inout IngestCallsColumns) -> Void)] = [
            ("setup_micros", { $0.setupMicros = [] }), ("setup_micros", { $0.setupMicros.append(1) }),
            ("ring_milliseconds", { $0.ringMilliseconds = [1] }), ("code", { $0.code = [1, 2, 3] }),
            ("talk_milliseconds", { $0.talkMilliseconds = [1] }), ("cost_micros", { $0.costMicros = [1] }),
            ("money.currency", { $0.money.currency = [0] }),
            ("key_high", { $0.keyHigh = [1] }), ("key_low", { $0.keyHigh = [1, 2] }), ("key_low", { $0.keyLow = [1] }),
        ]
        for (name, change) in changes {
            var columns = calls(2)
            change(&columns)
            var batch = CallRecordBatch()
            let error = #expect(throws: RequestError.self) { try batch.take(&columns) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("column \(name) ") == true)
        }
    }

    @Test func addressesOfOtherLengthsAreRefused() {
        var columns = calls(2)
        columns.parties = [Busyhour_V1_Party(), Busyhour_V1_Party()]
        columns.parties[1].source = Data([1, 2, 3])
        var batch = CallRecordBatch()
        let error = #expect(throws: RequestError.self) { try batch.take(&columns) }
        #expect(error?.message.hasPrefix("parties[1].source has 3 bytes") == true)
    }

    @Test func morePartiesThanCallsAreRefused() {
        var columns = calls(1)
        columns.parties = [Busyhour_V1_Party(), Busyhour_V1_Party()]
        var batch = CallRecordBatch()
        let error = #expect(throws: RequestError.self) { try batch.take(&columns) }
        #expect(error?.message.hasPrefix("2 parties for 1 calls") == true)
    }

    @Test func eventsOfEveryColumn() throws {
        var columns = IngestEventsColumns()
        columns.kind = [1, 2, 3, 4, 5, 6, 7, 8]
        columns.keyHigh = [1, 1, 1, 1, 1, 1, 1, 1]
        columns.keyLow = [1, 2, 3, 4, 5, 6, 7, 8]
        columns.timeMicros = [10, 20, 30, 40, 50, 60, 70, 80]
        columns.party = [.max, .max, .max, .max, .max, .max, .max, .max]
        columns.code = [0, 180, 200, 0x22_01F7, 0, 0, 0, 0]
        var batch = CallEventBatch()
        try batch.take(&columns)
        #expect(batch.kind == CallEventKind.allCases)
        #expect(batch.key.map(\.low) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(batch.timeMicros == [10, 20, 30, 40, 50, 60, 70, 80])
        #expect(batch.party == Array(repeating: CallEventBatch.noParty, count: 8))
        #expect(batch.sequence == [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(batch.code == [0, 180, 200, 503, 0, 0, 0, 0] && batch.q850 == [0, 0, 0, 34, 0, 0, 0, 0])
        #expect(batch.relayed == Array(repeating: false, count: 8))
    }

    @Test func unknownKindsAreRefused() {
        for kind: UInt8 in [0, 9, 255] {
            var columns = IngestEventsColumns()
            columns.kind = [1, kind]
            columns.keyHigh = [1, 1]
            columns.keyLow = [1, 1]
            columns.timeMicros = [1, 1]
            columns.party = [0, 0]
            var batch = CallEventBatch()
            let error = #expect(throws: RequestError.self) { try batch.take(&columns) }
            #expect(error?.message == "kind[1] is \(kind); known are 1 to 8")
        }
    }
}
