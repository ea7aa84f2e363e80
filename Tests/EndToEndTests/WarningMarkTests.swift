import Foundation
import Testing

@Suite struct WarningMarkTests {
    @Test func whatIsNotRaisedCannotBeSeen() throws {
        let server = try RunningServer()
        #expect(try server.busyhour("customer", "add", "A", "--currency", "EUR", "--credit", "500").exitCode == 0)
        let ack = try server.busyhour("warning", "ack", "1", "asr_low")
        #expect(ack.exitCode == 1 && ack.output.isEmpty, "\(ack)")
        #expect(ack.errors.contains("asr_low of customer 1 is not raised") && ack.errors.contains("; "), "\(ack)")
        let unknown = try server.busyhour("warning", "ack", "1", "asr_lo")
        #expect(unknown.exitCode != 0 && unknown.errors.contains("asr_low"), "\(unknown)")
        #expect(try server.busyhour("warning", "ack", "A", "no_auth").exitCode == 0, "raised by the customer's fields")
    }

    /// The summary is last, and all of it fits a screen.
    @Test func manyBadRowsEndInASummary() throws {
        let server = try RunningServer()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("bad-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        let rows = (1...3_000).map {
            "C\($0),EUR,\($0.isMultiple(of: 2) ? "many" : "1"),\($0 % 3 == 0 ? "ja" : "maybe")"
        }
        try Data((["name,currency,channels,portal_access"] + rows).joined(separator: "\n").utf8).write(to: file)
        let refused = try server.busyhour("import", file.path)
        let lines = refused.errors.split(separator: "\n")
        #expect(refused.exitCode == 1 && lines.count <= 20, "\(lines)")
        #expect(lines.last?.contains("nothing was created or changed: 4,500 errors in 3,000 rows") ?? false, "\(lines)")
        #expect(lines.first?.contains("row 2, column D") ?? false)
        // No more than a pipe holds: the test does not read errors before the end.
        try Data((["name,currency,channels,portal_access"] + rows.prefix(300)).joined(separator: "\n").utf8).write(
            to: file)
        let all = try server.busyhour("import", "--all-errors", file.path)
        let allLines = all.errors.split(separator: "\n")
        #expect(allLines.count == 451, "\(allLines.count)")
        #expect(allLines.last?.contains("450 errors in 300 rows") ?? false)
    }
}
