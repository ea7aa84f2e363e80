// The board, refreshed periodically: on the whole terminal, or as one JSON value per line for programs. A lost server
// is waited for; Ctrl-C ends it, and on the terminal `q`.

import Client
import Terminal

struct BoardWatch {
    var options: BoardOptions
    var global: GlobalOptions
    /// Decimals of money; nil: those of its currency.
    var moneyDigits: Int?
    /// The text in the last line of the screen before the keys.
    var title: String

    /// - Throws: `UsageError` if the output cannot be repainted.
    func check(_ device: OutputDevice = .standardOutput) throws(UsageError) {
        switch try global.outputFormat() {
        case .json, .ndjson: break
        case .table:
            if !device.isTerminal {
                throw UsageError(
                    "a live table needs a terminal; for a program, add --format ndjson: one result per line")
            }
        case .csv:
            throw UsageError("--watch does not support CSV; use --format ndjson, or omit --format")
        }
    }

    func run() async throws {
        try check()
        StopSignals.catchThem()
        // Before anything is shown: errors of the query, or the server, are reported as usual.
        var client: Client? = try await global.connect()
        if try global.outputFormat() == .table {
            try await repaint(&client)
        } else {
            try await stream(&client)
        }
        await client?.close()
    }

    /// One answer per line, every second.
    private func stream(_ client: inout Client?) async throws {
        var isLost = false
        while !StopSignals.isReceived {
            do {
                try OutputDevice.standardOutput.writeLine(try await ask(&client, options).json.text)
                isLost = false
            } catch let error as ClientError where error.isAboutTheConnection {
                if !isLost { try OutputDevice.standardError.writeLine("busyhour: \(error); trying again") }
                isLost = true
            }
            try await pause { false }
        }
    }

    // ---- the screen -----------------------------------------------------------------------------------------

    private func repaint(_ client: inout Client?) async throws {
        var report = try await ask(&client, options)
        var problem: String?
        let screen = try Screen()
        let zone = try global.shownZone() ?? .local
        while !StopSignals.isReceived {
            let size = screen.size
            do {
                report = try await ask(&client, fitted(to: size))
                problem = nil
            } catch let error as ClientError where error.isAboutTheConnection {
                problem = "\(error); trying again"
            }
            try screen.paint(lines(report, problem, size, zone))
            var isOver = false
            try await pause {
                isOver = Self.isQuit(screen.keys())
                return isOver || screen.size != size
            }
            if isOver { return }
        }
    }

    /// No more rows than the screen has, unless a number is given.
    private func fitted(to size: Screen.Size) -> BoardOptions {
        var options = options
        if options.limit == nil { options.limit = UInt64(max(1, size.rows)) }
        return options
    }

    private func lines(
        _ report: BoardReport, _ problem: String?, _ size: Screen.Size, _ zone: DisplayZone
    ) -> [String] {
        // The last line of the screen is ours.
        let page = Page(
            width: size.columns, height: size.rows - 1, colours: OutputDevice.standardOutput.colours,
            moneyDigits: moneyDigits, zone: zone)
        let shown = report.lines(page).prefix(size.rows - 1)
        let gap = Array(repeating: "", count: max(0, size.rows - 1 - shown.count))
        let last = problem.map { VisibleText.clean($0) } ?? "\(title)  every second  times: \(zone.name)  q: quit"
        return shown + gap + [DisplayWidth.cut(last, to: size.columns)]
    }

    private static func isQuit(_ keys: [UInt8]) -> Bool {
        keys.contains(UInt8(ascii: "q")) || keys.contains(UInt8(ascii: "Q"))
    }

    // ---- both -----------------------------------------------------------------------------------------------

    /// Queries the server, after connecting if there is no connection.
    private func ask(_ client: inout Client?, _ options: BoardOptions) async throws -> BoardReport {
        do {
            let connection: Client
            if let client { connection = client } else { connection = try await global.connect() }
            client = connection
            return try await options.report(from: connection, isTable: global.outputFormat() == .table)
        } catch {
            if let error = error as? ClientError, error.isAboutTheConnection {
                await client?.close()
                client = nil
            }
            throw error
        }
    }

    /// Waits until the next answer is due, or less when `isInterrupted`.
    private func pause(_ isInterrupted: () -> Bool) async throws {
        let end = ContinuousClock.now + Limits.watchInterval
        while ContinuousClock.now < end && !StopSignals.isReceived {
            if isInterrupted() { return }
            try await Task.sleep(for: Limits.watchPatience)
        }
    }
}
