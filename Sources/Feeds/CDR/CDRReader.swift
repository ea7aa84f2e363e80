public import CallEvents
import Foundation

/// Reads the bytes of a CDR file, in pieces of any size, into finished calls or (Kamailio) live events.
///
/// A row goes through these steps, each in a file of its own: the line or document is cut out (`+Lines`, `+Documents`),
/// its fields are found (`CDRFieldSplitter`, `JSONFields`), a layout assigns fields to columns (`CDRLayout`), the
/// columns are read into values (`+Values`), and the values become a call (`CDRValues`) or events (`+Kamailio`).
///
/// Rows that belong together are joined here (Asterisk: all rows of one unique id; FreeSWITCH CSV: the B leg named by a
/// `bleg_uuid`; accounting: all rows of one Call-ID; `csv`: the row of an id chosen by `CDRKeep`). For that a call is
/// held until `CDRLimits.heldRows` more have come, until two calls of `finish(atEnd: false)`, or until the end of the
/// file. A later row has the same `CallKey` and so is known to the board as a repetition. Unique ids are reused: see
/// `+Identity`.
///
/// **Columns of `csv`** (by a map, by header line or in `columns`; upper or lower case; unknown columns are skipped;
/// the names of FreeSWITCH, Asterisk and CGRateS are accepted too):
/// `id` (unique; without this column calls have no identity and are never taken for repetitions) ·
/// `customer` or `account` (the account code), `ip`, `sip_user` (the sender; all that the row has), and inputs of
/// entries with several conditions: `port`, `called`, `from_domain`, `uri_domain`, `contact_domain`, `tgrp`, `pai`,
/// `header_NAME` ·
/// `setup_at` (required), `ring_at`, `answer_at`, `end_at`: epoch seconds, milliseconds or microseconds by size, with
/// decimals or without, RFC 3339, `YYYY-MM-DD hh:mm:ss` and the spellings of `CDRTimeParser`; empty or 0: did not
/// happen · `duration` (setup to end), `talk` (answer to end; one of these two or `end_at` is required), `pdd` (setup
/// to ringing): seconds, `hh:mm:ss` and the spellings of `CDRNumber.duration`; in the unit of a suffix `_ms` or `_min`
/// of the name · `code` (final SIP code), `q850`, `cause` (a FreeSWITCH name, a number or a word), `disposition` (a
/// word for the outcome) · `cost` (decimal, in the customer's currency; below 0: a credit note) · `currency` (ISO 4217)
/// · `direction` in the customer's view (`inbound`: it is called; `outbound`), or in a switch's (`outgoing` is not a
/// call). Fields are split at commas, semicolons, tabs or bars, whichever the first row has. Lines that are not rows
/// (titles, a second header line, totals) are recognized: `+Headings`.
///
/// **Local times** are in `timeZone`. In the hour repeated at the end of daylight saving, the reading is chosen
/// that fits the row's own durations and the order of the file (`CDRValues.settle`); a time skipped at the beginning of
/// daylight saving is read with the offset before the change, so it is the instant an hour later on the wall
/// clock.
public struct CDRReader: Sendable {
    public let format: CDRFormat
    public let file: String
    /// Legs dialled by the switch are read, too: some are calls to customers. Else they do not count as calls.
    public var readsSwitchLegs = false
    /// True if the command line named the columns: then there is no header line.
    let hasGivenColumns: Bool
    let options: CDROptions

    /// Settings for the costs. To be set before anything is read.
    public var money = CDRMoney() { didSet { records.costLimitMicros = money.limitMicros } }

    var clock: LocalClock
    /// Nil until the header line came, for formats that need one.
    var layout: CDRLayout?
    var hasHeader = false
    /// The positions of the filter's columns in a row.
    var filterPlaces: [Int] = []
    /// Lines above the header so far: errors, unless a header line comes.
    var titles: [CDRError] = []
    /// Of these the most likely header, for messages.
    var likelyHeader: [String] = []
    var delimiter = UInt8.comma
    /// True once a row was split by it.
    var isDelimiterKnown = false
    var isFlat = false

    // Splitting.
    var carry: [UInt8] = []
    /// Lines in `carry` that end within a quoted field.
    var openLines = 0
    var isSkipping = false
    var isUnreadable = false
    var documents = JSONDocumentSplitter()
    var json: JSONFields?
    var fields: [CDRField] = []

    // Position: bytes taken, lines begun, and where the row being cut or read begins.
    var offset: Int64 = 0
    var lines = 0
    var rowOffset: Int64 = 0
    var rowLine = 1

    // Results.
    var records = RecordCollector()
    var events = EventCollector()
    var errors: [CDRError] = []
    var warnings: [CDRWarning] = []
    /// The outcome of the rows so far. Cheap to read at any time.
    public internal(set) var counters = CDRCounters()

    // Memory of former rows.
    /// The numbers of the last calls (`RecordCollector.nextNumber`) by key.
    var recent = KeyedMemory<Int>(capacity: CDRLimits.recentKeys)
    var otherLegs = RecentKeys(capacity: CDRLimits.recentKeys)
    /// Hashes of the last rows.
    var recentRows = RecentKeys(capacity: CDRLimits.heldRows)
    /// The costs of the last rows, by hashes of their other fields (Asterisk).
    var rowCosts = KeyedMemory<Int64>(capacity: CDRLimits.heldRows)
    /// The last calls by what their rows have in common.
    var knownCalls = KeyedMemory<CallSpan>(capacity: CDRLimits.recentKeys)
    var held = HeldCalls()
    /// Held accounting rows.
    var heldRows = HeldRows()
    var parties = KeyedMemory<Party>(capacity: CDRLimits.parties)
    var attempts = Attempts()
    var lastEndMicros = Int64.min / 2
    /// In the hour repeated at the end of daylight saving: the latest set-up in earlier files, if any, so that a file
    /// which starts the hour over is in the second pass. Microseconds since 1970.
    public var passFloorMicros: Int64?
    /// The latest set-up of this file in such an hour.
    public internal(set) var latestDoubtfulMicros: Int64?
    /// Number of ids stored as strings, for people; 0 except for a preview.
    public var idsShown = 0
    /// The ids of the first calls, by their keys.
    public internal(set) var shownIDs: [CallKey: String] = [:]
    /// The words of the columns `disposition` and `cause`.
    var words: WordMemory
    var causes: WordMemory

    /// - Parameters:
    ///   - columns: the file's fields in their order, by the names of the product; empty for the format's default (for
    ///     `csv`: the header line names them).
    ///   - timeZone: of local times: an IANA name, `UTC`, or an offset such as `+02:00`.
    ///   - file: the name of the file, for errors.
    /// - Throws: `CDRUsageError` if the zone is not known or the columns cannot describe a call.
    public init(format: CDRFormat, columns: [String], timeZone: String, file: String) throws(CDRUsageError) {
        var options = CDROptions()
        (options.columns, options.timeZone) = (columns, timeZone)
        try self.init(format: format, options: options, file: file)
    }

    /// A reader with all options of a file.
    /// - Throws: `CDRUsageError` if they are invalid.
    public init(format: CDRFormat, options: CDROptions, file: String) throws(CDRUsageError) {
        guard let clock = LocalClock(options.timeZone) else {
            throw CDRUsageError(
                message:
                    "time zone \"\(options.timeZone)\" is not known; give an IANA name such as Europe/Berlin, UTC, "
                    + "or an offset such as +02:00")
        }
        if format != .csv, let option = options.optionForCSV {
            throw CDRUsageError(
                message: "\(option) is for records of --format csv; \(format.rawValue) has its own meaning of columns")
        }
        self.format = format
        self.file = file
        self.clock = clock
        self.options = options
        words = WordMemory(format, options.dispositions, tellsCause: false)
        causes = WordMemory(format, options.dispositions, tellsCause: true)
        let columns = options.columns
        hasGivenColumns = !columns.isEmpty
        let names = columns.isEmpty ? format.defaultColumns : columns.map { $0.trimmingCharacters(in: .whitespaces) }
        if !names.isEmpty {
            let layout = try layout(names)
            if let missing = layout.missing(for: format) {
                throw CDRUsageError(
                    message: "the columns of \(format.rawValue) lack \(missing); name every field of a row in "
                        + "--columns, in order, as the product names it")
            }
            if let filter = options.filter { _ = try filter.places(layout.titles, fields: layout.names) }
            begin(layout)
        } else if let missing = options.map.missing {
            throw CDRUsageError(message: "--map lacks \(missing); name the column that tells it")
        }
        if format.isJSON { json = JSONFields(names: names, within: format == .freeswitchJSON ? "variables" : nil) }
    }

    /// Takes any piece of the file; lines may be cut anywhere. Cost: one pass over the bytes.
    public mutating func read(_ bytes: UnsafeRawBufferPointer) {
        // Raw memory consists of UInt8: any bytes may be read as such, and the buffer outlives this closure.
        bytes.withMemoryRebound(to: UInt8.self) { bytes in
            if isUnreadable {
                offset += Int64(bytes.count)
            } else if format.isJSON {
                readDocuments(bytes.span)
            } else {
                readLines(bytes)
            }
        }
    }

    /// Ends a read.
    ///
    /// - Parameter atEnd: true if the file is complete: its last line is read even without a line break if it is a
    ///   whole row, else reported as `cdr_cut_line`, and all held calls are emitted. False if the file
    ///   may grow (`--follow`): the unfinished line stays, and so do the calls held since the last call of
    /// `finish`.
    public mutating func finish(atEnd: Bool) {
        if atEnd {
            if format.isJSON { finishDocuments() } else { finishLines() }
            while let oldest = held.first { releaseFirst(oldest) }
            while heldRows.first != nil { releaseOldestRows() }
            records.release()
            return
        }
        records.countPoll()
        held.countPoll()
        while let oldest = held.first, oldest.polls > 1 { releaseFirst(oldest) }
        heldRows.countPoll()
        while let oldest = heldRows.first, oldest.polls > 1 { releaseOldestRows() }
    }

    /// Emits the finished calls so far, each once, in the order of their first rows.
    public mutating func takeRecords() -> CallRecordBatch { records.take().0 }

    /// Emits the events so far, each once (format `kamailio-acc`).
    public mutating func takeEvents() -> CallEventBatch { events.take().0 }

    /// Emits the finished calls with the file offset of each call's first row. Offsets ascend, and are below
    /// `state.offset`, where anything emitted later begins.
    public mutating func takePlacedRecords() -> (CallRecordBatch, offsets: [Int64]) { records.take() }

    /// The lines of the first rows of the calls that `takePlacedRecords` emits next, from 1.
    public var recordLines: [UInt32] { records.lines }

    /// The lines of the rows of the events that `takePlacedEvents` emits next, from 1.
    public var eventLines: [UInt32] { events.lines }

    /// Emits the events with the offset of each event's row; a row may give several.
    public mutating func takePlacedEvents() -> (CallEventBatch, offsets: [Int64]) { events.take() }

    /// Returns the errors since the last call, at most `CDRLimits.errorsKept`; `counters` has all.
    public mutating func takeErrors() -> [CDRError] {
        defer { errors.removeAll(keepingCapacity: true) }
        return errors
    }

    /// Returns the warnings since the last call, at most `CDRLimits.errorsKept`; `counters` has all.
    public mutating func takeWarnings() -> [CDRWarning] {
        defer { warnings.removeAll(keepingCapacity: true) }
        return warnings
    }
}

extension CDRReader {
    /// Where a later run may continue without loss, once nothing is left to take.
    public struct State: Codable, Equatable, Sendable {
        /// Offset in the file: every row before it was emitted.
        public var offset: Int64
        /// Lines before the offset.
        public var lines: Int
        /// The columns, if a header line before the offset named them.
        public var header: [String]
    }

    public var state: State {
        let header = hasGivenColumns || format.isJSON ? [] : layout?.titles ?? []
        if let first = records.firstHeld {
            return State(offset: first.offset, lines: first.line - 1, header: header)
        }
        if let first = held.first {
            return State(offset: first.offset, lines: first.line - 1, header: header)
        }
        if let first = heldRows.first {
            return State(offset: first.offset, lines: first.line - 1, header: header)
        }
        let isWithinRow = format.isJSON ? !documents.isEmpty : !carry.isEmpty || isSkipping
        return State(offset: isWithinRow ? rowOffset : offset, lines: isWithinRow ? rowLine - 1 : lines, header: header)
    }

    /// The offset from which a restart may read again: `state.offset`. Rows after it may come again and then have the
    /// same keys.
    public var resumeOffset: Int64 { state.offset }

    /// Continues where a former run stopped; the next bytes must be those at `state.offset`. Before the first `read`.
    public mutating func resume(_ state: State) {
        offset = max(0, state.offset)
        rowOffset = offset
        lines = max(0, state.lines)
        rowLine = lines + 1
        guard !state.header.isEmpty, !hasGivenColumns, !format.isJSON else { return }
        guard let named = try? layout(state.header, isOpenEnded: isOpenEnded), named.suffices(for: format) else {
            return
        }
        begin(named)
        hasHeader = state.header != format.defaultColumns
    }

    /// Continues with the next file of a rotation, after `finish(atEnd: true)`: its first line is line 1, and what was
    /// learnt of calls is retained.
    public mutating func beginFile() {
        carry.removeAll(keepingCapacity: true)
        openLines = 0
        isSkipping = false
        isUnreadable = false
        isDelimiterKnown = false
        delimiter = .comma
        documents.reset()
        offset = 0
        lines = 0
        rowOffset = 0
        rowLine = 1
        titles = []
        likelyHeader = []
        if !hasGivenColumns, format.defaultColumns.isEmpty { layout = nil }
    }
}
