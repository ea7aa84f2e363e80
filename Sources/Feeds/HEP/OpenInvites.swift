import CallEvents

/// INVITEs whose final answer was not heard yet, with the branch of each, so that the ACK tells of a 2xx that was lost: it
/// has a branch of its own, where the ACK to a failure has that of its INVITE (RFC 3261 13.2.2.4, 17.1.1.3).
///
/// Of a failure the ACK tells nothing that could be used: its code is not known, and ACKs often come, and are stamped,
/// before the failure.
///
/// A table of fixed size in which newer INVITEs take the place of older ones. An INVITE that was driven out, or whose
/// branch is not unique by its form (RFC 2543), tells nothing.
struct OpenInvites {
    private struct Invite {
        /// Tells it from others in the same place.
        var check: UInt64 = 0
        /// Hash of its branch; 0: its final answer was heard.
        var branch: UInt64 = 0
    }

    private var invites = [Invite](repeating: Invite(), count: FeedLimits.openInvites)

    /// - Parameter branch: a hash of it, not 0.
    mutating func open(_ key: CallKey, sequence: UInt32, branch: UInt64) {
        let (place, check) = OpenInvites.place(key, sequence)
        // Sent again, or reported by a second agent: what was heard of it stays.
        if invites[place].check == check && invites[place].branch == 0 { return }
        invites[place] = Invite(check: check, branch: branch)
    }

    mutating func close(_ key: CallKey, sequence: UInt32) {
        let (place, check) = OpenInvites.place(key, sequence)
        if invites[place].check == check { invites[place].branch = 0 }
    }

    /// Whether an ACK tells of an answer that was not heard.
    func wasAnswered(_ key: CallKey, sequence: UInt32, acknowledgedBy branch: UInt64) -> Bool {
        let (place, check) = OpenInvites.place(key, sequence)
        return invites[place].check == check && invites[place].branch != 0 && invites[place].branch != branch
    }

    /// Keys are hashes, so their bits are as good as random.
    private static func place(_ key: CallKey, _ sequence: UInt32) -> (place: Int, check: UInt64) {
        let place = Int(truncatingIfNeeded: key.low & UInt64(FeedLimits.openInvites - 1))
        return (place, key.high ^ UInt64(sequence))
    }
}
