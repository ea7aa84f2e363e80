import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

@Suite struct HistoryReportTests {
    private static func report() -> HistoryReport {
        var bulk = Busyhour_V1_ChangeEntry()
        (bulk.change, bulk.at, bulk.who, bulk.kind, bulk.customers) = (7, 1_000_000_000_000_000, "anna", "edited", 156)
        (bulk.set, bulk.byCondition, bulk.where) = (
            ["channels=ceil(channels*1.1)", "tags+=gold"], true, "country = 'DE'"
        )
        var all = bulk
        (all.change, all.set, all.where, all.kind) = (6, [], "", "deleted")
        var file = Busyhour_V1_ChangeEntry()
        (file.change, file.kind, file.customers, file.rows, file.file) = (5, "imported", 2, 1_234, "li\u{1B}st.csv")
        var left = Busyhour_V1_ChangeEntry()
        (left.change, left.kind, left.undoes, left.leftOut, left.leftOutFor) = (9, "scheduled", 2, 1, 8)
        var some = left
        (some.change, some.customers, some.leftOut, some.leftOutFor) = (10, 3, 4, 0)
        var gone = Busyhour_V1_ChangeEntry()
        (gone.change, gone.kind, gone.customers, gone.undoes) = (11, "undone", 1, 6)
        gone.differences = [.with { ($0.customerID, $0.field, $0.old, $0.new) = (1, "deleted", "true", "false") }]
        var answer = Busyhour_V1_HistoryResponse()
        answer.changes = [gone, some, left, bulk, all, file]
        return HistoryReport(answer: answer)
    }

    @Test func whatWasAskedForIsTold() {
        let lines = Self.report().lines(Page(width: 200))
        #expect(lines[1].hasSuffix("takes back 6; restored"))
        #expect(
            lines[2].hasSuffix(
                "takes back 2; 4 customers not set back: what was there before is another customer's by now"))
        #expect(lines[3].hasSuffix("  change 2 not set back: changed since by change 8"))
        #expect(lines[4].hasSuffix("156  set channels=ceil(channels*1.1), tags+=gold where country = 'DE'"))
        #expect(lines[5].hasSuffix("deleted          156  all customers"))
        #expect(lines[6].hasSuffix("from li\\u{1B}st.csv, 1,234 rows"))
    }

    /// At 80 columns nothing of it is cut.
    @Test func aNarrowTerminalHasItBelow() {
        let lines = Self.report().lines(Page(width: 80))
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 80 })
        #expect(lines[0] == "change  at                    who   kind       customers")
        #expect(lines.contains("        set channels=ceil(channels*1.1), tags+=gold where country = 'DE'"))
        #expect(lines.count == 1 + 6 * 2 + 1)
    }

    @Test func programsGetItByKeys() {
        let text = Self.report().text(as: .json)
        for part in [
            #""set":["channels=ceil(channels*1.1)","tags+=gold"]"#, #""where":"country = 'DE'""#,
            #""by_condition":true"#, #""file":"li\u001bst.csv""#, #""rows":1234"#, #""left_out":4"#,
            #""left_out_for":8"#,
        ] {
            #expect(text.contains(part), "\(part): \(text)")
        }
    }
}
