// What a batch tells again, by customer: each call once, named where it is the only one, sums that do not wrap.

import Testing

@testable import Board

@Suite struct ReratingBookTests {
    private func book(
        _ notes: [(number: UInt32, row: UInt32, before: Int64, after: Int64)], callID: String = "a"
    ) -> [Rerating] {
        var book = ReratingBook()
        for note in notes {
            book.note(note.number, row: note.row, from: note.before, to: note.after, callID: Array(callID.utf8)[...])
        }
        let closed = book.close()
        let again = book.close()
        #expect(again.isEmpty)
        return closed
    }

    /// Told again and again within the batch, a call counts once, from its first cost to its last.
    @Test func aCallToldSeveralTimes() {
        var one = Rerating(customerID: 3, beforeMicros: 10, afterMicros: 4, callID: "a")
        #expect(book([(1, 2, 10, 7), (1, 2, 7, 9), (1, 2, 9, 4)]) == [one])
        one.callID = ""
        (one.calls, one.beforeMicros, one.afterMicros) = (2, 30, 11)
        #expect(book([(1, 2, 10, 7), (2, 2, 20, 5), (1, 2, 7, 6)]) == [one])
        #expect(book([(2, 2, 20, 21), (1, 2, 10, 7), (2, 2, 21, 5), (1, 2, 7, 6)]) == [one])
        // In the order of the customers.
        #expect(book([(1, 9, 1, 2), (2, 0, 1, 2), (3, 4, 1, 2)]).map(\.customerID) == [1, 5, 10])
        #expect(book([]).isEmpty)
    }

    @Test func sumsStandAtTheirEnds() {
        let most = book([(1, 0, .max, 1), (2, 0, 1, .max), (3, 0, 5, 5)])
        #expect(most.map(\.beforeMicros) == [.max] && most.map(\.afterMicros) == [.max])
        #expect(most[0].calls == 3)
    }

    /// A Call-ID is cut at its limit, between two characters.
    @Test func callIDsAreCut() {
        let most = BoardLimits.reratedCallIDBytes
        for (text, length) in [
            (String(repeating: "x", count: most - 1), most - 1), (String(repeating: "x", count: most), most),
            (String(repeating: "x", count: most + 1), most), ("x" + String(repeating: "é", count: most), most - 1),
            (String(repeating: "é", count: most), most),
        ] {
            let callID = book([(1, 0, 1, 2)], callID: text)[0].callID
            #expect(text.hasPrefix(callID) && callID.utf8.count == length, "\(length)")
        }
    }

    /// The calls of so many customers are named, and those of the others counted.
    @Test func namesUpToTheirLimit() {
        let limit = UInt32(BoardLimits.reratedCallIDs)
        let closed = book((0..<limit + 2).map { (number: $0 + 1, row: $0, before: 1, after: 2) })
        #expect(closed.count == Int(limit) + 2)
        #expect(closed.filter { $0.callID.isEmpty }.map(\.customerID) == [limit + 1, limit + 2])
    }

    @Test func texts() {
        for (before, after, text) in [
            (5_000_000, 4_200_000, "5.00 -> 4.20, credit +0.80"), (1, 0, "0.000001 -> 0.00, credit +0.000001"),
            (0, 1_230_000, "0.00 -> 1.23, credit -1.23"), (7, 7, "0.000007 -> 0.000007, credit +0.00"),
            (100, 1_000_100, "0.0001 -> 1.0001, credit -1.00"), (10_000_000, 0, "10.00 -> 0.00, credit +10.00"),
        ] as [(Int64, Int64, String)] {
            let rerating = Rerating(customerID: 1, beforeMicros: before, afterMicros: after, callID: "x")
            #expect(rerating.text == "cost of call x rerated: " + text)
        }
    }
}
