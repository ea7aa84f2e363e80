/// Every limit of the CDR readers, each with its reason.
enum CDRLimits {
    /// Longest line of a CSV or flat file in bytes. Real rows have 100 to 1,500; a longer line is a damaged file.
    static let lineBytes = 64 * 1024
    /// Most lines of one row, by line breaks within quotes: names and addresses have a few.
    static let linesOfRow = 8
    /// Longest JSON document in bytes. A FreeSWITCH document has about 4 KiB, with a long `app_log` some hundred.
    static let documentBytes = 4 * 1024 * 1024
    /// Most fields in one row; `mod_cdr_csv` templates have some twenty.
    static let fields = 512
    /// Columns of a file listed in an error.
    static let shownColumns = 40
    /// Longest filter in characters, and its deepest nesting: it is written by hand, and evaluated for each row.
    static let filterCharacters = 4_096
    static let filterDepth = 64
    /// Words of one column whose meaning is cached; products have some ten.
    static let wordsRemembered = 64
    /// Lines above a header line: titles and a description of the export.
    static let titleLines = 32
    /// Deepest nesting of a JSON document; FreeSWITCH's is about 8.
    static let jsonDepth = 128
    /// Rows that may pass before a call held for its other rows is emitted: FreeSWITCH writes the rows of one call
    /// within a second and Asterisk in one go, but a queue rings hundreds of times, and files are sorted by other
    /// columns before they are sent. At most 8,192 calls of some 250 bytes are held.
    static let heldRows = 8 * 1024
    /// Held calls of one id that are searched for the call to which a row belongs.
    static let heldOfOneID = 16
    /// Calls of one id are separate calls if so much time lies between the end of one and the set-up of the next,
    /// microseconds. More than rounding takes, and less than a gateway needs to restart.
    static let identityMicros: Int64 = 10 * 1_000_000
    /// The same gap for attempts of one call joined only by Asterisk's channel name: the pauses of a queue.
    static let attemptGapMicros: Int64 = 600 * 1_000_000
    /// How long after a challenge or an error an INVITE row of Kamailio's may belong to the same attempt, microseconds:
    /// a row comes at the end of all the ringing, which a proxy ends after three minutes.
    static let attemptMicros: Int64 = 240 * 1_000_000
    /// Attempts of one Call-ID and tag that begin in one such slot share a key if the reader has not seen both,
    /// microseconds; and how many slots a BYE whose INVITE is unknown looks back: over four hours, the longest call.
    static let attemptSlotMicros: Int64 = 3600 * 1_000_000
    static let attemptSlots: Int64 = 5
    /// Attempts of one Call-ID and tag that are remembered individually: a file is read twice, or sorted by Call-ID.
    static let attemptsOfOneID = 16
    /// A row that begins so long after its unique id was created belongs to another call, microseconds.
    static let idAgeMicros: Int64 = 24 * 3600 * 1_000_000
    /// Identities remembered, at least, to detect rows delivered twice (at most 4 MiB).
    static let recentKeys = 16 * 1024
    /// Attempts that the Kamailio reader remembers, at least: an hour of calls at 18 a second (about 6 MiB).
    static let attempts = 64 * 1024
    /// Parties remembered, at least, so that their names are made once; with more senders they are made again. At
    /// most 32,768 of some 200 bytes are.
    static let parties = 16 * 1024
    /// Details of replaced rows before they are dropped; one has some 100 bytes.
    static let formerDetails = 1024
    /// Errors, and warnings, stored with their text between two `takeErrors()`; the others are only counted.
    static let errorsKept = 100
    /// Characters of the input quoted in an error.
    static let excerptCharacters = 40
    /// Quarter hours of local time whose offset from UTC is remembered (a power of two): three days of rows in any
    /// order without asking the time zone again.
    static let zoneCacheSlots = 256
    /// How far a time may run backwards within a row before the row is refused, microseconds: a clock that was set
    /// back counts as zero duration, as in the switches; more than an hour is not a clock but a wrong field.
    static let backwardMicros: Int64 = 3600 * 1_000_000
    /// A row's end may lie this far before the end of the row above it, microseconds, before a doubtful local time
    /// counts as the second pass of the repeated hour. Long enough for rows that are not quite in order, and short
    /// against the hour: the second pass is noticed unless no call ended in the 50 minutes before.
    static let disorderMicros: Int64 = 600 * 1_000_000
    /// Both passes of the hour that daylight saving repeats, microseconds: what lies further back is of another night.
    static let passMicros: Int64 = 7200 * 1_000_000
    /// Latest plausible time: the end of the year 9999, microseconds since 1970.
    static let latestMicros: Int64 = 253_402_300_800 * 1_000_000
    /// Bytes at the head of a file that make its fingerprint: past a header line and into the first row.
    static let fingerprintBytes = 1024
}
