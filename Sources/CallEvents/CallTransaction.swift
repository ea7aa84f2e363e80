/// What a SIP message reveals about its transaction and its dialog, besides its call.
///
/// Sources without SIP (records, programs with their own keys) have none.
public struct CallTransaction: Hashable, Sendable, BitwiseCopyable {
    /// A hash of the branch of the message's first Via (RFC 3261 8.1.1.7): equal for an INVITE, its retransmissions and
    /// its responses on this hop, different for every other INVITE. 0: unknown.
    public var branch: UInt64
    /// A hash of the Call-ID and both tags, in whichever order the tags are (RFC 3261 12); `none` unless the message is
    /// an answer or an end, and if a tag is missing (RFC 2543). For a set-up: the key that its call has if a set-up
    /// with the same Call-ID, From tag and called number, shortly before from another address, belongs to the same
    /// attempt.
    public var dialog: CallKey

    @inlinable
    public init(branch: UInt64, dialog: CallKey = .none) {
        self.branch = branch
        self.dialog = dialog
    }
}
