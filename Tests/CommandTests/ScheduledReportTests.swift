import SwiftProtobuf
import Testing
import Wire

@testable import busyhour

/// Whom a planned edit is for, in words.
@Suite struct ScheduledReportTests {
    @Test(arguments: 1...8) func someCustomersAreNamedAndMoreAreCounted(count: Int) {
        var edit = Busyhour_V1_PlannedEdit()
        edit.customers = UInt64(count)
        edit.selection.ids = (1...UInt32(count)).map { $0 * 3 }
        let named = ["3", "3,6", "3,6,9", "3,6,9,12", "3,6,9,12,15"]
        #expect(PlannedText.customers(edit) == (count <= 5 ? named[count - 1] : "\(count): 3,6,9,12,15,..."))
    }

    /// Every choice of conditions.
    @Test func conditionsAreJoined() {
        for chosen in 0..<8 {
            var edit = Busyhour_V1_PlannedEdit()
            var words: [String] = []
            if chosen & 1 == 1 {
                edit.selection.where = "id > 1"
                words.append("id > 1")
            }
            if chosen & 2 == 2 {
                edit.selection.search = "x"
                words.append("with 'x'")
            }
            if chosen & 4 == 4 {
                edit.selection.status = "Active"
                words.append("status Active")
            }
            #expect(PlannedText.customers(edit) == (words.isEmpty ? "all" : words.joined(separator: " AND ")))
        }
    }

    @Test func whatIsNotListedIsCounted() {
        for (total, left) in [(2, nil), (3, "1 more"), (1_002, "1,000 more")] as [(UInt64, String?)] {
            var answer = Busyhour_V1_ScheduledResponse()
            answer.total = total
            answer.entries = [.with { $0.change = 1 }, .with { $0.change = 2 }]
            let lines = ScheduledReport(answer: answer).lines(.plain)
            #expect(lines.first == (total == 1_002 ? "1,002" : "\(total)") + " changes to come")
            #expect(lines.last { $0.contains(" more; ") } == left.map { "\($0); --limit N shows more" })
        }
    }
}
