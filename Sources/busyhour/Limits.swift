// Every limit of the command line, each with its reason.

enum Limits {
    /// Seconds that a server may send nothing while an answer is due: it answers within milliseconds, and within
    /// seconds while the machine is short of memory.
    static let silenceSeconds: Int64 = 10
    /// How long the server may take to write and read back everything it has.
    static let snapshotPatience = Duration.seconds(600)

    // ---- import ---------------------------------------------------------------------------------------------

    /// Rows sent in one part of an import: what the server checks while others wait, some ten milliseconds.
    static let rowsPerPart = 2_000
    /// Bytes of the customers in one part: below the frame's limit of 16 MiB with room for what surrounds them.
    static let partBytes = 4 << 20
    /// Parts that are under way at a time.
    static let partsUnderWay = 8
    /// Rows of a file: the server takes no more.
    static let importRows = 2_000_000
    /// Bytes in which the header has to be.
    static let headerBytes = 1 << 18
    /// Bytes of a row: every field at its longest, some times over.
    static let rowBytes = 4 << 20
    /// Cells of a row: all fields, and as many foreign columns as spreadsheets have.
    static let columns = 16_384
    /// Bytes by which a file's kind and encoding are detected: past the name of the first file in a workbook.
    static let signatureBytes = 128
    /// Errors of an import that a program gets; the rest is counted.
    static let listedImportErrors = 1_000
    /// Errors with `--all-errors`: some 20 MB.
    static let allImportErrors = 100_000
    /// Errors of an import that people get, so that with the kinds and the summary they fit a screen; all are counted
    /// by kind.
    static let printedImportErrors = 12
    /// Unknown columns of a header that are listed; the rest is counted.
    static let shownUnknownColumns = 20
    /// Kinds of errors that are counted separately, and of these those that are printed.
    static let errorKinds = 200
    static let printedErrorKinds = 5
    /// Rows with bad cells that the server checks as well, so that all errors of a row are reported at once.
    static let checkedFaultyRows = 1_000
    /// Characters of a cell repeated in an error.
    static let quotedCharacters = 60

    // ---- changes --------------------------------------------------------------------------------------------

    /// Differences shown of a change of one customer: more than there are fields.
    static let shownDifferences: UInt32 = 64
    /// Differences that the server sends at most.
    static let mostDifferences: UInt32 = 1_000
    /// Scheduled changes of a customer, shown below its fields; the rest is counted.
    static let scheduledOfCustomer: UInt32 = 10
    /// How long an edit of millions may take on a slow disk.
    static let changePatience = Duration.seconds(120)

    // ---- feeds ----------------------------------------------------------------------------------------------

    /// Bytes of a file read at a time.
    static let readBytes = 1 << 18
    /// Records of a capture, and bytes of them, in one request.
    static let recordsPerRequest = 500
    static let recordBytesPerRequest = 4 << 20
    /// Records that one packet may be cut into: reads of a connection return more than a kilobyte of its at most 64.
    static let recordsOfPacket = 64
    /// Calls or events in one request.
    static let callsPerRequest = 4_096
    /// Numbers from the first row of a request to its last, so that twice as many fit 32 bits.
    static let numbersPerRequest: UInt64 = 1 << 30
    /// Unreadable lines of a CDR file that are shown; the rest is counted.
    static let shownLineErrors = 20
    /// Rows shown as late, ahead of the clock or unattributed, of each; the rest is counted.
    static let shownOddRows: UInt64 = 5
    /// Of such rows, those held and not shown yet.
    static let keptOddRows = 1_000

    /// Requests of a feed that are under way at a time: enough to keep the server busy while the next is made.
    static let requestsUnderWay = 4
    /// How long calls of a pipe are held, once or twice, for further rows that were written in one go.
    static let heldPause = Duration.seconds(1)
    /// How often a followed file is checked when nothing is new.
    static let followPause = Duration.milliseconds(200)
    /// Pause before an attempt to reach a lost server: doubled up to five seconds, and between half of it and all of
    /// it, so that feeds do not reconnect at the same instant.
    static func reconnectPause(attempt: Int) -> Duration {
        let milliseconds = min(5_000, 100 << min(attempt - 1, 6))
        return .milliseconds(Int.random(in: milliseconds / 2...milliseconds))
    }
    /// Attempts to reach it before a feed of files gives up: more than a minute. Started again, it continues.
    static let reconnectAttempts = 20
    /// Bytes retained until they are durable on the server: ten seconds of a fast feed. Above, the server is asked to
    /// save soon, and waited for.
    static let keptBytes = 256 << 20
    /// Pause between two polls whether the server has saved what it counted, and the polls at a feed's end: a minute.
    static let safePause = Duration.milliseconds(100)
    static let safePolls = 600
    /// Of these polls, those before the reason of the wait is reported: a healthy server saves within a few.
    static let quietPolls = 20
    /// Pauses of a followed file between two polls of the server's progress: a second.
    static let followPausesPerLook = 5
    /// Files of a directory, and bytes of them, in one feed: what is sent again if it is interrupted and a file is
    /// gone.
    static let filesPerFeed = 1_000
    static let bytesPerFeed: Int64 = 1 << 30
    /// Records of fed files, by which those of a directory are recognized; above, those of missing files are dropped.
    static let filesKnown = 100_000
    /// Files of a directory whose passes through the hour repeated at the end of daylight saving are stored: two days
    /// of files by the minute.
    static let passFiles = 4_096
    /// Calls that `--dry-run` shows.
    static let previewRows = 20
    /// Pause between two scans of a followed directory: a file that has not changed in between is finished.
    static let folderPause = Duration.seconds(1)
    /// Bytes at the head of a file by which an interrupted feed recognizes it: past a header and hundreds of rows.
    static let headBytes = 1 << 16

    // ---- watching -------------------------------------------------------------------------------------------

    /// Pause between the answers of a watched board: the step in which windows slide.
    static let watchInterval = Duration.seconds(1)
    /// How long a key or a signal waits to be noticed.
    static let watchPatience = Duration.milliseconds(50)

    // ---- answers --------------------------------------------------------------------------------------------

    /// Customers requested at a time: some milliseconds of the server's.
    static let customersPerPage: UInt32 = 5_000
    /// Customers of which `customer list --sort` shows the fields: what the server orders in one answer.
    static let sortedCustomers: UInt64 = 1_000_000
    /// Ids in one condition: some kilobytes of it.
    static let idsPerCondition = 1_000
    /// Customers named where a text is not the name of one: what people read at a glance.
    static let namedCandidates: UInt64 = 5
    /// Names that a mistyped one is compared with: those that begin as it does, some milliseconds of them.
    static let comparedNames: UInt64 = 1_000
    /// Characters of a column of a layout: what fits no terminal is of no use.
    static let columnWidth: UInt32 = 500
    /// Live calls shown.
    static let calls: UInt32 = 1_000
}
