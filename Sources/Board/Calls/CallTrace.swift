// A call's state besides its line: its SIP transaction and dialogs, and its last sign of life before an answer.
//
// The key of a SIP call (address of the caller, Call-ID, From tag) may be reused: gateways count their Call-IDs from
// the start. The call that has the key now is distinguished from earlier ones by the branch and the time of its INVITE:
// when another call takes its key, the older one continues under an *instance key*, made of the key, the branch and the
// time. Instance keys are also what is remembered of forgotten calls, so a replayed capture changes nothing.

import CallEvents

/// 32 bytes beside the line of a call; all zero (except `firstDialog`) where the source knows no transactions.
struct CallTrace: BitwiseCopyable, Equatable {
    /// The branch of the first INVITE with the highest CSeq; 0: the source knows none.
    var branch: UInt64 = 0
    /// The latest INVITE; 0: the source knows no transactions.
    var lastSetupMicros: Int64 = 0
    /// The latest provisional answer after the first ringing; 0: none.
    var provisionalMicros: Int64 = 0
    /// The call's first entry in the `DialogTable`.
    var firstDialog = DialogTable.noEntry
    /// Another call has its SIP key now; its own is an instance key.
    var isRetired = false
}

extension CallKey {
    /// Instances of a key are distinguished by their branch within this time: 2^28 microseconds, 268 s. Longer than an
    /// INVITE is retransmitted (RFC 3261 17.1.1.2: 32 s), shorter than a gateway needs to reuse the very same branch.
    private static let instanceShift: Int64 = 28

    /// The key of the call with this SIP key, branch and set-up time. A good hash of three numbers, of which
    /// the first is a keyed hash: colliding messages cannot be chosen.
    func instance(branch: UInt64, micros: Int64, stepsBefore: Int64 = 0) -> CallKey {
        let period = UInt64(bitPattern: (micros >> CallKey.instanceShift) - stepsBefore)
        var low = (low ^ branch) &* 0x9E37_79B9_7F4A_7C15
        low ^= (low >> 32) ^ (period &* 0xD6E8_FEB8_6659_FD93)
        low = (low ^ (low >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return CallKey(high: high ^ (branch &* 0x94D0_49BB_1331_11EB), low: low ^ (low >> 32))
    }
}
