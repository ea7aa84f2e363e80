// Customers at one address, told apart by what their INVITEs say: reported cases, from the packets to the figures.

import Board
import CallEvents
import Testing

@Suite struct HEPIdentityTests {
    private static func entry(_ text: String) throws -> AuthEntry { try AuthEntry(listed: text) }

    /// - Parameter figures: attempts, answered and seconds of talk by customer.
    private func play(_ report: String, _ auth: [String], _ figures: [[Double]]) throws {
        var replay = HEPReplay(customers: auth, auth: try auth.map { try Self.entry($0) })
        for round in ["once", "twice"] {
            #expect(try replay.play("reports/\(report)/capture.hep").errors == 0)
            for (row, expected) in figures.enumerated() {
                for (name, value) in zip(["attempts", "answered", "talk"], expected) {
                    #expect(try replay.value(name, row: row) == value, "\(name) of \(auth[row]), \(round)")
                }
            }
            #expect(replay.engine.status(now: 0).unattributed == 0, "\(round)")
            try replay.restart()
        }
    }

    @Test func techPrefixesBehindOneAddress() throws {
        try play(
            "22-tech-prefix-behind-one-address",
            ["7101", "7102", "7103"].map { "ip:198.51.100.10&prefix:\($0)" }, [[4, 3, 180], [4, 1, 60], [2, 0, 0]])
    }

    @Test func customersBehindOneSBC() throws {
        let sbc = "ip:198.51.100.20"
        try play(
            "23-customers-behind-one-sbc",
            [
                "\(sbc)&from:d1.example.net", "\(sbc)&header:X-Customer=h1", "\(sbc)&tgrp:t1", "\(sbc):5074",
                "pai:15550107", sbc,
            ], [[2, 2, 60], [2, 2, 60], [2, 2, 60], [2, 2, 60], [2, 2, 60], [0, 0, 0]])
    }
}
