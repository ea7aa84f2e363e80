// Which hosts pass calls on, and which INVITEs from two addresses are of one attempt: each part of both conditions.

import CallEvents
import Testing

@testable import Feeds

@Suite struct RelayWatchTests {
    private let hosts = (1...4).map { IPAddress(v4: 0x0A00_0000 | UInt32($0)) }
    private static let second: UInt32 = 1_750_000_000

    /// An INVITE from A to B, and then another: is it passed on by its sender?
    @Test func nextHops() {
        let (a, b, c) = (hosts[0], hosts[1], hosts[2])
        for (dialog, from, to, isPassedOn) in [
            (UInt64(5), b, c, true), (5, b, a, true), (6, b, c, false), (5, c, b, false), (5, a, c, false),
        ] {
            var watch = RelayWatch()
            let first = watch.note(dialog: 5, source: a, destination: b, called: 1, second: Self.second)
            #expect(!first.isPassedOn && first.otherCaller == nil)
            let next = watch.note(dialog: dialog, source: from, destination: to, called: 1, second: Self.second)
            #expect(next.isPassedOn == isPassedOn, "\(dialog): \(from) to \(to)")
            // It is known as one that passes calls on, by all of its calls, and by no other's.
            let later = watch.note(dialog: 7, source: from, destination: c, called: 1, second: Self.second)
            #expect(later.isPassedOn == isPassedOn)
        }
    }

    /// A host that calls itself does not pass calls on.
    @Test func aHostThatCallsItself() {
        var watch = RelayWatch()
        for _ in 0..<3 {
            #expect(!watch.note(dialog: 5, source: hosts[0], destination: hosts[0], called: 1, second: 0).isPassedOn)
        }
    }

    /// The same attempt from another address, within four minutes before or after: clocks differ, and they wrap around.
    @Test(arguments: [0, 1, 239, 240, 241, -1, -240, -241, 100_000] as [Int64], [second, 5, UInt32.max - 5])
    func anotherCallerOfTheAttempt(after: Int64, first: UInt32) {
        let (a, b, carrier) = (hosts[0], hosts[1], hosts[2])
        let isOfAttempt = after.magnitude <= UInt64(FeedLimits.failOverSeconds)
        let next = first &+ UInt32(truncatingIfNeeded: after)
        for (dialog, called) in [(UInt64(5), UInt32(1)), (6, 1), (5, 2)] {
            var watch = RelayWatch()
            _ = watch.note(dialog: 5, source: a, destination: carrier, called: 1, second: first)
            let other = watch.note(dialog: dialog, source: b, destination: hosts[3], called: called, second: next)
            #expect(other.otherCaller == (isOfAttempt && dialog == 5 && called == 1 ? a : nil))
            #expect(!other.isPassedOn)
        }
        var same = RelayWatch()
        _ = same.note(dialog: 5, source: a, destination: carrier, called: 1, second: first)
        #expect(same.note(dialog: 5, source: a, destination: b, called: 1, second: next).otherCaller == nil)
    }

    /// A proxy that passes the attempt on twice: its caller stays the one before the proxy.
    @Test func theCallerBeforeAProxy() {
        let (a, proxy, first, second) = (hosts[0], hosts[1], hosts[2], hosts[3])
        var watch = RelayWatch()
        _ = watch.note(dialog: 5, source: a, destination: proxy, called: 1, second: 9)
        for carrier in [first, second] {
            let hop = watch.note(dialog: 5, source: proxy, destination: carrier, called: 1, second: 9)
            #expect(hop.isPassedOn && hop.otherCaller == nil)
        }
        #expect(watch.note(dialog: 5, source: first, destination: a, called: 1, second: 9).otherCaller == a)
    }

    /// So many hosts are known to pass calls on, and no more; those that are known stay.
    @Test func borders() {
        var watch = RelayWatch()
        let host = { (number: Int) in IPAddress(v4: 0xC000_0000 | UInt32(number)) }
        for number in 0...FeedLimits.relays {
            let dialog = UInt64(number) << 20 | 9
            _ = watch.note(dialog: dialog, source: hosts[0], destination: host(number), called: 1, second: 9)
            let hop = watch.note(dialog: dialog, source: host(number), destination: hosts[1], called: 1, second: 9)
            #expect(hop.isPassedOn)
        }
        for (number, isKnown) in [(0, true), (FeedLimits.relays - 1, true), (FeedLimits.relays, false)] {
            let hop = watch.note(
                dialog: 7, source: host(number), destination: hosts[3], called: UInt32(number), second: 9)
            #expect(hop.isPassedOn == isKnown, "\(number)")
        }
    }

    @Test func columnsAreTheHopsAndTheRelays() throws {
        var watch = RelayWatch()
        _ = watch.note(dialog: 5, source: hosts[0], destination: hosts[1], called: 1, second: 9)
        _ = watch.note(dialog: 5, source: hosts[1], destination: hosts[2], called: 1, second: 9)
        _ = watch.note(dialog: 6, source: hosts[0], destination: hosts[3], called: 1, second: 9)
        var later = try #require(RelayWatch(hops: watch.hopColumns, relays: watch.relayColumns))
        #expect(later.hopColumns == watch.hopColumns && later.relayColumns == watch.relayColumns)
        #expect(later.note(dialog: 9, source: hosts[1], destination: hosts[0], called: 1, second: 9).isPassedOn)
        #expect(later.note(dialog: 6, source: hosts[3], destination: hosts[0], called: 1, second: 9).isPassedOn)
    }
}
