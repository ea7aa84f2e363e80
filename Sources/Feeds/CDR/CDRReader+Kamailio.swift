import CallEvents

/// Collects events into a batch.
struct EventCollector {
    private(set) var batch = CallEventBatch()
    /// Where each event's row begins in the file.
    private(set) var offsets: [Int64] = []
    /// The lines of these.
    private(set) var lines: [UInt32] = []
    /// Of the row that is read.
    var offset: Int64 = 0
    var line = 1
    private var indexOfParty: [CallKey: UInt32] = [:]

    func party(_ key: CallKey) -> UInt32? { indexOfParty[key] }

    mutating func add(_ party: Party, key: CallKey) -> UInt32 {
        let index = UInt32(truncatingIfNeeded: batch.parties.count)
        batch.parties.append(party)
        indexOfParty[key] = index
        return index
    }

    mutating func append(
        _ kind: CallEventKind, key: CallKey, timeMicros: Int64, party: UInt32 = CallEventBatch.noParty,
        sequence: UInt32 = 0, code: UInt16 = 0
    ) {
        offsets.append(offset)
        lines.append(UInt32(clamping: line))
        batch.append(kind, key: key, timeMicros: timeMicros, party: party, sequence: sequence, code: code)
    }

    /// What finds the call on the switch, of the event that was appended last.
    mutating func describeLast(_ details: CallDetails) { batch.describeLast(batch.details.append(details)) }

    mutating func take() -> (CallEventBatch, offsets: [Int64]) {
        defer {
            batch = CallEventBatch()
            offsets = []
            lines = []
            indexOfParty.removeAll(keepingCapacity: true)
        }
        return (batch, offsets)
    }
}

/// Rows of Kamailio's `acc`: one a transaction, written at its end.
///
/// An attempt is a Call-ID with the From tag of its INVITE. Its INVITE row becomes a setup and an answer or failure at
/// the row's time (the true time of the setup is not written). A further INVITE row of an attempt that is not answered
/// is the same attempt gone on after a challenge or redirection; one of an answered attempt is a re-INVITE, of either
/// side, and nothing new. Several processes write rows, and their times are whole seconds: within one second the order
/// of rows tells nothing. A BYE of the callee has the tags the other way round, unless Kamailio was told to turn them.
/// A Call-ID comes again, and may do so with the same tags: `CDRReader+Attempts` tells another call from the same one.
extension CDRReader {
    mutating func readTransaction(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) {
        (events.offset, events.line) = (rowOffset, rowLine)
        guard let method = field(.method, layout) else { throw RowFault(name: .missingKey) }
        let isInvite = Self.equal(line, method, "INVITE")
        if !isInvite, !Self.equal(line, method, "BYE") {
            counters.notCalls += 1
            return
        }
        var facts = CallFacts()
        facts.setup = try time(.setup, line, layout)
        facts.settle(lastEndMicros: lastEndMicros)
        guard let time = facts.setup?.earlier else {
            throw RowFault(name: .missingTime, field: layout.sources(of: .setup).first?.position ?? -1)
        }
        let forwards = try key(line, layout, tag: .fromTag)
        let backwards = field(.toTag, layout) == nil ? CallKey.none : try key(line, layout, tag: .toTag)
        if isInvite {
            try readInvite(line, layout, time, forwards, backwards)
        } else {
            readBye(time, forwards, backwards)
        }
        lastEndMicros = max(lastEndMicros, time)
    }

    private func key(_ line: Span<UInt8>, _ layout: CDRLayout, tag: CDRColumn) throws(RowFault) -> CallKey {
        guard let callID = field(.id, layout) else {
            throw RowFault(name: .missingKey, field: layout.sources(of: .id).first?.position ?? -1)
        }
        guard let tag = field(tag, layout) else {
            throw RowFault(name: .missingKey, field: layout.sources(of: tag).first?.position ?? -1)
        }
        var hash = CDRKeyHash(domain: format.family)
        hash.combine(line, callID)
        hash.combine(line, tag)
        return hash.finish()
    }

    private mutating func readInvite(
        _ line: Span<UInt8>, _ layout: CDRLayout, _ time: Int64, _ key: CallKey, _ backwards: CallKey
    ) throws(RowFault) {
        let position = layout.source(.code, in: fields)?.position ?? -1
        guard position >= 0, let number = CDRNumber.integer(line, fields[position]), (100...699).contains(number)
        else { throw RowFault(name: .number, field: position) }
        // Early media is logged as well if Kamailio is told so.
        if number < 200 {
            counters.continued += 1
            return
        }
        let code = UInt16(number)
        let former = attempts[key]
        let known = former?.goesOn(at: time, otherSide: backwards) == true ? former : nil
        if known?.isAnswered == true || (former == nil && attempts[backwards]?.isAnswered == true) {
            try readReInvite(line, layout, time, of: known == nil ? backwards : key)
            counters.continued += 1
            return
        }
        let isAnswered = code < 300
        let mayGoOn = code == 401 || code == 407 || (300...399).contains(code)
        if let known, !isAnswered, known.timeMicros > time || (known.timeMicros == time && mayGoOn && !known.mayGoOn) {
            // Rows of one second may stand in any order: this transaction was before the one that is known.
            counters.continued += 1
            return
        }
        let party = try eventParty(line, layout)
        let sequence = (known?.sequence ?? 0) &+ 1
        let eventKey = known?.key ?? Attempt.key(key, at: time, after: former)
        events.append(.setupUntimed, key: eventKey, timeMicros: time, party: party, sequence: sequence)
        var details = layout.details.details(line, fields)
        let reason = details.reason
        details.reason = ""
        events.describeLast(details)
        events.append(isAnswered ? .answer : .failure, key: eventKey, timeMicros: time, sequence: sequence, code: code)
        if !isAnswered { events.describeLast(CallDetails(reason: reason)) }
        let attempt = Attempt(
            key: eventKey, sequence: sequence, isAnswered: isAnswered, timeMicros: time, code: code, mayGoOn: mayGoOn,
            partyKey: Self.partyKey(line, layout, fields), otherSide: backwards)
        attempts.store(attempt, for: key)
        if known == nil { counters.calls += 1 } else { counters.continued += 1 }
    }

    /// A re-INVITE of either side tells nothing; but of two rows of one second by different senders the first may be the
    /// re-INVITE of the callee. The board takes the one whose sender is a customer.
    private mutating func readReInvite(
        _ line: Span<UInt8>, _ layout: CDRLayout, _ time: Int64, of key: CallKey
    ) throws(RowFault) {
        guard let attempt = attempts[key], attempt.timeMicros == time,
            attempt.partyKey != Self.partyKey(line, layout, fields)
        else { return }
        events.append(
            .setupUntimed, key: attempt.key, timeMicros: time, party: try eventParty(line, layout),
            sequence: attempt.sequence)
    }

    private mutating func readBye(_ time: Int64, _ forwards: CallKey, _ backwards: CallKey) {
        counters.continued += 1
        for id in [forwards, backwards] {
            guard var attempt = attempts[id], attempt.mayEnd(at: time) else { continue }
            events.append(.end, key: attempt.key, timeMicros: time)
            attempt.endMicros = max(time, attempt.endMicros ?? time)
            return attempts.store(attempt, for: id)
        }
        // A call from before this file, or a row that comes before its INVITE's: the board knows one of them.
        for id in [forwards, backwards] where id != .none {
            for key in Attempt.keys(id, endingAt: time) { events.append(.end, key: key, timeMicros: time) }
        }
    }

    private mutating func eventParty(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> UInt32 {
        let key = Self.partyKey(line, layout, fields)
        if let known = events.party(key) { return known }
        return events.add(try party(line, layout, key), key: key)
    }
}
