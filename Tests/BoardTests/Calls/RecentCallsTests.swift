// The calls that finished last, against a plain list.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct RecentCallsTests {
    private static let codes = OutcomeCodes(OutcomeTable())

    /// What a plain list knows of a call.
    private struct Known: Equatable {
        var customer: UInt32
        var setupMicros: Int64
        var details = CallDetails()
        var cost: Int64 = 0
    }

    /// Single calls and batches, short ones, long ones, and some longer than what is remembered, with details and costs
    /// and without; corrected, withdrawn, saved and restored.
    @Test(arguments: Seeds.fixed(1, 2, 3, 4, 5, 6, 7, 8))
    func theNewestCallsAreThoseOfAList(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let limit = [1, 7, 300, 5_000, 65_536].randomElement(using: &generator) ?? 1
        var recent = RecentCalls(Self.codes, limit: limit)
        var list: [Known] = []
        var numbers: [(number: UInt32, place: Int)] = []
        for _ in 0..<60 {
            switch Int.random(in: 0..<9, using: &generator) {
            case 0..<3:
                for _ in 0..<Int.random(in: 1...40, using: &generator) {
                    var known = Known(
                        customer: UInt32.random(in: 0..<5, using: &generator), setupMicros: Int64(list.count) + 1)
                    let number = recent.append(Self.call(customer: known.customer, setupMicros: known.setupMicros))
                    if Bool.random(using: &generator) {
                        known.details = Self.details(&generator)
                        recent.setDetails(number, Self.packed(known.details))
                    }
                    numbers.append((number, list.count))
                    list.append(known)
                }
            case 3: Self.change(&recent, &list, numbers, &generator)
            case 4: recent = try Self.restored(recent, limit: limit)
            default:
                let sizes = [1...300, 256...5_000, 30_000...40_000, 65_530...65_540, 70_000...80_000]
                let size = Int.random(in: sizes.randomElement(using: &generator) ?? 1...1, using: &generator)
                let (batch, customers) = Self.batch(size, firstMicros: Int64(list.count) + 1, &generator)
                if Bool.random(using: &generator) {
                    recent.append(batch, customers: customers)
                } else {
                    recent.append(batch, 0..<batch.count, customers: customers)
                }
                for row in 0..<batch.count {
                    list.append(
                        Known(
                            customer: customers[Int(batch.party[row])], setupMicros: batch.setupMicros[row],
                            details: batch.knownDetail(row).map { batch.details[$0] } ?? CallDetails(),
                            cost: batch.costMicros.isEmpty ? 0 : batch.costMicros[row]))
                }
            }
        }
        #expect(Self.agree(recent, list), "seed \(seed), \(list.count) calls, limit \(limit)")
        #expect(recent.count == min(list.count, limit))
        #expect(Self.agree(try Self.restored(recent, limit: limit), list), "seed \(seed), restored")
    }

    /// Whether a customer's calls came as records, by every set of sources of its newest ones.
    @Test func cameAsRecords() {
        func call(_ sources: RecentSources, customer: UInt32 = 1) -> RecentCall {
            RecentCall(
                customer: customer, setupMicros: 1, ringMicros: 0, answerMicros: 0, endMicros: 1, outcome: .busy,
                code: 486, q850: 0, talkMilliseconds: 0, sources: sources)
        }
        func came(_ calls: [RecentCall], count: Int = 9, within: Int = 99) -> Bool {
            var recent = RecentCalls(Self.codes, limit: 100)
            for call in calls { recent.append(call) }
            return recent.cameAsRecords(customer: 1, count: count, within: within)
        }
        #expect(!came([]))
        for bits in 0..<64 as Range<UInt8> {
            let sources = RecentSources(rawValue: bits)
            let isTold = sources.contains(.told) && sources.isDisjoint(with: [.heard, .accounted, .costOnly])
            #expect(came([call(sources)]) == isTold, "\(bits)")
            // A cost is no call; another customer's says nothing.
            let isShown = !sources.contains(.costOnly)
            #expect(came([call(sources), call(.told)]) == (isTold || !isShown), "\(bits)")
            #expect(came([call(.told), call(sources, customer: 2)]), "\(bits)")
        }
        // So many of the newest are looked at, and no more.
        let calls = [call(.heard), call(.told), call(.told)]
        #expect(came(calls, count: 2) && !came(calls, count: 3) && came(calls, within: 2) && !came(calls, within: 3))
    }

    /// Every call is found by its number, the first and the last of each chunk, too: of single calls, of batches as
    /// they came, before and behind each other.
    @Test(arguments: [0, UInt32.max - 3_000]) func everyNumberLeadsToItsCall(begun: UInt32) {
        var generator = SeededGenerator(seed: 11)
        var recent = RecentCalls(Self.codes, limit: 20_000)
        recent.begin(number: begun)
        var calls: [(number: UInt32, setupMicros: Int64, isRow: Bool)] = []
        func append(_ count: Int) {
            for _ in 0..<count {
                let micros = Int64(calls.count) + 1
                calls.append((recent.append(Self.call(customer: 1, setupMicros: micros)), micros, false))
            }
        }
        for count in [BoardLimits.chunkCalls, 1, 0, BoardLimits.chunkCalls + 1, 7] {
            append(count)
            let (batch, customers) = Self.batch(300, firstMicros: Int64(calls.count) + 1, &generator, isBare: true)
            let before = recent.appended
            recent.append(batch, customers: customers)
            for (row, micros) in batch.setupMicros.enumerated() {
                calls.append((before &+ UInt32(row) &+ 1, micros, true))
            }
            #expect(recent.appended == before &+ 300)
        }
        append(3)
        for (number, micros, isRow) in calls where number != 0 {
            #expect(recent.call(number)?.call.setupMicros == micros, "\(number)")
            recent.setCost(number, micros)
            #expect(recent.call(number)?.costMicros == (isRow ? nil : micros), "\(number)")
        }
        #expect(recent.call(begun) == nil)
        #expect(recent.call(recent.appended &+ 1) == nil)
        // Those after any number are those that came after it.
        for (place, (number, _, _)) in calls.enumerated() where place % 97 == 0 || place < 3 {
            var after: [UInt32] = []
            recent.forEach(after: number) { number, _, _ in after.append(number) }
            #expect(after == calls[(place + 1)...].map(\.number), "\(number)")
        }
    }

    @Test(arguments: Seeds.fixed(5)) func whatIsKeptIsBounded(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = 65_536
        var recent = RecentCalls(Self.codes, limit: limit)
        let (batch, customers) = Self.batch(4_096, firstMicros: 1, &generator, isBare: true)
        var largest = 0
        for _ in 0..<100 {
            recent.append(batch, customers: customers)
            largest = max(largest, recent.byteSize)
        }
        #expect(largest <= (limit + 4_096) * 40)
    }

    /// A sender of the longest Call-IDs that there can be, which corrects them again and again, fills no memory: the
    /// oldest calls go earlier instead.
    @Test func longCallIDsTakeNoMoreThanTheirShare() {
        var recent = RecentCalls(Self.codes, limit: 20_000)
        let details = Self.packed(
            CallDetails(
                callID: String(repeating: "a", count: 100_000), calling: String(repeating: "1", count: 10_000),
                called: String(repeating: "2", count: 10_000), reason: String(repeating: "r", count: 10_000),
                source: IPAddress(high: 1, low: 2), destination: IPAddress(high: 3, low: 4), fromTag: 5,
                clockCorrectedMillis: 6))
        #expect(details.count == CallDetailLimits.packedBytes)
        for index in 0..<100_000 {
            let number = recent.append(Self.call(customer: 1, setupMicros: Int64(index) + 1))
            recent.setDetails(number, details)
            if index % 3 == 0 { recent.setDetails(number, Self.packed(CallDetails(callID: "x"))) }
            if index % 3 == 0 { recent.setDetails(number, details) }
        }
        let chunk = BoardLimits.chunkDetailBytes + BoardLimits.chunkCalls * 48
        #expect(recent.byteSize < 20_000 * (BoardLimits.detailBytesPerCall + 48) + 4 * chunk)
        #expect(recent.latest(customer: 1, count: 1).first?.details.callID.hasSuffix("\u{2026}") == true)
    }

    private static func change(
        _ recent: inout RecentCalls, _ list: inout [Known], _ numbers: [(number: UInt32, place: Int)],
        _ generator: inout SeededGenerator
    ) {
        for _ in 0..<20 {
            guard let (number, place) = numbers.randomElement(using: &generator) else { return }
            // One that was pushed out stays out.
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                recent.withdraw(number)
                list[place].customer = TrackedCall.unknown
            case 1:
                recent.correct(number, call(customer: 7, setupMicros: list[place].setupMicros))
                list[place].customer = 7
            default:
                list[place].details = details(&generator)
                recent.setDetails(number, packed(list[place].details))
            }
        }
    }

    private static func agree(_ recent: RecentCalls, _ list: [Known]) -> Bool {
        let kept = list.suffix(recent.limit)
        return (0..<8 as Range<UInt32>).allSatisfy { customer in
            let expected = kept.reversed().lazy.filter { $0.customer == customer }.prefix(200)
            let found = recent.latest(customer: customer, count: 200).map {
                Known(
                    customer: $0.customerID - 1, setupMicros: $0.setupMicros, details: $0.details,
                    cost: $0.costMicros)
            }
            return found == Array(expected)
        }
    }

    private static func restored(_ recent: RecentCalls, limit: Int) throws -> RecentCalls {
        let tables = recent.tables
        return try RecentCalls(
            codes, limit: limit, tables[0], details: tables[1], next: 0, appended: Int64(recent.appended),
            customers: 8)
    }

    private static func details(_ generator: inout SeededGenerator) -> CallDetails {
        var details = CallDetails()
        if Bool.random(using: &generator) { details.callID = "id-\(Int.random(in: 0..<1_000, using: &generator))@x" }
        if Bool.random(using: &generator) { details.calling = "49\(Int.random(in: 0..<1_000, using: &generator))" }
        if Bool.random(using: &generator) { details.called = "44\(Int.random(in: 0..<100_000, using: &generator))" }
        if Bool.random(using: &generator) { details.reason = "Service Unavailable" }
        if Bool.random(using: &generator) { details.source = IPAddress(v4: 0x0A00_0001) }
        if Bool.random(using: &generator) { details.destination = IPAddress(high: 7, low: 9) }
        return details
    }

    private static func packed(_ details: CallDetails) -> [UInt8] {
        var list = CallDetailList()
        _ = list.append(details)
        return list.bytes
    }

    private static func call(customer: UInt32, setupMicros: Int64) -> RecentCall {
        RecentCall(
            customer: customer, setupMicros: setupMicros, ringMicros: 0, answerMicros: 0, endMicros: setupMicros,
            outcome: .busy, code: 486, q850: 0, talkMilliseconds: 0, sources: .told)
    }

    private static func batch(
        _ count: Int, firstMicros: Int64, _ generator: inout SeededGenerator, isBare: Bool = false
    ) -> (CallRecordBatch, [UInt32]) {
        var batch = CallRecordBatch()
        let isDetailed = !isBare && Bool.random(using: &generator)
        let hasCosts = !isBare && Bool.random(using: &generator)
        for row in 0..<count {
            batch.party.append(UInt32.random(in: 0..<3, using: &generator))
            batch.setupMicros.append(firstMicros + Int64(row))
            batch.ringMilliseconds.append(CallRecordBatch.never)
            batch.answerMilliseconds.append(CallRecordBatch.never)
            batch.endMilliseconds.append(1_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(486)
            batch.q850.append(0)
            if hasCosts { batch.costMicros.append(Int64.random(in: 0..<3, using: &generator)) }
            if isDetailed && row % 3 == 0 { batch.describeLast(batch.details.append(details(&generator))) }
        }
        return (batch, [4, 2, 0])
    }
}
