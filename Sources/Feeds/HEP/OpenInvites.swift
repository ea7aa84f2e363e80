import CallEvents

/// INVITEs whose final answer was not observed yet, with the branch of each, so that the ACK reveals a 2xx that was
/// lost: it has a branch of its own, where the ACK to a failure has that of its INVITE (RFC 3261 13.2.2.4, 17.1.1.3).
///
/// The ACK to a failure reveals nothing useful: the failure's code is not known, and ACKs often come, and are stamped,
/// before the failure.
///
/// A table of fixed size, with two slots for each INVITE; newer ones replace answered ones, else older ones. An
/// INVITE that was evicted, or whose branch is not unique by its form (RFC 2543), reveals nothing.
struct OpenInvites: Sendable {
    private struct Invite: Sendable {
        /// Distinguishes it from others in the same slot.
        var check: UInt64 = 0
        /// Hash of its branch, which is even; odd: its final answer was observed. 0: the slot is empty, or it was
        /// answered and saved by a program that stored no branches of answered ones.
        var branch: UInt64 = 0

        var isOpen: Bool { branch & 1 == 0 && branch != 0 }
    }

    private var invites = [Invite](repeating: Invite(), count: FeedLimits.openInvites)

    /// - Parameter branch: a `SIPBranch`'s hash.
    mutating func open(_ key: CallKey, sequence: UInt32, branch: UInt64) {
        let (home, check) = OpenInvites.place(key, sequence)
        let known = find(home, check)
        // Sent again, or reported by a second agent: its state stays.
        if let known, invites[known].branch & ~1 == branch { return }
        let place = known ?? (invites[home].isOpen && !invites[home ^ 1].isOpen ? home ^ 1 : home)
        invites[place] = Invite(check: check, branch: branch)
    }

    /// - Parameter branch: a `SIPBranch`'s hash; 0: the answer has none.
    mutating func close(_ key: CallKey, sequence: UInt32, branch: UInt64) {
        let (home, check) = OpenInvites.place(key, sequence)
        guard let place = find(home, check), branch == 0 || invites[place].branch & ~1 == branch else { return }
        invites[place].branch |= 1
    }

    /// The branch of an INVITE whose final answer was not observed; nil: it was, or the INVITE is not known.
    func branch(_ key: CallKey, sequence: UInt32) -> UInt64? {
        let (home, check) = OpenInvites.place(key, sequence)
        guard let place = find(home, check), invites[place].isOpen else { return nil }
        return invites[place].branch
    }

    /// Whether the INVITE was observed, with its final answer or without.
    func knows(_ key: CallKey, sequence: UInt32) -> Bool {
        let (home, check) = OpenInvites.place(key, sequence)
        return find(home, check) != nil
    }

    /// The slot of an INVITE; the two slots of one are adjacent.
    @inline(__always)
    private func find(_ home: Int, _ check: UInt64) -> Int? {
        if invites[home].check == check { return home }
        return invites[home ^ 1].check == check ? home ^ 1 : nil
    }

    /// Keys are hashes, so their bits are as good as random.
    private static func place(_ key: CallKey, _ sequence: UInt32) -> (place: Int, check: UInt64) {
        let place = Int(truncatingIfNeeded: key.low & UInt64(FeedLimits.openInvites - 1))
        return (place, key.high ^ UInt64(sequence))
    }
}

extension OpenInvites {
    /// Place, check, branch; including answered ones, which are known as such.
    var columns: [[Int64]] {
        var columns = [[Int64]](repeating: [], count: 3)
        for (place, invite) in invites.enumerated() where invite.check != 0 || invite.branch != 0 {
            columns[0].append(Int64(place))
            columns[1].append(Int64(bitPattern: invite.check))
            columns[2].append(Int64(bitPattern: invite.branch))
        }
        return columns
    }

    /// - Returns: nil if these are not such columns.
    init?(_ columns: [[Int64]]) {
        guard HEPFeedMemory.areColumns(columns, count: 3, rows: FeedLimits.openInvites) else { return nil }
        for row in columns[0].indices {
            guard let place = Int(exactly: columns[0][row]), invites.indices.contains(place) else { return nil }
            invites[place] = Invite(
                check: UInt64(bitPattern: columns[1][row]), branch: UInt64(bitPattern: columns[2][row]))
        }
    }
}
