// Every bound of the HEP and SIP readers, each with its reason. Those of CDRs: CDR/CDRLimits.swift.

public enum FeedLimits {
    /// Calls whose last hop is remembered, to see which host passes them on: the INVITE of the next hop follows within
    /// milliseconds, so this serves some ten thousand calls a second. A power of two. 4.2 MB.
    static let rememberedHops = 65_536
    /// How long after one INVITE of an attempt the next may come from another address: a proxy fails over when a branch has
    /// rung for three minutes (RFC 3261 16.6, timer C), or much sooner.
    static let failOverSeconds: UInt32 = 240
    /// INVITEs remembered until their final answer is heard, which is some seconds, on every leg. A power of two. 1 MB.
    static let openInvites = 65_536
    /// Hosts known to pass calls on: an operator has tens of them.
    static let relays = 4_096
    /// Longest user name of a party; longer ones are made by scanners and match no customer.
    static let userOctets = 256
    /// Agents told apart: a carrier has tens. Each takes some hundred bytes. Four times as many fit an Int16.
    static let agents = 256
    /// An agent makes room for a new one when it has been silent for so long.
    static let silentAgentMicros: Int64 = 3_600_000_000
    /// Longest record of a capture file: one read of a socket, not more than 64 packets of 64 KiB.
    static let captureRecordOctets = 4_194_304
    /// Messages of streams that wait for their rest: each of a connection of its own, and segments follow within
    /// milliseconds. With `pieceBytes` 64 MB at the very most, some hundred KB in practice.
    static let waitingPieces = 1_024
    /// Longest beginning of a message that is kept, and longest body that is passed over: a payload has at most 64 KiB.
    static let pieceBytes = 65_535
    /// How long a piece waits: a lost segment is sent again within a second or two.
    public static let pieceMicros: Int64 = 10_000_000
}
