// A switch that mirrors its SIP and whose CDRs are fed, too (Tests/Fixtures/reports/34): four calls, whichever source
// comes first, with a restart between, and when everything is fed once more.

import Board
import CallEvents
import Feeds
import Testing

@Suite struct TwoSourcesReportTests {
    private static let folder = "reports/34-hep-and-cdrs-of-one-switch"

    enum Step: String { case hep, records, restart }

    private func board() -> TwoSources {
        TwoSources(HEPReplay(customer: "Both Feeds", auth: [.ip("198.51.100.130"), .account("13")]))
    }

    private func take(_ step: Step, _ file: String, _ format: CDRFormat, _ board: inout TwoSources) throws {
        switch step {
        case .hep: _ = try board.heard.play("\(Self.folder)/capture.hep")
        case .records: try board.feed(Fixtures.bytes("\(Self.folder)/\(file)"), format)
        case .restart: try board.heard.restart()
        }
    }

    /// - Parameter cost: of all calls; the credit was 0.
    private func check(_ board: TwoSources, cost: Double, _ comment: String) throws {
        let figures: [(String, Double)] = [
            ("attempts", 4), ("bids", 4), ("answered", 2), ("failed", 2), ("asr", 50), ("acd", 60), ("acd_n", 2),
            ("talk", 120), ("pdd", 2_000), ("pdd_n", 4), ("active", 0), ("cps_peak", 1), ("cost", cost * 1_000_000),
            ("credit", -cost * 1_000_000),
        ]
        for (name, expected) in figures {
            let value = try board.heard.value(name, row: 0)
            #expect(value == expected, "\(comment): \(name) is \(value as Any), not \(expected)")
        }
        let explained = try #require(
            try board.engine.explain(metric: "asr", customerID: 1, window: .all, now: TwoSources.wall))
        #expect(explained.classes.filter { $0.count > 0 }.map(\.name) == ["answered", "busy"], "\(comment)")
        #expect(explained.recent.count == 4, "\(comment): recent calls")
        #expect(
            Set(explained.recent.map(\.details.callID)) == Set((0..<4).map { "both\($0)@198.51.100.130" }), "\(comment)"
        )
    }

    private func check(_ orders: [[Step]], _ file: String, _ format: CDRFormat, cost: Double) throws {
        for order in orders {
            var board = board()
            for step in order { try take(step, file, format, &board) }
            let comment = "\(file), \(order.map(\.rawValue))"
            try check(board, cost: cost, comment)
            for step in order + order.reversed() { try take(step, file, format, &board) }
            try check(board, cost: cost, comment + ", and again twice")
        }
    }

    private static let orders: [[Step]] = [
        [.hep, .records], [.records, .hep], [.hep, .restart, .records], [.records, .restart, .hep],
    ]

    @Test func recordsOfFreeSWITCH() throws { try check(Self.orders, "cdr.ndjson", .freeswitchJSON, cost: 5) }

    @Test func recordsWhoseIDIsTheCallID() throws { try check(Self.orders, "csv.csv", .csv, cost: 5) }

    @Test func accountingRowsOfKamailio() throws { try check(Self.orders, "kamailio-acc.csv", .kamailioAcc, cost: 0) }

    /// Three tell of the same calls.
    @Test func accountingRowsAndRecords() throws {
        let files: [(String, CDRFormat)] = [("kamailio-acc.csv", .kamailioAcc), ("csv.csv", .csv)]
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            var board = board()
            for round in ["once", "twice"] {
                for step in order {
                    let (file, format) = files[min(step, 1)]
                    try take(step == 2 ? .hep : .records, file, format, &board)
                }
                try check(board, cost: 5, "\(order), \(round)")
            }
        }
    }

    @Test func rowsThatFoundTheirCall() throws {
        var board = board()
        try take(.hep, "", .csv, &board)
        let summary = try board.feed(Fixtures.bytes("\(Self.folder)/csv.csv"), .csv)
        #expect(summary.joined == 4 && summary.applied == 4 && summary.calls == 0 && summary.duplicates == 0)
        let again = try board.feed(Fixtures.bytes("\(Self.folder)/csv.csv"), .csv)
        #expect(again.joined == 0 && again.applied == 0 && again.duplicates == 4)
    }
}
