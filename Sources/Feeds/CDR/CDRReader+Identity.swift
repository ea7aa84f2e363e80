import CallEvents

/// Which call a row belongs to, if unique ids are reused: a gateway that restarted counts from its start.
///
/// No id is reused while its call is live, so rows of one id are one call if their times overlap or nearly do, and
/// separate calls if not. The key of a call is a hash of its id and its set-up, truncated to
/// `CDRLimits.identityMicros`: the same row gives the same key in every run, even if another export truncated its
/// times to whole seconds. Asterisk's unique ids contain their creation time and so are never reused; all their rows
/// are one call, however far apart.
extension CDRReader {
    /// The key of a row's call: the key of the known call of the same id that it belongs to, if any.
    mutating func key(of call: FinishedCall, _ id: CallKey, tellsTime: Bool) -> CallKey {
        if id == .none { return .none }
        if tellsTime { return id }
        let span = CallSpan(call)
        let gap = format == .asterisk ? CDRLimits.attemptGapMicros : CDRLimits.identityMicros
        if let key = held.key(of: id, touching: span, gap: gap) { return key }
        if let known = knownCalls[id], known.touches(span, gap: gap) { return known.key }
        // A time before 1970 is refused, and none is later than the year 9999.
        return CDRKeyHash.key(id, slot: call.setupMicros / CDRLimits.identityMicros)
    }

    /// Remembers the call that was appended to the records last.
    mutating func remember(_ call: FinishedCall, _ id: CallKey) {
        guard call.key != .none else { return }
        recent.store(records.nextNumber - 1, for: call.key)
        // A credit note is not a call of its id.
        if id != .none { knownCalls.store(CallSpan(call), for: id) }
    }
}

/// When a call was live.
struct CallSpan {
    var key: CallKey
    /// Microseconds since 1970.
    var setupMicros: Int64
    var endMicros: Int64
    var costMicros: Int64?

    init(_ call: FinishedCall) {
        key = call.key
        setupMicros = call.setupMicros
        endMicros = call.setupMicros + Int64(call.endMilliseconds) * 1000
        costMicros = call.costMicros
    }

    /// Whether the two overlap, or are less than `gap` microseconds apart.
    func touches(_ other: CallSpan, gap: Int64) -> Bool {
        setupMicros < other.endMicros + gap && other.setupMicros < endMicros + gap
    }
}
