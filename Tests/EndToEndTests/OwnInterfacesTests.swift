// A proxy of ours with two addresses: calls come to one and go on from the other, which no setting names.

import CallEvents
import Feeds
import Testing

@testable import Board

@Suite struct OwnInterfacesTests {
    private static let start: Int64 = 1_795_000_000_000_000
    private static let customer = "198.51.100.10"

    /// A call of the customer and its leg to the carrier, which begins so much later.
    private func throughProxy(
        _ callID: String, at setup: Int64, after delay: Int64 = 8_000, from outside: String = "192.0.2.99",
        to carrier: String = "203.0.113.9"
    ) -> [LiveAgents.Packet] {
        let call = SpokenCall(caller: Self.customer, callID: callID)
        let leg = SpokenCall(caller: outside, switchHost: carrier, callID: callID, leg: "out")
        let lines = call.answered(ring: 2_000_000, answer: 5_000_000, end: 35_000_000)
        return call.packets(lines, at: setup, agent: 1, offset: 0)
            + leg.packets(
                leg.answered(ring: 1_990_000, answer: 4_990_000, end: 35_005_000), at: setup + delay, agent: 1,
                offset: 0)
    }

    private func live() -> LiveAgents { LiveAgents(customers: [Self.customer], from: Self.start, nil) }

    @Test func theLegToTheCarrierIsNobodysCall() throws {
        var live = live()
        for number in 0..<3 {
            live.play(throughProxy("out\(number)", at: Self.start + Int64(number) * 60_000_000))
        }
        #expect(try live.value("attempts", row: 0) == 3 && live.value("answered", row: 0) == 3)
        #expect(try live.value("acd", row: 0) == 30 && live.value("pdd", row: 0) == 2_000)
        #expect(try live.value("active", row: 0) == 0)
        let status = live.engine.status(now: live.nowMicros)
        #expect(status.unattributed == 0 && status.unattributedSources.isEmpty && status.activeCalls == 0)
    }

    /// A caller that fails over from an address that no setting names still calls one of our switches: a stranger's
    /// call.
    @Test func aFailOverIsNoLeg() throws {
        var live = live()
        let other = SpokenCall(caller: "198.51.100.77", callID: "fail", leg: "second")
        let first = SpokenCall(caller: Self.customer, callID: "fail")
        live.play(
            first.packets(Array(first.busy(after: 40_000_000).prefix(1)), at: Self.start, agent: 1, offset: 0)
                + other.packets(other.busy(after: 3_000_000), at: Self.start + 500_000, agent: 1, offset: 0))
        let status = live.engine.status(now: live.nowMicros)
        #expect(status.unattributedSources.map(\.source) == ["198.51.100.77"])
        #expect(try live.value("attempts", row: 0) == 1)
    }

    /// The same Call-ID from elsewhere much later, or after the call was answered, is no leg of it.
    @Test func notMomentsLater() throws {
        var live = live()
        live.play(throughProxy("late", at: Self.start, after: 3_000_000))
        #expect(live.engine.status(now: live.nowMicros).unattributed == 1)
    }

    /// A customer that gets that address later has its calls.
    @Test func anAddressThatACustomerGetsLater() throws {
        var live = live()
        live.play(throughProxy("a", at: Self.start))
        live.create("192.0.2.99")
        let own = SpokenCall(caller: "192.0.2.99", callID: "own")
        live.play(
            own.packets(
                own.answered(ring: 1_000_000, answer: 2_000_000, end: 12_000_000), at: Self.start + 60_000_000,
                agent: 1,
                offset: 0))
        #expect(try live.value("attempts", row: 1) == 1 && live.value("acd", row: 1) == 10)
        #expect(try live.value("attempts", row: 0) == 1)
    }
}
