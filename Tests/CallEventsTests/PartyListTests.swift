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

    @Test func equalIsWhatHasEqualParties() {
        var one: PartyList = [full]
        one[0] = Party(customerID: 4)
        #expect(one == [Party(customerID: 4)])
        #expect(one != [full])
    }
}
