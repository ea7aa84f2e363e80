import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

/// The outcome of a feed is the sum of its parts, field by field.
@Suite struct FeedSummaryTests {
    private static var fields: [WritableKeyPath<FeedSummary, UInt64>] {
        [
            \.read, \.calls, \.duplicates, \.notCalls, \.errors, \.late, \.future, \.unattributed, \.credits, \.joined,
            \.rerated, \.costs,
        ]
    }
    private static var names: [WritableKeyPath<FeedSummary, [String: UInt64]>] {
        [\.errorsByName, \.notCallsByName, \.warningsByName]
    }

    @Test func aSumHasEveryField() {
        #expect(Mirror(reflecting: FeedSummary()).children.count == Self.fields.count + Self.names.count)
        var (one, other) = (FeedSummary(), FeedSummary())
        for (place, field) in Self.fields.enumerated() {
            one[keyPath: field] = UInt64(place + 1)
            other[keyPath: field] = UInt64(100 * (place + 1))
        }
        for (place, field) in Self.names.enumerated() {
            one[keyPath: field] = ["a": UInt64(place + 1), "b": 7]
            other[keyPath: field] = ["a": 10, "c": 3]
        }
        let sum = one + other
        for (place, field) in Self.fields.enumerated() { #expect(sum[keyPath: field] == UInt64(101 * (place + 1))) }
        for (place, field) in Self.names.enumerated() {
            #expect(sum[keyPath: field] == ["a": UInt64(place + 11), "b": 7, "c": 3])
        }
        #expect(one + FeedSummary() == one && FeedSummary() + one == one)
    }

    @Test func anAnswerIsAddedFieldByField() {
        let answer = Busyhour_V1_IngestResponse.with {
            ($0.read, $0.calls, $0.duplicates, $0.notCalls, $0.errors, $0.late) = (1, 2, 3, 4, 5, 6)
            ($0.future, $0.unattributed, $0.credits, $0.joined, $0.rerated, $0.costs) = (7, 8, 9, 10, 11, 12)
            $0.errorsByName = ["a": 5]
        }
        var summary = FeedSummary()
        for times in 1...2 as ClosedRange<UInt64> {
            summary.add(answer)
            for (place, field) in Self.fields.enumerated() {
                #expect(summary[keyPath: field] == times * UInt64(place + 1))
            }
            #expect(summary.errorsByName == ["a": 5 * times])
        }
    }

    /// What most feeds have none of is shown where there is some.
    @Test func everyCountIsShown() {
        for (place, field) in Self.fields.enumerated() {
            var summary = FeedSummary()
            summary[keyPath: field] = 1_234
            let shown = summary.lines(.plain).filter { $0.hasSuffix("1,234") }
            #expect(shown.count == 1, "field \(place): \(shown)")
            #expect(summary.json.text.contains(":1234"), "field \(place)")
        }
    }
}
