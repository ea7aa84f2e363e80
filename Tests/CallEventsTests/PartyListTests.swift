import CallEvents
import Testing

@Suite struct PartyListTests {
    private let full = Party(customerID: 4, source: IPAddress(v4: 1), sipUser: "alice")

    @Test func idsAloneAreAColumn() {
        var list = PartyList()
        list.append(Party(customerID: 7))
        list.append(customerIDs: [8, 9])
        #expect(list.hasOnlyIDs && list.customerIDs == [7, 8, 9] && list.count == 3)
        #expect(list[1] == Party(customerID: 8))
    }

    @Test func whoIsMoreThanAnIDKeepsAllOfIt() {
        var list: PartyList = [Party(customerID: 7)]
        list.append(full)
        list.append(Party(customerID: 9))
        list.append(customerIDs: [10])
        #expect(!list.hasOnlyIDs && list.customerIDs == [7, 4, 9, 10])
        #expect(Array(list) == [Party(customerID: 7), full, Party(customerID: 9), Party(customerID: 10)])
        list[0] = Party(account: "acc")
        #expect(list[0] == Party(account: "acc") && list.customerIDs[0] == 0)
        list.removeAll(keepingCapacity: true)
        #expect(list.isEmpty && list.hasOnlyIDs)
    }

    /// Each thing that a party may have besides its id is kept, as the first party, as a later one and in a place.
    @Test func eachThingMakesAPartyMoreThanAnID() {
        let parties = [
            Party(customerID: 4, source: IPAddress(v4: 1)), Party(customerID: 4, destination: IPAddress(v4: 1)),
            Party(customerID: 4, sipUser: "a"), Party(customerID: 4, account: "a"),
            Party(customerID: 4, direction: .inbound), Party(customerID: 4, direction: .switchLeg),
            Party(customerID: 4, claims: PartyClaims()),
        ]
        let plain = Party(customerID: 9)
        for party in parties {
            for place in 0..<3 {
                var expected = [plain, plain, plain]
                expected[place] = party
                let appended = PartyList(expected)
                var replaced = PartyList([plain, plain, plain])
                replaced[place] = party
                for list in [appended, replaced] {
                    #expect(Array(list) == expected && !list.hasOnlyIDs, "\(party) at \(place)")
                    #expect((0..<3).map { list.direction($0) } == expected.map(\.direction))
                }
                replaced[place] = plain
                #expect(Array(replaced) == [plain, plain, plain])
            }
        }
    }

    @Test func equalIsWhatHasEqualParties() {
        var one: PartyList = [full]
        one[0] = Party(customerID: 4)
        #expect(one == [Party(customerID: 4)])
        #expect(one != [full])
    }
}
