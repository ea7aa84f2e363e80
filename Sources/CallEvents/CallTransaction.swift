/// What a SIP message tells of its transaction and its dialog, beside the call that it belongs to.
///
/// Sources that know no SIP (records, programs with keys of their own) tell none.
public struct CallTransaction: Hashable, Sendable, BitwiseCopyable {
    /// A hash of the branch of the message's first Via (RFC 3261 8.1.1.7): equal for an INVITE, its retransmissions and its
    /// responses on this hop, another for every other INVITE. 0: the message does not tell.
    public var branch: UInt64
    /// A hash of the Call-ID and both tags, in whatever order the tags stand (RFC 3261 12); `none` unless the message is an
    /// answer or an end, and where a tag is missing (RFC 2543). Of a set-up: the key that its call has if a set-up with the same
    /// Call-ID, From tag and called number, which came shortly before from another address, is of the same attempt.
    public var dialog: CallKey

    @inlinable
    public init(branch: UInt64, dialog: CallKey = .none) {
        self.branch = branch
        self.dialog = dialog
    }
}
