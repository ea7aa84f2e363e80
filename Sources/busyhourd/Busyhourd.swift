// The command `busyhourd`: arguments, then a server until SIGTERM or SIGINT.
//
// Exit codes: 0 stopped on request, 1 the machine does not allow it or a check found a fault, 2 wrong usage, 74 the
// disk failed.
// Errors are one line on stderr.

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
            the foreground, logs to stderr and stops at SIGTERM or SIGINT; at SIGHUP it saves everything, reads the files \
            of --hep-tls-cert, --hep-tls-key and --hep-tls-ca again, and goes on.

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

    @Option(name: .customLong("hep-tls"), help: "HOST:PORT for HEP3 by TLS, or off. (default: off)")
    var hepTLS: String?

    @Option(
        name: .customLong("hep-tls-cert"),
        help: ArgumentHelp("The server's certificate and those that signed it, in PEM.", valueName: "file"))
    var hepTLSCertificate: String?

    @Option(
        name: .customLong("hep-tls-key"),
        help: ArgumentHelp("The key of that certificate, in PEM and without a passphrase.", valueName: "file"))
    var hepTLSKey: String?

    @Option(
        name: .customLong("hep-tls-ca"),
        help: ArgumentHelp(
            "Take HEP by TLS only from agents whose certificate one of these has signed, in PEM.", valueName: "file"))
    var hepTLSAuthority: String?

    @Option(help: "Refuse HEP packets without this authentication key.")
    var hepKey: String?

    @Option(name: .customLong("switch"), help: "Address of a switch of ours; may be given several times.")
    var switches: [String] = []

    @Option(
        parsing: .unconditional,
        help: "wall: the machine's clock. events: the newest event's time, for replays. (default: wall)")
    var clock: String?

    @Option(
        parsing: .unconditional,
        help: "Times of HEP agents whose clocks are off: correct, trust or refuse them. (default: correct)")
    var agentClock: String?

    @Option(
        parsing: .unconditional, help: "Take the costs of CDRs from the customers' credit: on or off. (default: on)")
    var debit: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Refuse calls that cost more, as in 500, or VND 5000000 for one currency; may be given several times.",
            valueName: "amount"))
    var costLimit: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Size of a segment of a new journal, such as 64M; two spare ones are kept ready. (default: 64M)")
    var journalSegment: String?

    @Option(
        parsing: .unconditional,
        help: "Finished calls that are kept to be found, the newest ones; some 130 bytes each. (default: 1000000)")
    var keepCalls: String?

    @Option(
        parsing: .unconditional,
        help: "Calling and called numbers are shown whole (none), without their last N digits (last:N), or not (all).")
    var maskNumbers: String?

    @Option(help: "File with further settings.")
    var config: String?

    @Option(help: "Read a data directory or a backup, say what it holds and what is damaged, change nothing, and end.")
    var check: String?

    @Option(help: "Make a damaged data directory startable, say what is lost, and end; what is cut is kept in it.")
    var repair: String?

    @Option(help: "Fill the new directory of --data-dir from a backup (busyhour snapshot --to FILE), and end.")
    var restore: String?

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ServerError {
            fail(error.message, code: error.kind == .usage ? 2 : 1)
        } catch {
            // --help and --version end here as well; they are not failures.
            if exitCode(for: error) == .success { exit(withError: error) }
            fail("\(message(for: error)); see busyhourd --help", code: 2)
        }
    }

    func run() throws {
        guard [check, repair, restore].count(where: { $0 != nil }) <= 1 else {
            throw ServerError("--check, --repair and --restore go one at a time; see busyhourd --help", kind: .usage)
        }
        if let check { return try Self.inspect(check) }
        if let repair {
            for line in try DataRepair(path: repair).lines { print(line) }
            return try Self.inspect(repair)
        }
        if let restore {
            guard let dataDir else { throw ServerError("where to? give --data-dir NEW", kind: .usage) }
            umask(0o077)
            try BackupRestore.restore(restore, to: dataDir)
            return try Self.inspect(dataDir)
        }
        try serve()
    }

    /// Prints what a directory holds.
    private static func inspect(_ path: String) throws {
        let inspection = try DataInspection(path: path)
        for line in inspection.lines { print(line) }
        for fault in inspection.faults { print("fault: \(fault)") }
        if inspection.faults.isEmpty {
            print("no faults")
        } else {
            let count = inspection.faults.count
            let remedy =
                inspection.isFile
                ? "a file is not repaired: use another backup, or make one (busyhour snapshot --to FILE)"
                : "busyhourd --repair makes the directory startable, a backup brings everything back (--restore)"
            throw ServerError(
                "\(path) has \(count) \(count == 1 ? "fault" : "faults"), see above; \(remedy)", kind: .environment)
        }
    }

    private func serve() throws {
        Memory.takeHugePages()
        // Files of the server are not for other users to read.
        umask(0o077)
        Memory.keepWhatIsFreed()
        let signals = StopSignals()
        var settings = told
        if let config { settings = settings.over(try Settings(path: config)) }
        let logger = Self.logger()
        let server = try Server.start(try settings.serverConfiguration(), logger: logger)
        print(server.summary)
        // A script that waits for this line must not wait for a full buffer.
        fflush(nil)
        signals.wait {
            logger.notice("SIGHUP: saving everything; the server continues; it reads its configuration only at start")
            server.saveNow()
            server.reloadCertificates()
        }
        server.shutdown()
    }

    /// The settings of the command line.
    private var told: Settings {
        var settings = Settings()
        settings.dataDirectory = dataDir
        settings.listen = listen
        settings.hep = hep
        settings.hepTLS = hepTLS
        settings.hepTLSCertificate = hepTLSCertificate
        settings.hepTLSKey = hepTLSKey
        settings.hepTLSAuthority = hepTLSAuthority
        settings.hepKey = hepKey
        settings.clock = clock
        settings.agentClock = agentClock
        settings.debit = debit
        settings.journalSegment = journalSegment
        settings.keepCalls = keepCalls
        settings.maskNumbers = maskNumbers
        settings.switches = switches
        settings.costLimits = costLimit
        return settings
    }

    private static func logger() -> Logger {
        Logger(label: "busyhourd") { StreamLogHandler.standardError(label: $0) }
    }

    private static func fail(_ message: String, code: CInt) -> Never {
        let line = Array("busyhourd: \(message)\n".utf8)
        // If stderr is not read, the exit code still reports it.
        _ = write(STDERR_FILENO, line, line.count)
        Glibc.exit(code)
    }
}
