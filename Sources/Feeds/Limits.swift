// Every limit of the HEP and SIP readers, each with its reason. Those of CDRs: CDR/CDRLimits.swift.

public enum FeedLimits {
    /// Calls whose last hop is remembered, to see which host passes them on: the INVITE of the next hop follows within
    /// milliseconds, so this serves some ten thousand calls a second. A power of two. 4.2 MB.
    static let rememberedHops = 65_536
    /// How long after one INVITE of an attempt the next may come from another address: a proxy fails over when a branch
    /// has rung for three minutes (RFC 3261 16.6, timer C), or much sooner.
    static let failOverSeconds: UInt32 = 240
    /// INVITEs remembered until their final answer is observed, some seconds, on every leg. A power of two. 1 MB.
    static let openInvites = 65_536
    /// Hosts known to pass calls on: an operator has tens of them.
    static let relays = 4_096
    /// Longest user name of a party; longer ones are made by scanners and match no customer.
    static let userBytes = 256
    /// Longest text of a claim (a number, a domain, a header's value) in bytes: a domain has at most 253. Longer ones
    /// match no entry.
    static let claimBytes = 256
    /// P-Asserted-Identity values of a message that are read: RFC 3325 allows two.
    static let assertedIdentities = 8
    /// Values of headers used by entries, per message: some entries, each of one header.
    static let claimedHeaders = 32
    /// Requests with credentials remembered until their answer is observed, a second or so. A power of two. 0.3 MB.
    static let openCredentials = 16_384
    /// Users and the addresses at which they have authenticated: as many as a residential carrier's phones. A power of
    /// two. 1 MB.
    static let provenUsers = 131_072
    /// How long a user is trusted at an address where it has authenticated: phones register again within the hour, some
    /// once a day; after that the address may belong to another.
    static let provenMinutes = 26 * 60
    /// Distinct agents: a carrier has tens. Each takes some hundred bytes. Four times as many fit an Int16.
    static let agents = 256
    /// An agent makes room for a new one when it has been silent for so long.
    static let silentAgentMicros: Int64 = 3_600_000_000
    /// Longest record of a capture file: one read of a socket, not more than 64 packets of 64 KiB.
    static let captureRecordBytes = 4_194_304
    /// Messages of streams that wait for their rest: each of a connection of its own, and segments follow within
    /// milliseconds. With `pieceBytes` 64 MB at the very most, some hundred KB in practice.
    static let waitingPieces = 1_024
    /// Longest beginning of a message that is stored, and longest body that is skipped: a payload has at most 64 KiB.
    static let pieceBytes = 65_535
    /// How long a piece waits: a lost segment is sent again within a second or two.
    public static let pieceMicros: Int64 = 10_000_000

    // ---- copies of messages ---------------------------------------------------------------------------------

    /// Messages remembered to detect copies by other agents: those of 400 ms at ten thousand a second, and many more
    /// than of the milliseconds in which copies come. A power of two. 128 KB, which stay in the processor's caches.
    static let notedMessages = 4_096
    /// Messages remembered while there is one agent, for when a second one comes. 2 KB.
    static let notedMessagesOfOne = 64
    /// How long after the first a copy may come: retransmissions come after 500 ms.
    static let copyGapMicros: Int64 = 400_000
    /// By how much times of copies differ without a cause: the time that two hosts take to see a message.
    static let copyToleranceMicros: Int64 = 100_000
    /// So many copies that agree prove a difference between clocks: a single one may be of a retransmission.
    static let agreeingCopies = 2
    /// By how much differences between two agents' copies vary while their clocks run alike.
    static let copyAgreementMicros: Int64 = 100_000
    /// From so much on a call says that its times were corrected: less is the jitter of packets, which is no news to an
    /// operator.
    static let toldCorrectionMicros: Int64 = 100_000

    // ---- clocks of agents -----------------------------------------------------------------------------------

    /// A clock is off if it is ahead by more: the board accepts nothing that is further in the future.
    public static let agentAheadMicros: Int64 = 5_000_000
    /// Or behind by more: packets that were under way for a minute are rare, and windows are at least a minute long.
    public static let agentBehindMicros: Int64 = 60_000_000
    /// How wrong the measured lag may be before another one is used: live calls are then torn by as much, and
    /// clocks that drift by a second need hours for it.
    static let clockToleranceMicros: Int64 = 1_000_000
    /// The smallest lag is that of one to two periods: even with few packets one of them had no transit time.
    static let clockPeriodMicros: Int64 = 30_000_000
    /// The longest transit time of packets, as datagrams, and on a connection that stalls.
    static let datagramDelayMicros: Int64 = 5_000_000
    static let streamDelayMicros: Int64 = 60_000_000
    /// So many stamps that agree show that a clock was set and, if packets may have been held back, for so long: those
    /// have lags that shrink.
    static let agreeingStamps = 3
    static let agreeingMicros: Int64 = 10_000_000
    /// Four jumps of a clock within this time make it unsteady: setting it takes one or two.
    static let jumpMemoryMicros: Int64 = 600_000_000
    /// How long the first packets of an agent wait when they come late: long enough to see whether their lags shrink.
    public static let holdMicros: Int64 = 1_000_000
    /// By how much lags shrink, at least, if packets were held back: a connection's first packets are delayed by less.
    static let shrinkingLagMicros: Int64 = 500_000
    /// Agents with held packets, and the bytes of those: beyond (the longest packets of a thousand calls) the known lag
    /// is used.
    static let heldAgents = 64
    static let heldBytes = 4 << 20
}
