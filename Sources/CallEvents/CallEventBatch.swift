/// Live call events as columns: what happened to which call, in the order in which it was observed.
///
/// The board accepts any order, repetition and loss of events; what it counts depends only on the set of events.
public enum CallEventKind: UInt8, Sendable, CaseIterable {
    /// An INVITE without To tag reached us. `sequence` is its CSeq number: a higher one of the same key continues the
    /// same attempt (after a challenge or a redirection), the same one is a retransmission.
    case setup = 1
    /// A provisional answer 180...189 to the INVITE.
    case ring = 2
    /// A 2xx to the INVITE (`code` 200...299).
    case answer = 3
    /// A final answer 300...699 to the INVITE with this `sequence` (`code`, and `q850` if a Reason header gave one).
    case failure = 4
    /// The call is over after an answer: a BYE from either side, or the answer to one. If its dialog is given, it ends
    /// every call of that dialog, whatever its key.
    case end = 5
    /// Like `setup`, for sources that report only its outcome (accounting rows): the time of the set-up is not known,
    /// so there is no post-dial delay.
    case setupUntimed = 6
    /// A provisional answer that does not mean ringing (1xx except 100 and 180...189): the call is making progress.
    case progress = 7
    /// An answer within a call announced its session interval (Session-Expires, RFC 4028): `sequence` is that time in
    /// seconds, 0: the session no longer expires, `refreshAsked`: a request asked for such an answer. Found by its
    /// dialog if one is given, else by its key.
    case refresh = 8
}

public struct CallEventBatch: Sendable {
    /// Marks an event whose party is unknown or not needed (everything except set-ups).
    public static let noParty = UInt32.max
    /// `sequence` of a `refresh` that was only requested: the call continues, with no interval given.
    public static let refreshAsked = UInt32.max

    /// The parties that `party` points into; one may occur several times.
    public var parties = PartyList()

    // One element per event in each of these:
    public var kind: [CallEventKind] = []
    public var key: [CallKey] = []
    /// When it happened, microseconds since 1970 (UTC).
    public var timeMicros: [Int64] = []
    /// Index into `parties`, or `noParty`.
    public var party: [UInt32] = []
    /// CSeq number of the INVITE transaction; 0 if there is none. For a `refresh`, seconds.
    public var sequence: [UInt32] = []
    /// Final SIP code; 0 when unknown.
    public var code: [UInt16] = []
    /// Q.850 cause; 0 when unknown.
    public var q850: [UInt8] = []
    /// True on a set-up that an intermediate host forwards (it was itself the destination of the same call's INVITE):
    /// counted only when its source is a customer, and never listed as unattributed.
    public var relayed: [Bool] = []
    /// For SIP messages, one per event; empty if the source has no transactions.
    public var transaction: [CallTransaction] = []

    /// What identifies the calls on the switch, if the source reports it.
    public var details = CallDetailList()
    /// Index into `details`, or `CallDetailList.none`. May be shorter than the other columns: events beyond its end
    /// have no details, so a source without details adds nothing here.
    public var detail: [UInt32] = []

    public init() {}

    public var count: Int { kind.count }

    public mutating func append(
        _ kind: CallEventKind, key: CallKey, timeMicros: Int64, party: UInt32 = CallEventBatch.noParty,
        sequence: UInt32 = 0, code: UInt16 = 0, q850: UInt8 = 0, relayed: Bool = false
    ) {
        self.kind.append(kind)
        self.key.append(key)
        self.timeMicros.append(timeMicros)
        self.party.append(party)
        self.sequence.append(sequence)
        self.code.append(code)
        self.q850.append(q850)
        self.relayed.append(relayed)
    }

    /// Sets the transaction of the event appended last. Either all events of a batch have one, or none has.
    public mutating func append(transaction: CallTransaction) { self.transaction.append(transaction) }

    /// Removes the events and the parties and retains the memory.
    public mutating func removeAll() {
        parties.removeAll(keepingCapacity: true)
        kind.removeAll(keepingCapacity: true)
        key.removeAll(keepingCapacity: true)
        timeMicros.removeAll(keepingCapacity: true)
        party.removeAll(keepingCapacity: true)
        sequence.removeAll(keepingCapacity: true)
        code.removeAll(keepingCapacity: true)
        q850.removeAll(keepingCapacity: true)
        relayed.removeAll(keepingCapacity: true)
        transaction.removeAll(keepingCapacity: true)
        details.removeAll(keepingCapacity: true)
        detail.removeAll(keepingCapacity: true)
    }
}

extension CallEventBatch {
    /// Removes the first events; the parties stay.
    public mutating func removeFirst(_ count: Int) {
        if count == 0 { return }
        kind.removeFirst(min(count, kind.count))
        key.removeFirst(min(count, key.count))
        timeMicros.removeFirst(min(count, timeMicros.count))
        party.removeFirst(min(count, party.count))
        sequence.removeFirst(min(count, sequence.count))
        code.removeFirst(min(count, code.count))
        q850.removeFirst(min(count, q850.count))
        relayed.removeFirst(min(count, relayed.count))
        transaction.removeFirst(min(count, transaction.count))
        detail.removeFirst(min(count, detail.count))
    }

    /// Sets the details of the event appended last.
    public mutating func describeLast(_ index: UInt32) {
        guard index != CallDetailList.none, count > 0 else { return }
        if detail.count < count - 1 {
            detail.append(contentsOf: repeatElement(CallDetailList.none, count: count - 1 - detail.count))
        }
        if detail.count == count { detail[count - 1] = index } else { detail.append(index) }
    }
}
