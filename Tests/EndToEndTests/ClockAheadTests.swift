import Foundation
import Logging
import Server
import Synchronization
import Testing

/// What the command line shows of a server whose machine's clock ran ahead.
@Suite struct ClockAheadTests {
    @Test func theCommandLineSaysSo() throws {
        // 2026-03-04 12:00:00 UTC.
        let noon: Int64 = 1_772_625_600_000_000
        let clock = SettableClock(noon)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("busyhour-\(UUID().uuidString)")
        var configuration = ServerConfiguration(dataDirectory: folder.path)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try Server.start(configuration, logger: logger, now: { clock.now })
        defer {
            server.shutdown()
            try? FileManager.default.removeItem(at: folder)
        }
        func busyhour(_ arguments: String...) throws -> String {
            let server = ["--server", server.rpcEndpoint.description]
            return try Programs.run(Programs.url("busyhour"), server + arguments).output
        }
        #expect(try busyhour("status").hasPrefix("ok  busyhourd"))
        #expect(try !busyhour("status").contains("clock behind"))

        clock.set(noon + 7_200_000_000)
        // The server looks at its clock ten times a second.
        func status(_ arguments: String..., until text: String) throws -> String {
            var shown = ""
            for _ in 0..<1_000 where !shown.contains(text) {
                shown = try Programs.run(
                    Programs.url("busyhour"), ["--server", server.rpcEndpoint.description, "status"] + arguments
                ).output
            }
            return shown
        }
        let ahead = "\"now\":\"2026-03-04T14:00:00Z\""
        #expect(try status("--format", "json", until: ahead).contains(ahead))
        clock.set(noon + 1_000_000)
        let shown = try status(until: "clock behind")
        #expect(shown.hasPrefix("clock behind: the machine's time is 1 h 59 min behind the board's, which ran ahead"))
        #expect(try busyhour("status", "--format", "json").contains("\"clock_behind_seconds\":7199"))
        #expect(try busyhour("board").hasPrefix("NOTE: clock behind: the machine's time is 1 h 59 min behind"))
        #expect(try busyhour("board", "--format", "json").contains("\"notice\":\"clock behind: "))
    }
}

/// A machine's clock that a test sets.
private final class SettableClock: Sendable {
    private let micros: Mutex<Int64>

    init(_ micros: Int64) { self.micros = Mutex(micros) }

    var now: Int64 { micros.withLock { $0 } }

    func set(_ micros: Int64) { self.micros.withLock { $0 = micros } }
}
