import CallEvents

/// INVITEs whose final answer was not heard yet, with the branch of each, so that the ACK tells of a 2xx that was lost: it
/// has a branch of its own, where the ACK to a failure has that of its INVITE (RFC 3261 13.2.2.4, 17.1.1.3).
///
/// Of a failure the ACK tells nothing that could be used: its code is not known, and ACKs often come, and are stamped,
/// before the failure.
///
/// A table of fixed size in which newer INVITEs take the place of older ones. An INVITE that was driven out, or whose
/// branch is not unique by its form (RFC 2543), tells nothing.
struct OpenInvites: Sendable {
    private struct Invite: Sendable {
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

    /// The branch of an INVITE whose final answer was not heard; nil: it was, or the INVITE is not known.
    func branch(_ key: CallKey, sequence: UInt32) -> UInt64? {
        let (place, check) = OpenInvites.place(key, sequence)
        return invites[place].check == check && invites[place].branch != 0 ? invites[place].branch : nil
    }

    /// A hash of the branch of the first Via, never 0; nil: it has none that is unique by its form (RFC 3261 8.1.1.7). To be
    /// compared with one other, so nothing is gained by making two equal: a fast hash does.
    static func branch(_ octets: Span<UInt8>, _ via: Range<Int>) -> UInt64? {
        var start = via.lowerBound
        while let semicolon = octets.first(.semicolon, in: start..<via.upperBound) {
            start = semicolon + 1
            guard octets.begins(with: "branch=z9hg4bk", start..<via.upperBound) else { continue }
            let rest = start + 14..<via.upperBound
            let end = octets.first(.semicolon, .comma, .space, in: rest) ?? rest.upperBound
            var hash: UInt64 = 1
            var index = rest.lowerBound
            while end - index >= 8 {
                hash = (hash ^ octets.bigEndian(UInt64.self, at: index)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 32
                index += 8
            }
            while index < end {
                hash = (hash ^ UInt64(octets[index])) &* 0x9E37_79B9_7F4A_7C15
                index += 1
            }
            return max(1, hash)
        }
        return nil
    }

    /// Keys are hashes, so their bits are as good as random.
    private static func place(_ key: CallKey, _ sequence: UInt32) -> (place: Int, check: UInt64) {
        let place = Int(truncatingIfNeeded: key.low & UInt64(FeedLimits.openInvites - 1))
        return (place, key.high ^ UInt64(sequence))
    }
}

extension OpenInvites {
    /// Place, check, branch; those that were answered, too: they are known as such.
    var columns: [[Int64]] {
        var columns = [[Int64]](repeating: [], count: 3)
        for (place, invite) in invites.enumerated() where invite.check != 0 || invite.branch != 0 {
            columns[0].append(Int64(place))
            columns[1].append(Int64(bitPattern: invite.check))
            columns[2].append(Int64(bitPattern: invite.branch))
        }
        return columns
    }

    /// - Returns: nil if these are no such columns.
    init?(_ columns: [[Int64]]) {
        guard HEPFeedMemory.areColumns(columns, count: 3, rows: FeedLimits.openInvites) else { return nil }
        for row in columns[0].indices {
            guard let place = Int(exactly: columns[0][row]), invites.indices.contains(place) else { return nil }
            invites[place] = Invite(
                check: UInt64(bitPattern: columns[1][row]), branch: UInt64(bitPattern: columns[2][row]))
        }
    }
}
