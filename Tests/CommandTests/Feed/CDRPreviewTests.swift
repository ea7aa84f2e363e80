// `feed cdr --dry-run`: what is understood, without a server.

import Feeds
import Foundation
import Terminal
import Testing

@testable import busyhour

@Suite struct CDRPreviewTests {
    private static func plan(_ line: String, _ template: CDRTemplate = CDRTemplate()) throws -> CDRPlan {
        let command = try BusyHour.parse(commandLine: line.split(separator: " ").map(String.init))
        return try #require(command as? FeedCDRCommand).plan(template)
    }

    private static let file = """
        Ref,Trunk,Start,Min,Result,Note
        a-1,acme,2026-11-20 10:00:00,1.5,Answered,x
        a-2,acme,2026-11-20 10:01:00,0,Busy,x
        a-3,acme,soon,0,Busy,x
        Total,3,,1.5,,

        """

    @Test func theFirstRowsAndWhatIsWrong() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x.csv", Self.file.utf8)
        let plan = try Self.plan(
            "feed cdr --format csv --map id=ref,account=trunk,setup_at=start,talk_min=min,disposition=result x")
        var shown: [String] = []
        let preview = try CDRPreview.of([path], reader: { try plan.reader(of: $0) }, showError: { shown.append($0) })
        #expect(preview.rows.count == 2 && preview.rows[0].talkMilliseconds == 90_000 && preview.rows[1].code == 486)
        #expect(preview.columns.map(\.field) == ["id", "account", "setup_at", "talk (min)", "disposition", nil])
        #expect(preview.counts.read == 4 && preview.counts.errorsByName == ["cdr_time": 1])
        #expect(preview.counts.notCallsByName == ["total": 1] && shown.count == 1)
        let lines = preview.lines(.plain)
        #expect(
            lines.contains { $0.contains("2026-11-20T10:00:00") && $0.contains("90") && $0.contains("answered") },
            "\(lines)")
        #expect(lines.contains { $0.hasPrefix("  cdr_time") } && lines.last == "nothing was sent")
        #expect(
            preview.json.text.contains("\"field\":\"talk (min)\"") && preview.json.text.contains("\"talk_ms\":90000"))
    }

    /// What entries look at, the currency of each row and the Call-ID beside the id, where the file tells them.
    @Test func whatElseARowTells() throws {
        let folder = try TemporaryFolder()
        let rows = """
            ref,sip,who,ip,from,start,talk,price,cur,dialled,X-Customer
            a-1,c1@x,acme,203.0.113.7:5074,sip:bob@Acme.example,1795168800,60,0.5,EUR,9911#49301,gold
            a-2,c2@x,acme,203.0.113.7,,1795168860,30,0.2,USD,49302,

            """
        let path = try folder.write("x.csv", rows.utf8)
        let plan = try Self.plan(
            "feed cdr --format csv --map id=ref,call_id=sip,account=who,from_domain=from,setup_at=start,"
                + "cost=price,currency=cur,called=dialled,header_x-customer=X-Customer x")
        var shown: [String] = []
        let preview = try CDRPreview.of([path], reader: { try plan.reader(of: $0) }, showError: { shown.append($0) })
        #expect(shown.isEmpty && preview.rows.map(\.id) == ["a-1", "a-2"])
        let table = preview.rowTable
        let titles = table.columns.map(\.title)
        #expect(
            titles == [
                "line", "id", "call_id", "account", "ip", "port", "setup_at", "ring", "answer", "end", "talk",
                "outcome", "cost", "currency", "called", "from_domain", "header_x-customer",
            ])
        let cells = table.rows.map { Dictionary(uniqueKeysWithValues: zip(titles, $0.map(\.text))) }
        #expect(cells[0]["call_id"] == "c1@x" && cells[0]["port"] == "5074" && cells[0]["currency"] == "EUR")
        #expect(cells[0]["called"] == "9911#49301" && cells[0]["from_domain"] == "acme.example")
        #expect(cells[0]["header_x-customer"] == "gold" && cells[1]["header_x-customer"] == "-")
        #expect(cells[1]["currency"] == "USD" && cells[1]["port"] == "-" && cells[1]["from_domain"] == "-")
        let json = preview.json.text
        for part in [
            "\"call_id\":\"c1@x\"", "\"port\":5074", "\"currency\":\"USD\"", "\"from_domain\":\"acme.example\"",
            "\"headers\":{\"x-customer\":\"gold\"}", "\"called\":\"49302\"",
        ] { #expect(json.contains(part), "\(part): \(json)") }
    }

    /// Without them the table has the columns that every file has.
    @Test func noColumnWithoutSomethingInIt() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x.csv", Self.file.utf8)
        let plan = try Self.plan("feed cdr --format csv --map id=ref,account=trunk,setup_at=start,talk_min=min x")
        let preview = try CDRPreview.of([path], reader: { try plan.reader(of: $0) }, showError: { _ in })
        #expect(
            preview.rowTable.columns.map(\.title) == [
                "line", "id", "account", "ip", "setup_at", "ring", "answer", "end", "talk", "outcome", "cost",
            ])
    }

    /// The whole command, with no server to be reached.
    @Test func itNeedsNoServer() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x.csv", Self.file.utf8)
        let ending = await BusyHour.run([
            "--server", "127.0.0.1:1", "feed", "cdr", "--format", "csv", "--map",
            "id=Ref,account=Trunk,setup_at=Start,talk=Min", "--durations", "min", "--dry-run", "--output", "json", path,
        ])
        #expect(ending.exitCode == 0, "\(ending)")
    }

    /// Options go before what a template says, and the rest of it stays.
    @Test func optionsGoBeforeATemplate() throws {
        var template = CDRTemplate()
        (template.format, template.map, template.filter) = ("csv", "id=1,setup_at=2,talk=3", "#4 = 'x'")
        (template.keep, template.durations, template.timeZone) = ("last", "ms", "Europe/Berlin")
        template.dispositions = "Gone=404"
        let kept = try Self.plan("feed cdr --template x --durations min y", template)
        #expect(kept.formats.records == .csv && kept.options.keep == .last && kept.options.durations == .minutes)
        #expect(kept.options.map.text == template.map && kept.options.filter?.text == template.filter)
        #expect(kept.options.timeZone == "Europe/Berlin" && kept.options.dispositions.text == "Gone=404")
        let json = try Self.plan("--format json feed cdr --template x y", template)
        #expect(json.formats.output == .json && json.formats.records == .csv)
        template.format = "yeti"
        #expect(try Self.plan("feed cdr --template x y", template).formats.preset == .yeti)
        #expect(throws: (any Error).self) { try Self.plan("feed cdr y") }
    }
}
