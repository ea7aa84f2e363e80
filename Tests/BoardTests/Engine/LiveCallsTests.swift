// The list of live calls: whose, which way, how many, and in what order.

import CallEvents
import Testing

@testable import Board

@Suite struct LiveCallsTests {
    private let now: Int64 = 1_750_000_000_000_000

    /// Calls of two customers in both directions, in every state; the later its key, the earlier its set-up.
    private func engine() throws -> Engine {
        let engine = Inbound.makeEngine(customers: 2, now: now)
        for customer in 1...2 { try engine.setInbound("10.1.0.\(customer)", customer: customer) }
        for key in 1...12 as ClosedRange<UInt64> {
            let customer = Int(key % 2) + 1
            let (own, trunk) = (IPAddress(v4: 0x0A00_0000 | UInt32(customer)), Inbound.trunk(customer))
            let isInbound = key % 3 == 0
            let setup = now - Int64(key) * 1_000
            func send(_ kind: CallEventKind, _ micros: Int64) {
                let batch = CallEventBatch(
                    kind, key: key, micros, from: isInbound ? Inbound.switchHost : own,
                    to: isInbound ? trunk : Inbound.switchHost, code: kind == .answer ? 200 : 486)
                _ = engine.ingest(batch, now: now)
            }
            send(.setup, setup)
            if key % 4 >= 1 { send(.ring, setup + 10) }
            if key % 4 == 2 { send(.answer, setup + 20) }
            // One that is over is in no list.
            if key % 4 == 3 { send(.failure, setup + 30) }
        }
        return engine
    }

    @Test func everyFilterAndLimit() throws {
        let engine = try engine()
        let live = (1...12 as ClosedRange<UInt64>).filter { $0 % 4 != 3 }
        for customerID in 0...3 as ClosedRange<UInt32> {
            for isInbound in [nil, true, false] {
                let wanted = live.reversed().filter { key in
                    (customerID == 0 || UInt32(key % 2) + 1 == customerID)
                        && (isInbound == nil || (key % 3 == 0) == isInbound)
                }
                for limit in [-1, 0, 1, wanted.count - 1, wanted.count, wanted.count + 1, .max] {
                    let found = engine.liveCalls(customerID: customerID, isInbound: isInbound, limit: limit, now: now)
                    #expect(found.total == wanted.count)
                    #expect(found.calls.map(\.key.low) == Array(wanted.prefix(max(0, limit))), "\(customerID) \(limit)")
                }
            }
        }
        for call in engine.liveCalls(customerID: 0, limit: .max, now: now).calls {
            let key = call.key.low
            #expect(call.customerID == UInt32(key % 2) + 1 && call.isInbound == (key % 3 == 0))
            #expect(call.state == (key % 4 == 0 ? .setup : key % 4 == 1 ? .ringing : .answered))
            #expect(call.setupMicros == now - Int64(key) * 1_000)
            #expect((call.ringMicros != 0) == (key % 4 != 0) && (call.answerMicros != 0) == (key % 4 == 2))
        }
        let actives = try engine.figures("active", .all, now: now)
        #expect(actives == (0..<2).map { row in Int64(live.filter { Int($0 % 2) == row }.count) })
        let inbound = try engine.figures("inbound_active", .all, now: now)
        #expect(inbound == (0..<2).map { row in Int64(live.filter { Int($0 % 2) == row && $0 % 3 == 0 }.count) })
    }
}
