import CallEvents
import Testing

@testable import Server

/// What is counted of a feed: names have limits, and sums forget nothing.
@Suite struct FeedCountsTests {
    @Test func namesHaveAGreatestLength() {
        for length in Limits.errorNameBytes - 1...Limits.errorNameBytes + 1 {
            var counts = FeedCounts()
            let name = String(repeating: "x", count: length)
            counts.countError(name, times: 2)
            #expect(counts.errors == [length <= Limits.errorNameBytes ? name : "other": 2], "\(length)")
        }
        // Bytes, not characters.
        var counts = FeedCounts()
        counts.countError(String(repeating: "ä", count: Limits.errorNameBytes / 2 + 1))
        #expect(counts.errors == ["other": 1])
    }

    @Test func thereAreOnlySoManyNames() {
        var counts = FeedCounts()
        for number in 0..<Limits.errorNames + 3 { counts.countError("e\(number)") }
        #expect(counts.errors.count == Limits.errorNames + 1 && counts.errors["other"] == 3)
        // Those that are known are counted on.
        for number in 0..<Limits.errorNames { counts.countError("e\(number)") }
        #expect(counts.errors["other"] == 3 && counts.errors["e0"] == 2)
        #expect(counts.errors["e\(Limits.errorNames - 1)"] == 2)
        #expect(counts.errorCount == UInt64(2 * Limits.errorNames + 3))
        counts.countError("no", times: 0)
        #expect(counts.errors["other"] == 3)
    }

    @Test func sumsHaveEveryField() {
        var one = FeedCounts(received: 1)
        (one.calls, one.duplicates, one.notCalls, one.credits) = (2, 3, 4, 5)
        (one.joined, one.rerated, one.costs, one.errors) = (6, 7, 8, ["a": 9])
        #expect(Mirror(reflecting: one).children.count == 9, "a new field belongs here, too")
        var sum = one
        sum += one
        #expect([sum.received, sum.calls, sum.duplicates, sum.notCalls, sum.credits] == [2, 4, 6, 8, 10])
        #expect([sum.joined, sum.rerated, sum.costs] == [12, 14, 16] && sum.errors == ["a": 18])
    }

    @Test func aSummaryMayTakeCallsBack() {
        for (before, change, after) in [(5, -3, 2), (5, -5, 0), (5, -6, 0), (0, -1, 0), (5, 3, 8), (5, 0, 5)]
            as [(UInt64, Int, UInt64)]
        {
            var counts = FeedCounts()
            counts.calls = before
            var summary = IngestSummary()
            summary.calls = change
            counts.add(summary)
            #expect(counts.calls == after, "\(before) and \(change)")
        }
    }
}
