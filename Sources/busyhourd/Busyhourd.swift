// The command `busyhourd`: arguments, then a server until SIGTERM or SIGINT.
//
// Exit codes: 0 stopped as asked, 1 the machine does not allow it, 2 wrong usage. Errors are one line on stderr.

import ArgumentParser
import Glibc
import Logging
import Server

@main
struct Busyhourd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busyhourd",
        abstract: "The live customer board of a voice carrier.",
        discussion: """
            Switches send HEP3 to --hep by UDP or TCP, programs and `busyhour` connect to --listen. The server runs in \
            the foreground, logs to stderr and stops at SIGTERM or SIGINT.

            The file of --config holds lines `key = value` with the names of these options without their dashes \
            (`listen = 127.0.0.1:7878`; `switch` may come several times; `#` begins a comment line). What the command \
            line says goes before what the file says.
            """,
        version: "busyhourd \(Server.version)")

    @Option(help: "Directory of the server's data; created if it is not there. Two servers never share one.")
    var dataDir: String?

    @Option(help: "HOST:PORT for programs; port 0 chooses a free one. (default: 127.0.0.1:7878)")
    var listen: String?

    @Option(help: "HOST:PORT for HEP3 by UDP and TCP, or off. (default: 127.0.0.1:9060)")
    var hep: String?

    @Option(help: "Refuse HEP packets without this authentication key.")
    var hepKey: String?

    @Option(name: .customLong("switch"), help: "Address of a switch of ours; may be given several times.")
    var switches: [String] = []

    @Option(help: "wall: the machine's clock. events: the newest event's time, for replays. (default: wall)")
    var clock: String?

    @Option(help: "Take the costs of CDRs from the customers' credit: on or off. (default: on)")
    var debit: String?

    @Option(help: "File with further settings.")
    var config: String?

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ServerError {
            fail(error.message, code: error.kind == .usage ? 2 : 1)
        } catch {
            // --help and --version come here as well; they are no failures.
            if exitCode(for: error) == .success { exit(withError: error) }
            fail("\(message(for: error)); see busyhourd --help", code: 2)
        }
    }

    func run() throws {
        Memory.keepWhatIsFreed()
        let signals = StopSignals()
        var settings = told
        if let config { settings = settings.over(try Settings(path: config)) }
        let server = try Server.start(try settings.serverConfiguration(), logger: Self.logger())
        print(server.summary)
        // A script that waits for this line must not wait for a full buffer.
        fflush(nil)
        signals.wait()
        server.shutdown()
    }

    /// What the command line says.
    private var told: Settings {
        var settings = Settings()
        settings.dataDirectory = dataDir
        settings.listen = listen
        settings.hep = hep
        settings.hepKey = hepKey
        settings.clock = clock
        settings.debit = debit
        settings.switches = switches
        return settings
    }

    private static func logger() -> Logger {
        Logger(label: "busyhourd") { StreamLogHandler.standardError(label: $0) }
    }

    private static func fail(_ message: String, code: CInt) -> Never {
        let line = Array("busyhourd: \(message)\n".utf8)
        // If nobody reads stderr, the exit code still tells.
        _ = write(STDERR_FILENO, line, line.count)
        Glibc.exit(code)
    }
}
