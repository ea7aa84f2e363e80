import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Calls that wait and are given out, against an array of them.
@Suite struct RecordCollectorTests {
    private struct Row: Equatable {
        var key: CallKey
        var account: String
        var callID: String
        var code: UInt16
        var costMicros: Int64?
        var currency: String?
        var offset: Int64
        var line: UInt32
    }

    /// - Parameter oneCostOf: of so many rows one tells a cost.
    private static func row(_ number: Int, _ random: inout SeededGenerator, oneCostOf: Int = 1) -> Row {
        Row(
            key: CallKey(high: 7, low: UInt64(number)), account: "a\(Int.random(in: 0..<40, using: &random))",
            callID: Int.random(in: 0..<4, using: &random) == 0
                ? "" : "call \(Int.random(in: 0..<99_999, using: &random))",
            code: UInt16.random(in: 400..<700, using: &random),
            costMicros: Int.random(in: 0..<oneCostOf, using: &random) == 0 ? .random(in: 0..<9, using: &random) : nil,
            currency: [nil, "EUR", "USD", "EUR", "EUR"].randomElement(using: &random)!, offset: Int64(number) * 10,
            line: UInt32(number + 1))
    }

    private static func call(_ row: Row) -> FinishedCall {
        var call = FinishedCall(key: row.key, partyKey: .none, setupMicros: 1_795_168_800_000_000)
        call.cause = HangupCause(code: row.code)
        call.costMicros = row.costMicros
        if let currency = row.currency { call.currency = RowCurrency(currency) }
        return call
    }

    private static func party(_ row: Row, _ records: inout RecordCollector) -> UInt32 {
        var hash = CDRKeyHash(domain: 1)
        hash.combine(Array(row.account.utf8).span)
        return records.add(Party(account: row.account), key: hash.finish())
    }

    private static let places = CDRDetailPlaces(names: ["call_id"], for: .csv)

    private static func rows(_ batch: CallRecordBatch, _ offsets: [Int64], _ lines: [UInt32]) -> [Row] {
        (0..<batch.count).map { index in
            let detail = index < batch.detail.count ? batch.detail[index] : CallDetailList.none
            return Row(
                key: batch.key[index], account: batch.parties[Int(batch.party[index])].account ?? "",
                callID: detail == CallDetailList.none ? "" : batch.details[Int(detail)].callID, code: batch.code[index],
                costMicros: batch.cost(index), currency: batch.currencies.code(ofCall: index),
                offset: offsets[index], line: lines[index])
        }
    }

    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6)) func everyCallOnceAsItWasLast(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var records = RecordCollector()
        records.heldBack = [0, 1, 30, 200].randomElement(using: &random)!
        var all: [Row] = []
        var (given, released, nextReleased) = (0, 0, 0)
        // Where few rows tell a cost, the first of a batch often comes with a row that replaces another one.
        let oneCostOf = [1, 2, 300].randomElement(using: &random)!
        for step in 0..<4_000 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<12:
                let row = Self.row(all.count, &random, oneCostOf: oneCostOf)
                let party = Self.party(row, &records)
                #expect(records.nextNumber == all.count)
                records.append(
                    Self.call(row), party: party, offset: row.offset, line: Int(row.line),
                    details: CallDetails(callID: row.callID))
                all.append(row)
            case 12..<17 where !all.isEmpty:
                let number = Int.random(in: max(0, all.count - 260)..<all.count, using: &random)
                let index = records.index(of: number)
                #expect((index == nil) == (number < given), "seed \(seed), step \(step)")
                guard let index else { continue }
                #expect(records.call(at: index).key == all[number].key)
                var row = Self.row(number, &random, oneCostOf: oneCostOf)
                (row.offset, row.line) = (all[number].offset, all[number].line)
                let bytes = Array(row.callID.utf8)
                records.replace(
                    at: index, by: Self.call(row), party: Self.party(row, &records), bytes.span,
                    [CDRField(start: 0, end: bytes.count)], Self.places)
                all[number] = row
            case 17:
                records.countPoll()
                (released, nextReleased) = (max(released, nextReleased), all.count)
            case 18 where Int.random(in: 0..<30, using: &random) == 0:
                records.release()
                released = all.count
            default:
                let end = max(given, min(all.count, max(released, all.count - records.heldBack)))
                #expect(records.firstHeld?.offset == (end < all.count ? all[end].offset : nil))
                let lines = records.lines
                let (batch, offsets) = records.take()
                #expect(Self.rows(batch, offsets, lines) == Array(all[given..<end]), "seed \(seed), step \(step)")
                given = end
            }
            #expect(records.batch.count <= 2 * (all.count - given) + records.heldBack + 1)
        }
    }

    /// A row without a cost is replaced by one with, and the other way round: by what the others of its batch tell.
    @Test func theFirstCost() {
        var random = SeededGenerator(seed: 1)
        for costs in [[nil, nil, nil], [nil, nil, 7], [7, nil, nil]] as [[Int64?]] {
            for (place, cost) in [(0, Int64?.some(5)), (1, 5), (2, 5), (0, nil), (1, nil), (2, nil)] {
                var records = RecordCollector()
                var rows = costs.enumerated().map { number, cost in
                    var row = Self.row(number, &random)
                    (row.costMicros, row.callID) = (cost, "")
                    return row
                }
                for row in rows {
                    records.append(
                        Self.call(row), party: Self.party(row, &records), offset: row.offset, line: Int(row.line))
                }
                rows[place].costMicros = cost
                let nothing: [UInt8] = []
                records.replace(
                    at: place, by: Self.call(rows[place]), party: Self.party(rows[place], &records), nothing.span, [],
                    Self.places)
                #expect((0..<3).map { records.call(at: $0).costMicros } == rows.map(\.costMicros), "\(costs)")
                records.release()
                let (batch, offsets) = records.take()
                #expect(Self.rows(batch, offsets, rows.map(\.line)) == rows)
            }
        }
    }

    /// Millions of rows of one call, each by another sender: nothing of the former ones stays.
    @Test func rowsOfOneCall() {
        var records = RecordCollector()
        records.heldBack = 10
        var random = SeededGenerator(seed: 1)
        var first = Self.row(0, &random)
        records.append(Self.call(first), party: Self.party(first, &records), offset: 0, line: 1)
        for number in 0..<40_000 {
            (first.account, first.callID) = ("account \(number)", "call \(number)")
            let bytes = Array(first.callID.utf8)
            records.replace(
                at: 0, by: Self.call(first), party: Self.party(first, &records), bytes.span,
                [CDRField(start: 0, end: bytes.count)], Self.places)
            #expect(records.batch.parties.count <= CDRLimits.parties)
            #expect(records.batch.details.count <= CDRLimits.formerDetails + 3)
        }
        records.release()
        let (batch, offsets) = records.take()
        #expect(Self.rows(batch, offsets, [1]) == [first])
    }
}
