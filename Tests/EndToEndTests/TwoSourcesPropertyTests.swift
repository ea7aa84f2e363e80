// Random calls heard by SIP messages and told by CDR rows, with losses of both, in any order, with restarts, and
// everything once more: the figures are those of what was left, worked out call by call (`RandomTwoSources`).

import Board
import CallEvents
import Feeds
import Randomness
import Testing

@Suite struct TwoSourcesPropertyTests {
    private static let start: Int64 = 1_750_000_000_000_000
    private static let header = RandomTwoSources.columns.joined(separator: ",") + "\n"
    private static let other = "203.0.113.9"

    enum Order: String, CaseIterable { case heardFirst, toldFirst, asTheyCome, shuffled }

    private func board() -> TwoSources {
        TwoSources(
            HEPReplay(
                customers: ["Both", "Other"], auth: [.ip(RandomTwoSources.customer), .ip(Self.other)]))
    }

    private func sequence(
        _ calls: RandomTwoSources, _ order: Order, using random: inout SeededGenerator
    ) -> [RandomTwoSources.Telling] {
        switch order {
        case .heardFirst: return calls.messages + calls.rows
        case .toldFirst: return calls.rows + calls.messages
        case .asTheyCome, .shuffled:
            // Rows come some time after, or before, what they tell of; messages in their order, or nearly.
            let disorder: Int64 = order == .shuffled ? 400_000 : 0
            let messages = calls.messages.map { ($0.micros + Int64.random(in: 0...disorder, using: &random), $0) }
            let rows = calls.rows.map { ($0.micros + Int64.random(in: -900_000_000...900_000_000, using: &random), $0) }
            return (messages + rows).sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func play(_ tellings: [RandomTwoSources.Telling], _ board: inout TwoSources, restarts: Int = 0) throws {
        var packets: [[UInt8]] = []
        var rows: [String] = []
        for (place, telling) in tellings.enumerated() {
            if telling.row.isEmpty { packets.append(telling.packet) } else { rows.append(telling.row) }
            let isTurn = place + 1 == tellings.count || tellings[place + 1].row.isEmpty != telling.row.isEmpty
            let isRestart = restarts > 0 && place % max(1, tellings.count / (restarts + 1)) == 7
            guard isTurn || isRestart else { continue }
            board.heard.play(packets)
            if !rows.isEmpty { try board.feed(Array((Self.header + rows.joined()).utf8), .csv) }
            (packets, rows) = ([], [])
            if isRestart { try board.heard.restart() }
        }
    }

    /// Time passes: a call of another customer.
    private func pass(_ hours: Int64, _ board: inout TwoSources) throws {
        let seconds = Self.start / 1_000_000 + hours * 3_600
        let row = "later\(hours),,\(Self.other),\(seconds),,,\(seconds + 1),486,0\n"
        try board.feed(Array((Self.header + row).utf8), .csv)
    }

    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6))
    func figuresOfWhatWasLeft(seed: UInt64) throws {
        for order in Order.allCases {
            let calls = RandomTwoSources(count: 300, from: Self.start, seed: seed)
            var random = SeededGenerator(seed: seed &+ 1)
            let tellings = sequence(calls, order, using: &random)
            for restarts in [0, 4] {
                var board = board()
                let comment = "seed \(seed), \(order.rawValue), \(restarts) restarts"
                try play(tellings, &board, restarts: restarts)
                // Calls whose end neither source told are given up.
                try pass(12, &board)
                try check(board, calls.truth, comment)
                let joined = board.summary.joined
                #expect(order != .heardFirst || joined > 50, "\(comment)")
                try play(tellings, &board)
                try pass(24, &board)
                try check(board, calls.truth, comment + ", twice")
                try pass(60, &board)
                try checkEmpty(board, comment)
            }
        }
    }

    private func check(_ board: TwoSources, _ truth: RandomTwoSources.Truth, _ comment: String) throws {
        let figures: [(String, Double)] = [
            ("attempts", Double(truth.attempts)), ("answered", Double(truth.answered)),
            ("failed", Double(truth.failed)), ("acd_n", Double(truth.talked)), ("pdd_n", Double(truth.delays)),
            ("talk", Double(truth.talkMilliseconds) / 1_000), ("active", 0), ("cost", Double(truth.costMicros)),
            ("credit", -Double(truth.costMicros)),
        ]
        for (name, expected) in figures {
            let value = try board.heard.value(name, row: 0) ?? -1
            #expect(abs(value - expected) < 0.01, "\(comment): \(name) is \(value), not \(expected)")
        }
        let delay = try (board.heard.value("pdd", row: 0) ?? 0) * Double(truth.delays)
        #expect(abs(delay - Double(truth.delayMilliseconds)) < 1, "\(comment): delays")
        let explained = try #require(
            try board.engine.explain(metric: "asr", customerID: 1, window: .all, now: TwoSources.wall))
        let codes = Dictionary(uniqueKeysWithValues: explained.codes.map { (Int($0.code), Int($0.count)) })
        #expect(codes == truth.codes, "\(comment)")
        #expect(board.engine.status(now: TwoSources.wall).activeCalls == 0, "\(comment)")
    }

    /// What was taken back was taken from where it was: a day and more later no window has anything, and none less than
    /// nothing.
    private func checkEmpty(_ board: TwoSources, _ comment: String) throws {
        for window in Window.sliding {
            var query = BoardQuery()
            query.window = window
            query.columns = ["bids", "attempts", "answered", "failed", "acd_attempts_n", "acd_n", "pdd_n", "cost"]
            let answer = try board.engine.board(query, now: TwoSources.wall)
            for (name, column) in zip(query.columns, answer.columns) {
                switch column.values {
                case .integers(let values), .money(let values):
                    #expect(values[0] == 0, "\(comment): \(name) in \(window.name)")
                default: break
                }
            }
        }
    }
}
