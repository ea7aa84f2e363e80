// Every limit of the server, each with its reason. The limit of a frame is the wire's.

import Feeds
import NIOCore

enum Limits {
    // ---- connections ----------------------------------------------------------------------------------------

    /// Connections of programs at a time. Each costs some kilobytes while idle, so this is 100 MB at most.
    static let connections = 10_000
    /// Of these from one address: a thousand viewers behind one router, and no more by one program that forgets to close.
    static let connectionsPerAddress = 2_000
    /// How long a frame that has begun may take to come. Long enough for the longest frame over half a megabit a
    /// second; a peer that sends a byte now and then holds no memory for longer.
    static let framePatience = TimeAmount.minutes(5)
    /// Seconds without a sign of the peer after which the system asks whether it is there, seconds between the further
    /// questions, and how many get no answer before the connection is closed. Idle connections may stay.
    static let keepAliveIdle = 60
    static let keepAliveInterval = 15
    static let keepAliveCount = 4
    /// Connections that wait while the server reads its data: a thousand programs that come back at once.
    static let waitingConnections = 2_000
    /// Connections over a limit that are told so at a time; each is open for `drain` at most. Further ones are closed at once.
    static let refusedConnections = 256
    /// How often the log hears of refused connections.
    static let refusalLogInterval = TimeAmount.seconds(10)
    /// HEP connections at a time: switches, of which a carrier has tens.
    static let hepConnections = 1_024
    /// How long the handshake of a HEP connection by TLS may take: some round trips over the worst line. A peer that sends nothing
    /// holds one of the places above for no longer.
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
    /// Below it a waiting connection goes on; answers are handed to the socket in parts of at least this size.
    static let outputResumeBytes = 1 << 18
    /// Bytes of a connection read at a time: some thousand small requests, and large batches in few reads.
    static let readBytes = 1 << 18
    /// Connections waiting to be accepted.
    static let backlog: Int32 = 1_024
    /// Bytes of an error's message, which may quote what the peer sent.
    static let errorBytes = 4_096

    /// Deleted customers of one name that are told apart by their ids: as many as anybody looks at.
    static let listedNamesakes = 20
    /// Customers in a request: each takes some hundred bytes while it is read, though two on the wire.
    static let customersPerRequest = 100_000
    /// Their fields and list elements: some ten of each customer; one may take a hundred bytes.
    static let customerFieldsPerRequest = 2_000_000

    // ---- feeds ----------------------------------------------------------------------------------------------

    /// The kernel's buffer of the HEP socket: two seconds of a busy switch's datagrams while the engine does
    /// something long. The system caps it at net.core.rmem_max.
    static let datagramBufferBytes: Int32 = 8 << 20
    /// The longest datagram there is; a HEP packet's length field ends there, too.
    static let datagramBytes = 65_535
    /// Datagrams read in one system call.
    static let datagramsPerRead = 32
    /// How often messages are looked for whose rest has not come, whether or not packets come: one is given up when it has waited
    /// for twice as long at most.
    static let pieceSweep = TimeAmount.microseconds(FeedLimits.pieceMicros)
    /// How often the kernel is asked for the datagrams that it dropped.
    static let dropWatch = TimeAmount.seconds(1)
    /// How long after a packet the status tells of its agent: a copy of all agents each time, some microseconds.
    static let agentTelling = TimeAmount.milliseconds(50)
    /// How long an agent whose clock is off is told of in the health of the server after its last packet.
    static let agentNoticeMicros: Int64 = 600_000_000
    /// Lines of the log about agents within `agentLogInterval`; what is beyond is counted. A line each time an agent's clock or an
    /// error is news, so only a flood of invented agents has more.
    static let agentLogLines = 20
    static let agentLogInterval = TimeAmount.minutes(1)
    /// Bytes of a HEP connection read at a time.
    static let hepReadBytes = 1 << 16
    /// Batches handed to the engine and not yet counted. At the limit the feeds stop reading and the kernel's buffers
    /// fill: memory stays bounded, and a TCP sender waits.
    static let batchesInFlight = 8
    /// Names of errors counted apart in a feed. Programs may bring names of their own.
    static let errorNames = 64
    static let errorNameBytes = 64
    /// Captures that programs send at a time, by name. The one that rested longest is forgotten for a new one.
    static let hepStreams = 64
    /// Bytes of a capture's name.
    static let streamNameBytes = 256

    // ---- board queries --------------------------------------------------------------------------------------

    /// With so many customers a board is answered where it was asked: the slowest takes about a millisecond.
    static let customersAtOnce = 131_072
    /// So is one that was asked before and answered in this time, if nothing has changed since or it is known what: handing it to
    /// another thread and back takes a tenth of it.
    static let boardAtOnce = TimeAmount.microseconds(500)
    /// Board queries that wait for the one under way, each for some milliseconds.
    static let boardQueries = 4_096
    /// Of these from one connection; its further requests wait unread.
    static let boardQueriesPerConnection = 64
    /// Queries of which it is remembered how long they took: as many as the engine keeps sums for, and some.
    static let knownQueries = 32

    // ---- answers --------------------------------------------------------------------------------------------

    /// Rows of a board where the request does not say.
    static let defaultBoardRows = 100
    /// Cells of a board: at eight bytes each they fill the longest frame.
    static let boardCells = 1 << 21
    /// Columns to reckon with where the request leaves the choice to the board.
    static let defaultBoardColumns = 20
    /// Customers or live calls in an answer, where the request does not say.
    static let defaultListRows = 1_000
    /// Characters of a column of a layout: what fits no terminal is of no use.
    static let columnWidth: UInt32 = 500
    /// Columns of an import file, as many as spreadsheets have.
    static let templateColumns: UInt32 = 16_384
    /// Of the name of a file's encoding; the longest known have a dozen.
    static let encodingNameBytes = 64
    /// Of each part of a template of files of calls: a map of all 130 columns of a call manager, twice over.
    static let cdrTemplateBytes = 8_192
    /// Customers in an answer: ten thousand of ordinary size take some megabytes.
    static let customersPerAnswer = 10_000
    /// Bytes of them, after which an answer ends: the last one's notes and lists still fit a frame.
    static let customerBytesPerAnswer = 8 << 20
    /// Live calls in an answer: about 100 bytes each, so 10 MB.
    static let callsPerAnswer = 100_000

    /// After so long at one go, changes whose time has come wait for the next tick: an edit of a million customers takes longer,
    /// and is done as a whole, as when somebody asks for it.
    static let dueAtOnce = TimeAmount.milliseconds(20)
    /// What is to come in one answer, and bytes of it: a list as long as anybody reads, and one frame.
    static let scheduledPerAnswer = 10_000
    static let scheduledBytesPerAnswer = 8 << 20
    /// Changes in it that could not be done at their time.
    static let failedPerAnswer = 100
    /// Ids that are shown of an edit that begins later; the rest is counted.
    static let shownPlannedIDs = 100

    /// Differences in the answer to a change, and changes of a history: as many as one looks at.
    static let shownDifferences = 1_000
    static let historyEntries = 1_000
    static let defaultHistoryEntries = 100

    /// Errors of rows in one answer: as many as one cares to read; the rest is counted.
    static let reportedErrors = 1_000

    // ---- saving ---------------------------------------------------------------------------------------------

    /// How often the statistics are saved: what a crash may lose of them.
    static let statisticsInterval = TimeAmount.seconds(10)
    /// The shortest time between two savings of the statistics while producers wait for one.
    static let wantedStatisticsInterval = TimeAmount.milliseconds(200)
    /// Bytes that the journal may have beyond the newest snapshot of the customers before there is another: what a restart
    /// has to do again, half a second's work.
    static let snapshotJournalBytes: UInt64 = 64 << 20
    /// Customers that changed are saved at least as often, so that segments of the journal are used again.
    static let customersInterval = TimeAmount.minutes(5)
    /// Backups that clients read at a time; each keeps a file as long as a snapshot on the disk.
    static let backups = 4
    /// How long a backup waits for its client to read on.
    static let backupPatience = TimeAmount.minutes(1)
    /// Bytes of a backup in an answer: a millisecond's reading.
    static let backupBytes = 1 << 20
    /// Answers that a connection may wait for while other requests are answered: snapshots and parts of backups.
    static let lateAnswers = 16

    /// How often the log hears how far a start has come.
    static let progressInterval = TimeAmount.seconds(1)

    // ---- the process ----------------------------------------------------------------------------------------

    /// How often the windows slide and what is due fires.
    static let tick = TimeAmount.milliseconds(100)
    /// How often some customers' warnings are looked at: often, so that it takes little time at a time.
    static let watch = TimeAmount.milliseconds(10)
    /// While boards are asked for, calls come into the windows as soon as the loop is idle, and not with the tick or the next
    /// question: as long as somebody has asked within this time.
    static let foldingForBoards = TimeAmount.seconds(10)
    /// That takes at most one part in so many of the loop's time: few calls at a time cost more each than many.
    static let foldingShare: Int64 = 8
    /// A tick later than this is told as overload in the status: the windows then visibly stand still.
    static let tolerableDelay = TimeAmount.seconds(1)
    /// What connections get to read their last answers when the server stops.
    static let drain = TimeAmount.seconds(2)
    /// Bytes of a configuration file.
    static let configurationBytes = 1 << 20
    /// Attempts to find a port that is free for TCP and UDP alike, where the system chooses it.
    static let portAttempts = 16
}
