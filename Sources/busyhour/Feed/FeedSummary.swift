import Terminal
import Wire

/// The outcome of everything that a feed sent.
struct FeedSummary: Report, Equatable {
    var read: UInt64 = 0
    var calls: UInt64 = 0
    var duplicates: UInt64 = 0
    var notCalls: UInt64 = 0
    var errors: UInt64 = 0
    var late: UInt64 = 0
    var future: UInt64 = 0
    var unattributed: UInt64 = 0
    /// Credit notes that were booked.
    var credits: UInt64 = 0
    /// Rows of observed calls, and observed calls that had a row before: counted once.
    var joined: UInt64 = 0
    /// Rows that told another cost of a known call.
    var rerated: UInt64 = 0
    /// Costs that were booked without their calls.
    var costs: UInt64 = 0
    var errorsByName: [String: UInt64] = [:]
    /// Of `notCalls`: lines excluded by a filter, headings, totals, other legs.
    var notCallsByName: [String: UInt64] = [:]
    /// Rows that were counted in spite of something odd.
    var warningsByName: [String: UInt64] = [:]

    mutating func add(_ answer: Busyhour_V1_IngestResponse) {
        read &+= answer.read
        calls &+= answer.calls
        duplicates &+= answer.duplicates
        notCalls &+= answer.notCalls
        errors &+= answer.errors
        late &+= answer.late
        future &+= answer.future
        unattributed &+= answer.unattributed
        credits &+= answer.credits
        joined &+= answer.joined
        rerated &+= answer.rerated
        costs &+= answer.costs
        for (name, count) in answer.errorsByName { errorsByName[name, default: 0] &+= count }
    }

    static func + (left: FeedSummary, right: FeedSummary) -> FeedSummary {
        var sum = left
        sum.read &+= right.read
        sum.calls &+= right.calls
        sum.duplicates &+= right.duplicates
        sum.notCalls &+= right.notCalls
        sum.errors &+= right.errors
        sum.late &+= right.late
        sum.future &+= right.future
        sum.unattributed &+= right.unattributed
        sum.credits &+= right.credits
        sum.joined &+= right.joined
        sum.rerated &+= right.rerated
        sum.costs &+= right.costs
        sum.errorsByName.merge(right.errorsByName) { $0 &+ $1 }
        sum.notCallsByName.merge(right.notCallsByName) { $0 &+ $1 }
        sum.warningsByName.merge(right.warningsByName) { $0 &+ $1 }
        return sum
    }

    mutating func countError(_ name: String, times: UInt64 = 1) {
        errors &+= times
        errorsByName[name, default: 0] &+= times
    }

    /// Scripts have to notice that rows were refused.
    /// - Throws: `Refusal` if there were any.
    func check() throws(Refusal) {
        guard errors > 0 else { return }
        let (rows, them) = errors == 1 ? ("1 row was", "it") : ("\(Number.grouped(errors)) rows were", "them")
        throw Refusal(
            "\(rows) refused (see above); mend \(them) and feed the file again: what is counted is not counted twice")
    }

    private var counts: [(String, UInt64)] {
        [
            ("read", read), ("calls", calls), ("duplicates", duplicates), ("not_calls", notCalls), ("errors", errors),
            ("late", late), ("future", future), ("unattributed", unattributed),
            ("credit_notes", credits), ("joined", joined), ("rerated", rerated), ("costs", costs),
        ]
    }

    func lines(_ page: Page) -> [String] {
        var table = TextTable([.init("what"), .init("count", .right)])
        // Most feeds have none of these.
        table.rows = counts.filter { !["joined", "rerated", "costs"].contains($0.0) || $0.1 > 0 }.map {
            [.init($0), .init(Number.grouped($1))]
        }
        let errors = errorsByName.sorted { $0.key < $1.key }.map {
            [TextTable.Cell("  " + $0), .init(Number.grouped($1))]
        }
        table.rows.insert(contentsOf: errors, at: 5)
        let notCalls = notCallsByName.sorted { $0.key < $1.key }.map {
            [TextTable.Cell("  " + $0), .init(Number.grouped($1))]
        }
        table.rows.insert(contentsOf: notCalls, at: 4)
        for (name, count) in warningsByName.sorted(by: { $0.key < $1.key }) {
            table.rows.append([.init("warning " + name), .init(Number.grouped(count))])
        }
        return table.lines(page, hint: "")
    }

    var json: JSONValue {
        .object(
            counts.map { .init($0, .unsigned($1)) } + [
                .init("errors_by_name", .counts(errorsByName)),
                .init("not_calls_by_name", .counts(notCallsByName)), .init("warnings_by_name", .counts(warningsByName)),
            ])
    }
}
