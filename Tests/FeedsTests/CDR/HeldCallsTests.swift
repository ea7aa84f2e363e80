import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Calls that wait for further rows, against an array of them.
@Suite struct HeldCallsTests {
    private struct Plain {
        var number: Int
        var id: CallKey
        var key: CallKey
        var setupMicros: Int64
    }

    private static func held(_ plain: Plain) -> HeldCall {
        var call = FinishedCall(key: plain.key, partyKey: .none, setupMicros: plain.setupMicros)
        call.endMilliseconds = 5_000
        return HeldCall(
            call: call, party: Party(), id: plain.id, details: CallDetails(), offset: Int64(plain.number), line: 1,
            row: plain.number)
    }

    /// Appended, taken from the beginning and, the newest of an id, from anywhere.
    @Test(arguments: Seeds.of(1, 2, 3)) func anyOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (held, plain, number) = (HeldCalls(), [Plain](), 0)
        for step in 0..<6_000 {
            let id = CallKey(high: 0, low: .random(in: 0..<6, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<4:
                number += 1
                // Without an id (0) there is no key.
                let key = id == .none ? CallKey.none : CallKey(high: 7, low: UInt64(number))
                let call = Plain(number: number, id: id, key: key, setupMicros: Int64(number) * 1_000_000)
                held.append(Self.held(call))
                plain.append(call)
            case 4..<6:
                guard !plain.isEmpty else { continue }
                #expect(held.first?.row == plain[0].number, "seed \(seed), step \(step)")
                held.removeFirst()
                plain.removeFirst()
            default:
                guard id != .none, let index = held.index(of: id) else { continue }
                held.remove(at: index)
                if let last = plain.lastIndex(where: { $0.id == id }) { plain.remove(at: last) }
            }
            #expect(held.first?.row == plain.first?.number, "seed \(seed), step \(step)")
            for low in UInt64(1)..<6 {
                let id = CallKey(high: 0, low: low)
                let own = plain.filter { $0.id == id }
                let newest = held.index(of: id)
                #expect((newest == nil) == own.isEmpty, "seed \(seed), step \(step)")
                if let newest, let last = own.last { #expect(held.index(ofKey: last.key) == newest) }
                // The latest of the last sixteen whose time the span touches.
                guard let some = plain.randomElement(using: &random) else { continue }
                var span = CallSpan(Self.held(some).call)
                span.setupMicros += Int64.random(in: -1...1, using: &random)
                let right = own.suffix(CDRLimits.heldOfOneID).last {
                    CallSpan(Self.held($0).call).touches(span, gap: 2_000_000)
                }
                #expect(held.key(of: id, touching: span, gap: 2_000_000) == right?.key, "seed \(seed), step \(step)")
            }
        }
        #expect(number > 2_000)
    }

    /// Two calls of an id are one if less than the gap lies between them.
    @Test func spans() {
        let call = { (second: Int64, length: Int64) in
            var span = CallSpan(FinishedCall(key: .none, partyKey: .none, setupMicros: second * 1_000_000))
            span.endMicros = (second + length) * 1_000_000
            return span
        }
        for (one, other, touches) in [
            (call(100, 10), call(119, 5), true), (call(100, 10), call(120, 5), false),
            (call(100, 10), call(90, 1), true),
            (call(100, 10), call(85, 5), false), (call(100, 10), call(85, 6), true), (call(100, 0), call(100, 0), true),
            (call(100, 100), call(150, 1), true), (call(150, 1), call(100, 100), true),
        ] {
            #expect(one.touches(other, gap: 10_000_000) == touches && other.touches(one, gap: 10_000_000) == touches)
        }
    }

    /// Rows wait for so many others and no more: one that comes a row later is not the call's any more.
    @Test(arguments: [CDRLimits.heldRows, CDRLimits.heldRows + 1]) func theLastRowThatIsWaitedFor(others: Int) throws {
        let columns = ["uniqueid", "start", "end", "billsec", "disposition"]
        let row = { (id: String, disposition: String, talk: Int) in
            "\(id),2025-06-03 07:00:00,2025-06-03 07:00:09,\(talk),\(disposition)\n"
        }
        var text = row("1748934000.1", "NO ANSWER", 0)
        for number in 0..<others { text += row("1748934001.\(number)", "BUSY", 0) }
        var reader = try Sample.read(text + row("1748934000.1", "ANSWERED", 5), .asterisk, columns: columns)
        let isInTime = others == CDRLimits.heldRows
        #expect(reader.counters.continued == (isInTime ? 1 : 0) && reader.counters.duplicates == (isInTime ? 0 : 1))
        #expect(reader.takeRecords().count == others + 1 && reader.counters.errors == 0)
    }
}
