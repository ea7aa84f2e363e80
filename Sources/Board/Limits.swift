// Every bound of this module, each with its reason.

import CallEvents

public enum BoardLimits {
    /// Customers: ids and row numbers fit 24 bits in a fact, and 16 M idle customers take 4 GB.
    public static let customers = 16_777_215
    /// Errors listed for one request: more than anyone reads. The total is reported as well.
    public static let reportedErrors = 1_000
    /// Bytes of a name or another short text: the longest company names known have 150.
    public static let nameBytes = 256
    /// Bytes of an auth entry's text: several conditions, most of them short.
    public static let authEntryBytes = 1_024
    /// Entries of several conditions that are looked at in one turn for those nearest to a call that is no customer's:
    /// half a millisecond.
    public static let entriesPerLook = 1_000
    /// Nearest entries that are told: an operator reads no more.
    static let nearestEntries = 5
    /// Bytes of the notes of one customer.
    public static let notesBytes = 4_096
    /// Tags, contacts, auth entries, routes of one customer, each.
    public static let listEntries = 1_024
    /// Bytes of the changes retained for the history and for undo: some hundred thousand edits of one customer, or some
    /// ten edits of a million customers. The oldest are dropped first; the newest is always retained.
    public static let changeLogBytes = 64 << 20
    /// How long a deleted customer can be restored.
    public static let undeleteMicros: Int64 = 30 * 86_400 * 1_000_000
    /// How often customers that can no longer be restored are looked for, and how many are purged at a time: some ten
    /// milliseconds.
    static let purgeIntervalMicros: Int64 = 3_600 * 1_000_000
    static let purgedAtOnce = 8_192
    /// How far ahead the automatic reversal of a change may be scheduled.
    public static let scheduleMicros: Int64 = 366 * 86_400 * 1_000_000
    /// Edits scheduled to begin later, at a time: some for each night of a year. (An edit of all customers is one.)
    public static let plannedEdits = 10_000
    /// Bytes of one planned edit: a list of some hundred thousand ids, or every field at its longest. All that waits,
    /// including set-backs, fits `changeLogBytes`.
    public static let plannedEditBytes = 1 << 20
    /// A planned change carried out this much later than it was due is marked late: the server was down. A busy server
    /// is late by seconds.
    static let lateMicros: Int64 = 60 * 1_000_000
    /// How long changes that could not be carried out are shown in the status: a weekend and some.
    public static let failedMicros: Int64 = 7 * 86_400 * 1_000_000
    /// Of these, the number listed one by one: more than anyone reads.
    static let failedChanges = 1_000
    /// What would block an edit now but may not later, reported when it is scheduled; and bytes of a remark on its
    /// outcome.
    static let notices = 10
    static let remarkBytes = 1_024
    /// Bytes of the author's name in a change.
    public static let whoBytes = 128
    /// Assignments of one edit: each field a few times.
    public static let assignments = 64
    /// Rows of one import: 300 bytes each while it is checked, 600 MB.
    public static let importRows = 2_000_000
    /// Imports under way at a time; each holds its rows.
    public static let imports = 4
    /// How long an import waits for its next part.
    public static let importPatienceMicros: Int64 = 60_000_000
    /// Layouts, mappings and settings; bytes of one; versions retained of each: what people save by hand.
    public static let documents = 10_000
    public static let documentBytes = 65_536
    static let documentVersions = 16
    /// Acknowledged and muted warnings: dismissed by hand one by one, or for some thousand customers by a condition.
    /// This many at once are some ten milliseconds of the server's loop, and one record of some hundred kilobytes.
    public static let warningMarks = 100_000
    /// Customers whose warnings are checked as soon as they are changed; any more are checked within the next second.
    static let watchedAtOnce = 1_000
    /// Calls a window needs before a customer counts in measuring how much ASR varies over time: with fewer, chance
    /// dominates.
    static let dispersionCalls: Int64 = 20
    /// Between two measurements of it: a window changes a little in that time.
    static let dispersionSeconds: Int64 = 30
    /// Bytes of packed slots read, or of the customers' data from them checked, in one go: some tenths of a
    /// millisecond. At that rate a day of 100,000 customers takes half a minute, one of a million five.
    static let watchedSlotBytes = 65_536
    /// How often the delays of the last quarter of an hour are scanned for `pdd_high`.
    static let delayWatchSeconds: Int64 = 10
    /// Customers whose delays are then checked, those with the highest means: a histogram of half a kilobyte each.
    static let watchedDelays = 16_384
    /// Customers gathered, delays counted and histograms read in one go: some tenths of a millisecond.
    static let gatheredRows = 16_384
    static let countedDelays = 65_536
    static let readHistograms = 256
    /// Customers checked in one go, at least and at most: a quarter of a millisecond, because requests meanwhile wait
    /// as long. So a second is enough for 200,000, and of a million each is checked every five seconds.
    static let leastWatchedRows = 512
    static let watchedRows = 2_048
    /// Results retained for repeated mutations: a client that retries does so within seconds.
    public static let idempotentResults = 65_536
    /// Parts of an import whose hashes are retained, and those of the last part: the largest import has some tens of
    /// parts. A key takes 2 KB then. A part sent again between these and the last is accepted without comparison.
    static let hashedParts = 256
    /// Bytes of one text in the history that quotes the request; anything longer is truncated.
    public static let noteBytes = 1_024
    /// Bytes of all the assignments of an edit in the history.
    static let noteSetBytes = 4_096

    /// An event this far ahead of the clock is refused: more than clocks kept by NTP differ, less than a slot of `5m`.
    public static let futureMicros: Int64 = 5_000_000
    /// The machine's clock this far behind the board's is a fault to be reported: more than NTP corrections come to.
    public static let clockBehindMicros: Int64 = 5_000_000
    /// How long it has to run evenly from there before the board adopts its time: a clock that is being set jumps to
    /// and fro for seconds.
    public static let clockSteadyMicros: Int64 = 60_000_000
    /// A step of the clock that does not count as running evenly: the board checks ten times a second.
    static let clockStepMicros: Int64 = 30_000_000
    /// The board's clock stops here, a day before seconds leave 32 bits (2106): deadlines count some hours on from now.
    static let latestClockMicros: Int64 = (1 << 32 - 86_400) * 1_000_000
    /// Changes searched for those that a clock ahead set back early: more than are made while it is, in some
    /// milliseconds.
    static let earlySetBacksWithin = 65_536
    /// How long after a jump ahead the hour before it is retained second by second, as far as the ring has room (75
    /// minutes): a clock set wrong is noticed within minutes.
    static let clockHoldSeconds: Int64 = 900

    /// By the events' clock a stamp may not lie further ahead of the wall clock than this: one absurd stamp would move
    /// the board's time far ahead and make everything after it late.
    public static let eventClockAheadMicros: Int64 = 366 * 86_400 * 1_000_000

    /// Events whose calls are prefetched together: as many misses as a processor has under way, and some more.
    static let eventsAtATime = 32
    /// Calls held at once, live and ended: 96 bytes each, 1.5 GB. When full, the calls that ended longest ago are
    /// dropped.
    public static let trackedCalls = 16_000_000
    /// How long an ended call absorbs duplicates and late events in full; afterwards only its key is remembered.
    public static let tombstoneSeconds: Int64 = 600
    /// How long an INVITE is retransmitted (RFC 3261 17.1.1.2, 64 x T1), and how long a caller may take to continue an
    /// attempt that failed: with credentials, with the next target, via our next switch. What comes later is another
    /// call.
    static let retransmissionMicros: Int64 = 32_000_000
    /// By how much the clocks of two agents reporting the same call may differ.
    static let agentClockMicros: Int64 = 2_000_000
    /// An INVITE sent this long before another one of the same key, but received after it, belongs to an earlier call.
    static let earlierCallMicros: Int64 = 64_000_000
    /// How long a proxy of ours takes to forward an INVITE on another interface: milliseconds, and occasionally a
    /// database query.
    static let passingOnMicros: Int64 = 2_000_000
    /// Targets of one attempt whose outcomes are tracked separately: a proxy tries a handful of our switches.
    static let branchesOfCall = 16
    /// How long calls are still looked up by a key other than their own after the last one was found, or began, that
    /// way: a branch sends something every minute. Other calls need not pay for it.
    static let otherKeySeconds: Int64 = 600
    /// Dialogs of one call: a forked INVITE may be answered by several.
    static let dialogsOfCall = 8
    /// How long events wait for the set-up of their call: reordering between two agents is seconds at most.
    public static let orphanSeconds: Int64 = 60
    /// An INVITE without any answer is given up after 64 x T1 (RFC 3261, timer B).
    public static let silentSetupSeconds: Int64 = 32
    /// A ringing call without news is given up after timer C (RFC 3261, 16.6: more than three minutes).
    public static let silentRingingSeconds: Int64 = 180
    /// Keys of finished calls remembered in one generation (there are two): 16 bytes each at half load, 268 MB in all.
    public static let seenKeysPerGeneration = 4_194_304

    /// Shortest and longest session interval that is believed: RFC 4028 5 has no Min-SE below 90 s, and longer than a
    /// day is never requested.
    static let leastSessionSeconds: UInt32 = 90
    static let sessionSeconds: UInt32 = 86_400
    /// How long after its interval a session is given up: it is refreshed halfway through. Where the first refresh was
    /// not mirrored the second comes at the very end of the interval, each of two transactions up to 32 s late (RFC
    /// 3261, 64 x T1).
    static let sessionGraceMicros: Int64 = 64_000_000

    /// Longest call that is believed: what milliseconds in 32 bits can hold, 24.8 days. A longer one is a broken
    /// record.
    public static let longestCallMilliseconds = Int64(Int32.max)
    /// Set-ups by customer and second remembered in one generation (there are two) to find the peak of set-ups that
    /// come more than an hour late: 6 MB a generation.
    public static let secondCountsPerGeneration = 262_144
    /// Facts folded or taken out at a time: putting them in order takes 4 to 16 bytes each, usually 28 MB, which is
    /// retained for the next time. With fewer, the columns of the windows pass through the caches more often.
    public static let factsAtATime = 4_194_304
    /// Late facts that a slot of 24 h holds unpacked before it is packed again: half a megabyte.
    public static let lateFacts = 65_536
    /// Customers of one batch whose only rerated call is named by its Call-ID in the history, and bytes of that: a
    /// record of the journal holds what the largest request may bring.
    static let reratedCallIDs = 1_024
    static let reratedCallIDBytes = 128
    /// Largest cost of one call, 10^-6 of its currency: a thousand million, so that nine thousand such calls fit a sum.
    public static let costMicros: Int64 = 1_000_000_000_000_000
    /// Customers with refused rows in currencies other than their own, counted once per currency: beyond these, only
    /// totals are reported.
    static let foreignCurrencies = 65_536
    /// Unattributed sources that are listed separately; scanners send from many addresses.
    public static let unattributedSources = 4_096
    /// Producers known at a time, 100 bytes each: a carrier has some tens of switches and feeds.
    public static let producers = 4_096
    /// A producer not heard from for this long is forgotten: 24 hours.
    public static let producerIdleMicros: Int64 = 86_400 * 1_000_000
    /// Finished calls retained for searching unless configured otherwise: an hour of a carrier with 300 calls per
    /// second, in 48 MB and about as much again for details.
    public static let keptCalls = 1_000_000
    /// Upper bound for that setting: some gigabytes with their details.
    public static let finishedCalls = 20_000_000
    /// Bytes of details per retained finished call; a Call-ID and two numbers take about 80. Where they take more,
    /// fewer calls are retained, so long Call-IDs cannot fill the memory.
    static let detailBytesPerCall = 256
    /// Calls of a chunk of finished calls: 98 KB, which is copied when a call of a chunk that is being saved changes.
    static let chunkCalls = 2_048
    /// Bytes of the details in such a chunk, including what corrections left behind: beyond that, a correction leaves
    /// the old details in place.
    static let chunkDetailBytes = chunkCalls * CallDetailLimits.packedBytes
    /// How far apart two sources may report one event of a call (set-up, answer or end) for their Call-ID to make it
    /// one: switches and agents without NTP differ by a minute or two, and a Call-ID is reused later than that.
    static let joinMicros: Int64 = 120_000_000
    /// Calls with one Call-ID that are told apart: there are few legs and further attempts. Every retained call can be
    /// found by it, at 8 to 20 bytes where a source's records have Call-IDs, and at no cost elsewhere.
    static let callsOfCallID = 16
    /// Bytes of the details of live calls, all together. What does not fit is not shown.
    static let liveDetailBytes = 1 << 30
    /// Calls of a batch that is retained whole until a search needs them: with shorter ones the columns' own memory
    /// would matter, longer ones would hold more than is retained.
    static let waitingBatch = 256...65_536
    /// Finished calls that one answer lists.
    public static let listedCalls = 100_000
    /// Recent calls that one explanation lists.
    public static let explainedCalls = 10
    /// Of all finished calls, the newest ones searched for it: a millisecond of the server's loop.
    static let explainedWithin = 65_536

    /// Bytes of an expression; longer ones are made by programs that should send a list.
    public static let expressionBytes = 65_536
    /// Nesting of an expression: bounds the stack of any code that walks its tree.
    public static let expressionDepth = 64
    /// Operators of arithmetic in a row, each a level of the tree: with the nesting this bounds the stack, 1 KB a
    /// level.
    public static let expressionChain = 256
    /// Rows of one answer.
    public static let answerRows = 1_000_000
    /// Sums of one grouped query: groups x measures, 8 bytes each, 256 MB. A million groups may have 32.
    public static let groupCells = 33_554_432
    /// Columns to group by: a deeper tree cannot be read on a screen.
    public static let groupColumns = 8
    /// Columns of one query: every metric of every window has room, and each costs a pass over its memory.
    public static let queryColumns = 1_024
    /// Sort keys of one query: any further key decides nothing, and each is looked up in every row that is close.
    public static let sortKeys = 16
    /// Values of a pivot: each repeats all columns.
    public static let pivotValues = 512
    /// Plans kept for queries that come again: more than a screen of boards asks.
    public static let cachedPlans = 32
    /// Bytes of the texts of a query whose plan is kept, a tree of up to some hundred times as many: 100 MB at most.
    public static let cachedPlanBytes = 16_384
    /// Sums of one grouping that are kept for the next query in parts for some chunks each: 1 MB, which is added up
    /// again in a tenth of a millisecond.
    public static let cachedSums = 131_072
    /// Parts for some chunks each: with more, looking after them costs more than adding up the chunks of one.
    public static let cachedSegments = 32
    /// Sums of one grouping that are kept in one part: 8 MB.
    public static let largestCachedSums = 1_048_576
    /// Groupings kept: what a screen of boards asks for again and again; 128 MB at most, and as much again by group.
    public static let cachedAggregations = 16
    /// Bytes of an answer that is kept, of which there are as many: more than a reader looks at.
    static let cachedAnswerBytes = 4 << 20
}
