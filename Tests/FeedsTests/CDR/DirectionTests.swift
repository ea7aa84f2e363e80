import CallEvents
import Testing

@testable import Feeds

/// Which way the call of a row goes.
@Suite struct DirectionTests {
    private let columns = [
        "uuid", "direction", "originating_leg_uuid", "channel_name", "accountcode", "destination_number", "start_epoch",
        "end_epoch",
    ]

    private func read(_ rows: [String], legs: Bool) throws -> CDRReader {
        var reader = try CDRReader(format: .freeswitchCSV, columns: columns, timeZone: "UTC", file: "legs")
        reader.readsSwitchLegs = legs
        Array((rows.joined(separator: "\n") + "\n").utf8).withUnsafeBytes { reader.read($0) }
        reader.finish(atEnd: true)
        #expect(reader.counters.errors == 0 && Consistency.holds(reader.counters))
        return reader
    }

    private let rows = [
        "u1,inbound,,sofia/internal/15550100@203.0.113.170,carrier,442079460170,1748934029,1748934040",
        "u2,outbound,u1,sofia/external/442079460170@198.51.100.170,helpdesk,,1748934029,1748934040",
        "u3,outbound,u1,sofia/external/sip:442079460171@[2001:db8::1]:5060;transport=udp,helpdesk,,1748934029,1748934040",
        "u4,outbound,u1,user/1000,helpdesk,442079460172,1748934029,1748934040",
        "u5,,u1,sofia/external/442079460170@198.51.100.170,helpdesk,,1748934029,1748934040",
    ]

    @Test func legsOfTheSwitch() throws {
        var plain = try read(rows, legs: false)
        #expect(plain.takeRecords().count == 1 && plain.counters.notCalls == 4)
        var reader = try read(rows, legs: true)
        let batch = reader.takeRecords()
        #expect(batch.count == 5 && reader.counters.notCalls == 0)
        let parties = batch.party.map { batch.parties[Int($0)] }
        #expect(parties.map(\.direction) == [.outbound, .switchLeg, .switchLeg, .switchLeg, .switchLeg])
        #expect(
            parties.map(\.destination) == [
                nil, IPAddress("198.51.100.170"), IPAddress("2001:db8::1"), nil, IPAddress("198.51.100.170"),
            ])
        #expect(
            parties.dropFirst().map(\.claims?.called) == [
                "442079460170", "442079460171", "442079460172", "442079460170",
            ])
        #expect(parties.dropFirst().allSatisfy { $0.account == "helpdesk" })
    }

    /// Two legs to different places of one account are of different parties.
    @Test func partiesAreToldApart() throws {
        var reader = try read(
            (1...40).map {
                "u\($0),outbound,,sofia/external/44207946\(10 + $0)@198.51.100.\($0),helpdesk,,1748934029,1748934040"
            }, legs: true)
        let batch = reader.takeRecords()
        for row in 0..<40 {
            let party = batch.parties[Int(batch.party[row])]
            #expect(party.claims?.called == "44207946\(11 + row)")
            #expect(party.destination == IPAddress("198.51.100.\(row + 1)"))
        }
    }

    /// In `csv` it is as the customer sees it.
    @Test func anyFile() throws {
        var reader = try Sample.read(
            """
            id,account,direction,called,destination_ip,setup_at,end_at
            1,a,inbound,442079460170,198.51.100.170,1748934029,1748934040
            2,a,Outbound,49301,198.51.100.1,1748934029,1748934040
            3,a,,49301,,1748934029,1748934040
            4,a,outgoing,49301,,1748934029,1748934040

            """, .csv)
        let batch = reader.takeRecords()
        let parties = batch.party.map { batch.parties[Int($0)] }
        #expect(parties.map(\.direction) == [.inbound, .outbound, .outbound] && reader.counters.notCalls == 1)
        #expect(parties[0].claims?.called == "442079460170")
        #expect(parties[0].destination == IPAddress("198.51.100.170"))
    }
}
