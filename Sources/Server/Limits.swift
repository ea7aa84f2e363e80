// Every limit of the server, each with its reason. The limit of a frame belongs to `Wire`.

import Feeds
import NIOCore

enum Limits {
    // ---- connections ----------------------------------------------------------------------------------------

    /// Connections of programs at a time. Each costs some kilobytes while idle, so this is 100 MB at most.
    static let connections = 10_000
    /// Of these from one address: a thousand viewers behind one router, but no more for a program that never closes.
    static let connectionsPerAddress = 2_000
    /// How long the rest of a started frame may take. Enough for the longest frame over half a megabit a
    /// second; a peer that sends a byte now and then holds no memory for longer.
    static let framePatience = TimeAmount.minutes(5)
    /// TCP keep-alive: seconds of silence before the first probe, seconds between further probes, and unanswered probes
    /// before the connection is closed. Idle connections may stay.
    static let keepAliveIdle = 60
    static let keepAliveInterval = 15
    static let keepAliveCount = 4
    /// Connections that wait while the server reads its data: a thousand programs reconnecting at once.
    static let waitingConnections = 2_000
    /// Connections over a limit that are sent an error at a time, each for `drain` at most. Others are just closed.
    static let refusedConnections = 256
    /// How often refused connections are logged.
    static let refusalLogInterval = TimeAmount.seconds(10)
    /// HEP connections at a time: switches, of which a carrier has tens.
    static let hepConnections = 1_024
    /// How long the handshake of a HEP connection by TLS may take: some round trips over the worst line. A peer that
    /// sends nothing holds one of the places above for no longer.
    static let handshakePatience = TimeAmount.seconds(10)
    /// How long the end of a TLS connection waits for the peer's farewell.
    static let tlsFarewell = TimeAmount.milliseconds(500)
    /// Bytes of a file of certificates: some hundred of them.
    static let certificateFileBytes = 1 << 20
    /// How long before its end the status tells of a certificate: time enough to have a new one made.
    static let certificateNoticeMicros: Int64 = 14 * 86_400_000_000
    /// Requests that a connection may have answered in one turn before the others get theirs. Requests are answered one
    /// after the other as they are read, so this bounds the ones in flight.
    static let requestsPerTurn = 256
    /// Bytes of answers that a connection may have waiting for its peer to read. Above, its requests wait unread, and
    /// the peer's writes block.
    static let outputBytes = 1 << 20
    /// Below it a waiting connection resumes; answers are handed to the socket in parts of at least this size.
    static let outputResumeBytes = 1 << 18
    /// Bytes of a connection read at a time: some thousand small requests, and large batches in few reads.
    static let readBytes = 1 << 18
    /// Connections waiting to be accepted.
    static let backlog: Int32 = 1_024
    /// Bytes of an error's message, which may quote what the peer sent.
    static let errorBytes = 4_096

    /// Deleted customers of one name listed by id in an error: as many as are worth reading.
    static let listedNamesakes = 20
    /// Customers in a request: each takes some hundred bytes once read, though two on the wire.
    static let customersPerRequest = 100_000
    /// Their fields and list elements: some ten per customer; each may take a hundred bytes.
    static let customerFieldsPerRequest = 2_000_000

    // ---- feeds ----------------------------------------------------------------------------------------------

    /// The kernel's buffer of the HEP socket: two seconds of a busy switch's datagrams while the engine does
    /// something long. The system caps it at net.core.rmem_max.
    static let datagramBufferBytes: Int32 = 8 << 20
    /// The longest datagram possible; a HEP packet's length field ends there, too.
    static let datagramBytes = 65_535
    /// Datagrams read in one system call.
    static let datagramsPerRead = 32
    /// How often messages whose remaining pieces have not come are checked, whether or not packets come. One is given
    /// up after twice this time at most.
    static let pieceSweep = TimeAmount.microseconds(FeedLimits.pieceMicros)
    /// How often the kernel's count of dropped datagrams is read.
    static let dropWatch = TimeAmount.seconds(1)
    /// Delay from a packet to its agent's entry in the status: each time a copy of all agents, some microseconds.
    static let agentTelling = TimeAmount.milliseconds(50)
    /// How long after its last packet an agent whose clock is off is reported in the health of the server.
    static let agentNoticeMicros: Int64 = 600_000_000
    /// Log lines about agents within `agentLogInterval`; those beyond are counted. A line is written each time an
    /// agent's clock or an error is news, so only a flood of invented agents has more.
    static let agentLogLines = 20
    static let agentLogInterval = TimeAmount.minutes(1)
    /// Bytes of a HEP connection read at a time.
    static let hepReadBytes = 1 << 16
    /// Batches handed to the engine and not yet counted. At the limit the feeds stop reading and the kernel's buffers
    /// fill: memory stays bounded, and a TCP sender waits.
    static let batchesInFlight = 8
    /// Distinct error names counted in a feed. Programs may bring names of their own.
    static let errorNames = 64
    static let errorNameBytes = 64
    /// Captures sent by programs at a time, by name. The one idle longest is dropped for a new one.
    static let hepStreams = 64
    /// Bytes of a capture's name.
    static let streamNameBytes = 256

    // ---- board queries --------------------------------------------------------------------------------------

    /// Up to so many customers a board is answered on the engine's loop: the slowest takes about a millisecond.
    static let customersAtOnce = 131_072
    /// So is a query answered within this time before, if nothing has changed since or the changes are known: handing
    /// it to another thread and back takes a tenth of it.
    static let boardAtOnce = TimeAmount.microseconds(500)
    /// Board queries that wait for the one under way, each for some milliseconds.
    static let boardQueries = 4_096
    /// Of these from one connection; its further requests wait unread.
    static let boardQueriesPerConnection = 64
    /// Queries whose duration is remembered: as many as the engine caches sums for, and some.
    static let knownQueries = 32

    // ---- answers --------------------------------------------------------------------------------------------

    /// Rows of a board if the request does not say.
    static let defaultBoardRows = 100
    /// Cells of a board: at eight bytes each they fill the longest frame.
    static let boardCells = 1 << 21
    /// Columns to reckon with if the request leaves the choice to the board.
    static let defaultBoardColumns = 20
    /// Customers or live calls in an answer, if the request does not say.
    static let defaultListRows = 1_000
    /// Characters of a column of a layout: more than any terminal shows is of no use.
    static let columnWidth: UInt32 = 500
    /// Columns of an import file, as many as spreadsheets have.
    static let templateColumns: UInt32 = 16_384
    /// Bytes of the name of a file's encoding; the longest known have a dozen.
    static let encodingNameBytes = 64
    /// Bytes of each part of a CDR file template: a map of all 130 columns of a call manager, twice over.
    static let cdrTemplateBytes = 8_192
    /// Customers in an answer: ten thousand of ordinary size take some megabytes.
    static let customersPerAnswer = 10_000
    /// Bytes of customers after which an answer ends: the last one's notes and lists still fit a frame.
    static let customerBytesPerAnswer = 8 << 20
    /// Live calls in an answer: about 100 bytes each, so 10 MB.
    static let callsPerAnswer = 100_000

    /// Time per tick for due changes; the rest waits for the next tick. An edit of a million customers takes longer,
    /// and is done as a whole, as when a client requests it.
    static let dueAtOnce = TimeAmount.milliseconds(20)
    /// Scheduled changes in one answer, and bytes of them: a list as long as is worth reading, and one frame.
    static let scheduledPerAnswer = 10_000
    static let scheduledBytesPerAnswer = 8 << 20
    /// Of these, changes that failed at their time.
    static let failedPerAnswer = 100
    /// Ids shown of an edit that begins later; the rest is counted.
    static let shownPlannedIDs = 100

    /// Differences in the answer to a change, and changes in a history: as many as are worth reading.
    static let shownDifferences = 1_000
    static let historyEntries = 1_000
    static let defaultHistoryEntries = 100

    /// Row errors in one answer: as many as are worth reading; the rest is counted.
    static let reportedErrors = 1_000

    // ---- saving ---------------------------------------------------------------------------------------------

    /// How often the statistics are saved: what a crash may lose of them.
    static let statisticsInterval = TimeAmount.seconds(10)
    /// The shortest time between two saves of the statistics while producers wait for one.
    static let wantedStatisticsInterval = TimeAmount.milliseconds(200)
    /// Journal bytes beyond the newest snapshot of the customers that trigger another one: what a restart
    /// has to replay, half a second's work.
    static let snapshotJournalBytes: UInt64 = 64 << 20
    /// Changed customers are saved at least as often, so that segments of the journal are reused.
    static let customersInterval = TimeAmount.minutes(5)
    /// Backups that clients read at a time; each holds a file as large as a snapshot on the disk.
    static let backups = 4
    /// How long a backup waits for its client's next read.
    static let backupPatience = TimeAmount.minutes(1)
    /// Bytes of a backup in an answer: a millisecond's reading.
    static let backupBytes = 1 << 20
    /// Answers that a connection may wait for while other requests are answered: snapshots and parts of backups.
    static let lateAnswers = 16

    /// How often the progress of a start is logged.
    static let progressInterval = TimeAmount.seconds(1)

    // ---- the process ----------------------------------------------------------------------------------------

    /// How often the windows slide and what is due fires.
    static let tick = TimeAmount.milliseconds(100)
    /// How often some customers' warnings are checked: often, so that each check is short.
    static let watch = TimeAmount.milliseconds(10)
    /// For so long after the last board query, calls are folded into the windows as soon as the loop is idle, and not
    /// with the tick or the next query.
    static let foldingForBoards = TimeAmount.seconds(10)
    /// Such folding takes at most one part in so many of the loop's time: folding a few calls costs more per call.
    static let foldingShare: Int64 = 8
    /// A tick later than this is reported as overload in the status: the windows then visibly stand still.
    static let tolerableDelay = TimeAmount.seconds(1)
    /// Time for connections to read their last answers when the server stops.
    static let drain = TimeAmount.seconds(2)
    /// Bytes of a configuration file.
    static let configurationBytes = 1 << 20
    /// Attempts to find a port that is free for both TCP and UDP, if the system chooses it.
    static let portAttempts = 16
}
