import Testing

@testable import CallEvents

/// What became of a batch: counted once, added without loss.
@Suite struct IngestSummaryTests {
    private func refusal(_ row: Int, _ reason: MoneyRefusal.Reason) -> MoneyRefusal {
        MoneyRefusal(row: row, reason: reason, customerID: 3, micros: 5, currency: "EUR")
    }

    /// One step for each count; the number of a step keeps equal counts apart.
    private var steps: [(inout IngestSummary) -> Void] {
        let counts: [WritableKeyPath<IngestSummary, Int>] = [
            \.calls, \.applied, \.joined, \.rerated, \.costs, \.duplicates, \.ignored, \.invalid, \.overflowed,
            \.credits,
        ]
        var steps: [(inout IngestSummary) -> Void] = counts.enumerated().map { number, count in
            { (summary: inout IngestSummary) in summary[keyPath: count] += 10 + number }
        }
        steps += MoneyRefusal.Reason.allCases.enumerated().map { row, reason in
            { (summary: inout IngestSummary) in summary.refuse(refusal(row, reason)) }
        }
        steps.append { $0.countLate(30) }
        steps.append { $0.countFuture(31) }
        steps.append { $0.countUnattributed(32) }
        steps.append { $0.countOtherCustomer(33) }
        return steps
    }

    /// Any two steps, in two batches or in one; and all of them, so that no count is left out here.
    @Test func theSumHasWhatBothHave() {
        for first in steps {
            for second in steps {
                var (one, other, both) = (IngestSummary(), IngestSummary(), IngestSummary())
                first(&one)
                second(&other)
                first(&both)
                second(&both)
                one += other
                #expect(one == both)
            }
        }
        var (all, sum) = (IngestSummary(), IngestSummary())
        for step in steps {
            step(&all)
            var one = IngestSummary()
            step(&one)
            sum += one
        }
        #expect(sum == all)
        for child in Mirror(reflecting: all).children {
            let count = child.value as? Int ?? Mirror(reflecting: child.value).children.count
            #expect(count > 0, "no step counts \(child.label ?? "")")
        }
    }

    /// Of each kind the first 20 rows are named, whatever there is of others, in one batch or in two.
    @Test(arguments: [19, 20, 21, 45]) func theFirstRowsOfEachKindAreNamed(rows: Int) {
        for split in [0, 1, 19, 20, rows] where split <= rows {
            var summary = IngestSummary()
            for part in [0..<split, split..<rows] {
                var batch = IngestSummary()
                for row in part {
                    batch.countLate(row)
                    batch.countFuture(row + 1)
                    batch.countUnattributed(row + 2)
                    batch.countOtherCustomer(row + 3)
                    for reason in MoneyRefusal.Reason.allCases { batch.refuse(refusal(row, reason)) }
                }
                summary += batch
            }
            let named = (0..<min(rows, IngestLimits.namedRows)).map { UInt32($0) }
            #expect(summary.lateRows == named && summary.futureRows == named.map { $0 + 1 })
            #expect(summary.unattributedRows == named.map { $0 + 2 })
            #expect(summary.otherCustomerRows == named.map { $0 + 3 })
            for reason in MoneyRefusal.Reason.allCases {
                #expect(summary.refusals.filter { $0.reason == reason }.map(\.row) == named, "\(reason), \(split)")
            }
            #expect(summary.late == rows && summary.future == rows && summary.unattributed == rows)
            #expect(summary.otherCurrency == rows && summary.aboveLimit == rows && summary.creditsWithoutID == rows)
            #expect(summary.overflowed == rows && summary.otherCustomers == rows && summary.refused == 5 * rows)
        }
    }
}
