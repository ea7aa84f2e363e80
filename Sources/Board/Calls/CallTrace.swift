// What is known of a call besides its line: its SIP transaction and its dialogs, and when it was last heard of before an answer.
//
// The key of a SIP call (address of the caller, Call-ID, From tag) may come back: gateways count their Call-IDs from the
// start. The call that has the key now is told from those before by the branch and the time of its INVITE: when another
// one takes its key, the older call goes on under an *instance key*, made of the key, the branch and the time. Instance
// keys are also what is remembered of calls that are forgotten, so a capture that is played again changes nothing.

import CallEvents

/// 32 bytes beside the line of a call; all zero (but `firstDialog`) where the source knows no transactions.
struct CallTrace: BitwiseCopyable, Equatable {
    /// Of the first INVITE with the highest CSeq; 0: the source knows none.
    var branch: UInt64 = 0
    /// The latest INVITE that was heard; 0: the source knows no transactions.
    var lastSetupMicros: Int64 = 0
    /// The latest provisional answer behind the first ringing; 0: none.
    var provisionalMicros: Int64 = 0
    /// The call's first entry in the `DialogTable`.
    var firstDialog = DialogTable.noEntry
    /// Another call has its SIP key now; its own is an instance key.
    var isRetired = false
}

extension CallKey {
    /// Instances of a key are told apart by their branch within such a time: 2^28 microseconds, 268 s. Longer than an INVITE
    /// is sent again (RFC 3261 17.1.1.2: 32 s), shorter than a gateway needs to come back with the very same branch.
    private static let instanceShift: Int64 = 28

    /// The key of the call that had this SIP key, this branch and this time of set-up. A good hash of three numbers, of which
    /// the first is a keyed hash: nobody can choose messages that collide.
    func instance(branch: UInt64, micros: Int64, stepsBefore: Int64 = 0) -> CallKey {
        let period = UInt64(bitPattern: (micros >> CallKey.instanceShift) - stepsBefore)
        var low = (low ^ branch) &* 0x9E37_79B9_7F4A_7C15
        low ^= (low >> 32) ^ (period &* 0xD6E8_FEB8_6659_FD93)
        low = (low ^ (low >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return CallKey(high: high ^ (branch &* 0x94D0_49BB_1331_11EB), low: low ^ (low >> 32))
    }
}
