import CallEvents

/// The latest INVITE of each attempt at each of its destinations, for ACKs that come from another address than their
/// INVITE.
///
/// A table of fixed size in which newer INVITEs replace older ones. It is not saved: this loses an answer
/// only if that was itself lost and its ACK came from elsewhere, in the second of a restart.
struct InviteArrivals: Sendable {
    struct Arrival: Sendable {
        /// Distinguishes it from others in the same slot.
        fileprivate var check: UInt64 = 0
        /// Hash of the INVITE's branch.
        var branch: UInt64 = 0
        /// The call that the INVITE belongs to.
        var call = CallKey.none
    }

    private var arrivals = [Arrival](repeating: Arrival(), count: FeedLimits.openInvites)

    /// - Parameter attempt: a hash of Call-ID and From tag.
    mutating func open(
        _ attempt: CallKey, at destination: IPAddress, sequence: UInt32, branch: UInt64, call: CallKey
    ) {
        let (place, check) = InviteArrivals.place(attempt, destination, sequence)
        // The first host that sends it here is its caller's.
        if arrivals[place].check == check && arrivals[place].branch == branch { return }
        arrivals[place] = Arrival(check: check, branch: branch, call: call)
    }

    func find(_ attempt: CallKey, at destination: IPAddress, sequence: UInt32) -> Arrival? {
        let (place, check) = InviteArrivals.place(attempt, destination, sequence)
        return arrivals[place].check == check && arrivals[place].call != .none ? arrivals[place] : nil
    }

    private static func place(
        _ attempt: CallKey, _ destination: IPAddress, _ sequence: UInt32
    ) -> (place: Int, check: UInt64) {
        let place = Int(truncatingIfNeeded: attempt.low & UInt64(FeedLimits.openInvites - 1))
        let host = (destination.high ^ (destination.low &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        return (place, attempt.high ^ host ^ UInt64(sequence))
    }
}
