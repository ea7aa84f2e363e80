import Feeds
import Foundation
import Synchronization
import Terminal
import Testing
import Wire

@testable import busyhour

@Suite struct CDRSenderTests {
    private static func sent(
        _ text: String, format: CDRFormat = .csv, to server: CountingServer
    ) async throws -> (FeedSummary, [String]) {
        let shown = ShownLines()
        var sender = CDRSender(try await .open(to: server), showError: { shown.add($0) })
        var reader = try CDRReader(format: format, columns: [], timeZone: "UTC", file: "x.csv")
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 10_000) {
            bytes[start..<min(start + 10_000, bytes.count)].withUnsafeBytes { reader.read($0) }
            try await sender.send(&reader, isAll: false)
        }
        reader.finish(atEnd: true)
        try await sender.send(&reader, isAll: true)
        return (try await sender.finish(), shown.all)
    }

    private final class ShownLines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func rowsGoOutInFullBatches() async throws {
        let server = CountingServer()
        let rows = (0..<10_000).map { "call-\($0),acme,\(1_700_000_000 + $0),\(1_700_000_060 + $0)" }
        let text =
            (["id,account,setup_at,end_at"] + rows + ["call-3,acme,1700000003,1700000063"]).joined(separator: "\n")
            + "\n"
        let (summary, lines) = try await Self.sent(text, to: server)
        #expect(lines.isEmpty)
        #expect(summary.read == 10_001 && summary.calls == 10_000 && summary.notCalls == 0 && summary.errors == 0)
        #expect(summary.duplicates == 1)
        #expect(summary.read == summary.calls + summary.duplicates + summary.notCalls + summary.errors)
        let sizes = server.calls.map(\.party.count)
        #expect(sizes.allSatisfy { $0 <= Limits.callsPerRequest } && sizes.count <= 6, "\(sizes)")
        let setups: [Int64] = (0..<10_000).map { (number: Int64) in (1_700_000_000 + number) * 1_000_000 }
        #expect(server.calls.flatMap(\.setupMicros) == setups)
        #expect(server.calls.allSatisfy { $0.parties.map(\.account) == ["acme"] })
    }

    @Test func theFirstErrorsAreShownAndAllAreToldToTheServer() async throws {
        let server = CountingServer()
        let bad = (0..<57).map { "call-\($0),acme,yesterday,1700000060" }
        let text =
            (["id,account,setup_at,end_at"] + bad + ["a,acme,1700000000,1700000060"]).joined(separator: "\n") + "\n"
        let (summary, lines) = try await Self.sent(text, to: server)
        #expect(summary.errors == 57 && summary.errorsByName == ["cdr_time": 57] && summary.calls == 1)
        #expect(lines.count == 21)
        #expect(lines.first?.hasPrefix("x.csv:2: cdr_time: ") == true, "\(lines)")
        #expect(lines.last == "37 more rows could not be read")
        #expect(server.calls.reduce(0) { $0 + ($1.readerErrors["cdr_time"] ?? 0) } == 57)
    }

    @Test func accountingRowsAreEventsAndTheirErrorsAreToldToo() async throws {
        let server = CountingServer()
        let text = """
            INVITE|a|b|call-1|200|OK|1700000000|203.0.113.7|alice|bob|bob
            BYE|a|b|call-1|200|OK|1700000060|203.0.113.7|alice|bob|bob
            INVITE|a|b|call-2|200|OK|soon|203.0.113.7|alice|bob|bob

            """
        let (summary, _) = try await Self.sent(text, format: .kamailioAcc, to: server)
        #expect(summary.read == 3 && summary.errors == 1 && summary.notCalls == 1)
        let events = server.requests.compactMap { if case .events(let columns) = $0 { columns } else { nil } }
        #expect(events.count == 1 && events.first?.kind.count == 3, "\(events)")
        #expect(events.first?.parties.first.map { [UInt8]($0.source) } == [203, 0, 113, 7])
        #expect(server.calls.map(\.readerErrors) == [["cdr_time": 1]])
    }

    @Test func theSummaryReadsTheSameInEveryFormat() throws {
        var summary = FeedSummary()
        summary.read = 1_234
        summary.countError("cdr_time", times: 2)
        summary.warningsByName = ["cdr_disposition": 3]
        #expect(
            summary.json.text == """
                {"read":1234,"calls":0,"duplicates":0,"not_calls":0,"errors":2,"late":0,"future":0,"unattributed":0,\
                "credit_notes":0,"joined":0,"rerated":0,"costs":0,\
                "errors_by_name":{"cdr_time":2},"not_calls_by_name":{},"warnings_by_name":{"cdr_disposition":3}}
                """)
        #expect(summary.lines(.plain).contains { $0.hasPrefix("read ") && $0.hasSuffix("1,234") })
        #expect(summary.lines(.plain).contains { $0.hasPrefix("  cdr_time") })
    }

    /// A file of several requests: what its reader has counted is in the summary once, in whatever pieces it came.
    @Test func furtherRowsOfCallsAreCountedOnce() async throws {
        let server = CountingServer()
        let calls = 2 * Limits.callsPerRequest
        let rows = (0..<calls).flatMap { number in
            [
                "INVITE|a\(number)|b|call-\(number)|200|OK|\(1_700_000_000 + number)|203.0.113.7|alice|bob|bob",
                "BYE|a\(number)|b|call-\(number)|200|OK|\(1_700_000_060 + number)|203.0.113.7|alice|bob|bob",
            ]
        }
        let (summary, _) = try await Self.sent(rows.joined(separator: "\n") + "\n", format: .kamailioAcc, to: server)
        #expect(summary.read == UInt64(2 * calls) && summary.errors == 0)
        #expect(summary.notCalls == UInt64(calls) && summary.duplicates == 0)
        #expect(server.requests.count > 2)
    }
}
