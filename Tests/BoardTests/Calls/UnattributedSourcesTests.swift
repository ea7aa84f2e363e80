// Sources of calls that are no customer's, where the list is full after a few.

import CallEvents
import Testing

@testable import Board

@Suite struct UnattributedSourcesTests {
    private func party(_ number: Int) -> Party { Party(source: IPAddress(v4: UInt32(number))) }

    private func attempts(_ sources: UnattributedSources) -> [Int64] { sources.top(100).map(\.attempts) }

    /// A scanner drives out others like it, not a customer whose address was forgotten.
    @Test func theLeastBusyMakesRoom() {
        var sources = UnattributedSources(limit: 4)
        for number in 1...4 { sources.count(party(number), micros: 10, attempts: Int64(10 * number)) }
        for number in 5...9 { sources.count(party(number), micros: 20) }
        #expect(attempts(sources) == [40, 30, 20, 1] && sources.total == 105)
        #expect(sources.top(1).first?.source == "0.0.0.4" && sources.top(4).last?.source == "0.0.0.9")
        // A known source needs no room.
        sources.count(party(9), micros: 15, attempts: 2)
        #expect(attempts(sources) == [40, 30, 20, 3] && sources.top(4).last?.lastSeenMicros == 20)
    }

    /// What proved to be a customer's, or to come from a switch of ours, is taken back.
    @Test func whatIsTakenBack() {
        var sources = UnattributedSources(limit: 3)
        for number in 1...3 { sources.count(party(number), micros: 1, attempts: 2) }
        sources.count(party(1), micros: 2, attempts: -1)
        #expect(attempts(sources) == [2, 2, 1] && sources.total == 5)
        sources.count(party(1), micros: 3, attempts: -1)
        #expect(attempts(sources) == [2, 2] && sources.total == 4)
        // It was counted for a source that is forgotten.
        sources.count(party(9), micros: 4, attempts: -1)
        #expect(attempts(sources) == [2, 2] && sources.total == 3)
        sources.remove(IPAddress(v4: 2))
        #expect(attempts(sources) == [2] && sources.total == 1)
    }

    @Test func names() {
        let named: [(Party?, String)] = [
            (Party(source: IPAddress(v4: 1), sipUser: "u"), "0.0.0.1"), (Party(sipUser: "u", account: "a"), "sip:u"),
            (Party(sipUser: "", account: "a"), "account:a"), (Party(customerID: 7), "customer:7"),
            (Party(account: ""), "unknown"), (nil, "unknown"),
        ]
        for (party, name) in named { #expect(UnattributedSources.name(of: party) == name) }
    }
}
