import CallEvents

/// Rows of `acc` of Kamailio and OpenSIPS: one per transaction, written at its end.
///
/// An attempt is a Call-ID with the From tag of its INVITE. Its INVITE row becomes a setup and an answer or failure at
/// the row's time (the true time of the setup is written by OpenSIPS only). A further INVITE row of an unanswered
/// attempt continues it after a challenge or redirection; one of an answered attempt is a re-INVITE, of
/// either side, and nothing new. Several processes write rows, and their times are whole seconds: within one second the
/// order of rows means nothing. A BYE of the callee has the tags swapped, unless the proxy was configured to swap them
/// back. A Call-ID is reused, possibly with the same tags: `Attempts` distinguishes another call from the same one.
/// Rows wait for others of their Call-ID and are read in the order of their times (`HeldRows`).
extension CDRReader {
    mutating func readTransaction(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) {
        guard let method = field(.method, layout) else { throw RowFault(name: .missingKey) }
        let isInvite = Self.equal(line, method, "INVITE")
        if !isInvite, !Self.equal(line, method, "BYE") {
            counters.notCalls += 1
            return
        }
        guard let row = try accountingRow(line, layout, isInvite: isInvite) else {
            // Early media is logged as well if the proxy is configured so.
            counters.continued += 1
            return
        }
        lastEndMicros = max(lastEndMicros, row.endMicros ?? row.timeMicros)
        heldRows.append(row)
        // A call of its own, until it is read.
        counters.calls += 1
        while let oldest = heldRows.first, row.row - oldest.row > CDRLimits.heldRows { releaseOldestRows() }
    }

    /// Nil for a provisional answer.
    private mutating func accountingRow(
        _ line: Span<UInt8>, _ layout: CDRLayout, isInvite: Bool
    ) throws(RowFault) -> AccountingRow? {
        let values = try accountingFacts(line, layout, isInvite: isInvite)
        guard let time = (values.answer ?? values.setup)?.earlier else {
            throw RowFault(name: .missingTime, field: layout.sources(of: .setup).first?.position ?? -1)
        }
        var row = AccountingRow(
            isInvite: isInvite, timeMicros: time,
            forwards: try key(line, layout, tag: .fromTag),
            backwards: field(.toTag, layout) == nil ? .none : try key(line, layout, tag: .toTag),
            callID: try key(line, layout, tag: nil), offset: rowOffset, line: rowLine, row: counters.rows)
        guard isInvite else { return row }
        let position = layout.source(.code, in: fields)?.position ?? -1
        guard position >= 0, let number = CDRNumber.integer(line, fields[position]), (100...699).contains(number)
        else { throw RowFault(name: .number, field: position) }
        if number < 200 { return nil }
        row.code = UInt16(number)
        if values.answer != nil, let created = values.setup?.earlier {
            guard (-1_000_000...CDRLimits.backwardMicros).contains(time - created) else {
                throw RowFault(name: .timeOrder, field: layout.sources(of: .created).first?.position ?? -1)
            }
            row.createdMicros = min(created, time)
        }
        if row.code < 300, let talk = values.talkMicros, talk > 0 { row.endMicros = time + talk }
        row.partyKey = Self.partyKey(line, layout, fields)
        row.party = try party(line, layout, row.partyKey)
        row.details = layout.details.details(line, fields)
        return row
    }

    /// The row's time is that of its set-up, or of its answer if the set-up is given separately.
    private mutating func accountingFacts(
        _ line: Span<UInt8>, _ layout: CDRLayout, isInvite: Bool
    ) throws(RowFault) -> CDRValues {
        var values = CDRValues()
        values.setup = try time(.setup, line, layout)
        if isInvite {
            values.talkMicros = try duration(.talk, line, layout)
            if layout.has(.created), let created = try time(.created, line, layout) {
                values.answer = values.setup
                values.setup = created
            }
            // A row with the call's length is written at its end.
            values.isInOrder = (values.talkMicros ?? 0) == 0
        }
        values.settle(lastEndMicros: lastEndMicros)
        return values
    }

    private func key(_ line: Span<UInt8>, _ layout: CDRLayout, tag: CDRColumn?) throws(RowFault) -> CallKey {
        guard let callID = field(.id, layout) else {
            throw RowFault(name: .missingKey, field: layout.sources(of: .id).first?.position ?? -1)
        }
        var hash = CDRKeyHash(domain: format.family)
        hash.combine(line, callID)
        if let tag {
            guard let field = field(tag, layout) else {
                throw RowFault(name: .missingKey, field: layout.sources(of: tag).first?.position ?? -1)
            }
            hash.combine(line, field)
        }
        return hash.finish()
    }
}

// MARK: - What rows come to

extension CDRReader {
    /// Emits the events of the oldest row, and of all others of its Call-ID.
    mutating func releaseOldestRows() {
        guard let oldest = heldRows.first else { return }
        events.offset = oldest.offset
        for row in heldRows.takeOldest() {
            events.line = row.line
            let beginsCall = row.isInvite ? appendInvite(row) : appendBye(row)
            if beginsCall { continue }
            counters.calls -= 1
            counters.continued += 1
        }
    }

    /// False if the row's call was known.
    private mutating func appendInvite(_ row: AccountingRow) -> Bool {
        let (key, time) = (row.forwards, row.timeMicros)
        let former = attempts.newest(key)
        let known = attempts.attempt(key, goingOnAt: time, otherSide: row.backwards)
        if let known, known.isAnswered {
            appendReInvite(row, of: key, known)
            return false
        }
        if former == nil, let called = attempts.newest(row.backwards), called.isAnswered {
            appendReInvite(row, of: row.backwards, called)
            return false
        }
        let isAnswered = row.code < 300
        let mayGoOn = row.code == 401 || row.code == 407 || (300...399).contains(row.code)
        if let known, !isAnswered, known.timeMicros > time || (known.timeMicros == time && mayGoOn && !known.mayGoOn) {
            // Rows of one second may be in any order: this transaction was before the known one.
            return false
        }
        let sequence = (known?.sequence ?? 0) &+ 1
        let eventKey = known?.key ?? Attempt.key(key, at: time, after: former)
        events.append(
            .setupUntimed, key: eventKey, timeMicros: row.createdMicros ?? time, party: eventParty(row),
            sequence: sequence)
        var details = row.details
        details.reason = ""
        events.describeLast(details)
        events.append(
            isAnswered ? .answer : .failure, key: eventKey, timeMicros: time, sequence: sequence, code: row.code)
        if !isAnswered { events.describeLast(CallDetails(reason: row.details.reason)) }
        var attempt = Attempt(
            key: eventKey, sequence: sequence, isAnswered: isAnswered, beginMicros: known?.beginMicros ?? time,
            timeMicros: time, code: row.code, mayGoOn: mayGoOn, partyKey: row.partyKey, otherSide: row.backwards)
        appendEnd(row, of: &attempt)
        attempts.store(attempt, for: key)
        return known == nil
    }

    /// A re-INVITE of either side means nothing; but of two rows of one second by different senders the first may be
    /// the re-INVITE of the callee. The board takes the one whose sender is a customer. A row in CDR mode has the end.
    private mutating func appendReInvite(_ row: AccountingRow, of key: CallKey, _ attempt: Attempt) {
        if attempt.timeMicros == row.timeMicros, attempt.partyKey != row.partyKey {
            events.append(
                .setupUntimed, key: attempt.key, timeMicros: row.createdMicros ?? row.timeMicros,
                party: eventParty(row), sequence: attempt.sequence)
        }
        if row.endMicros != nil {
            var attempt = attempt
            appendEnd(row, of: &attempt)
            attempts.store(attempt, for: key)
        }
    }

    private mutating func appendEnd(_ row: AccountingRow, of attempt: inout Attempt) {
        guard let end = row.endMicros else { return }
        events.append(.end, key: attempt.key, timeMicros: end)
        attempt.endMicros = max(end, attempt.endMicros ?? end)
    }

    /// False: a BYE begins no call.
    private mutating func appendBye(_ row: AccountingRow) -> Bool {
        let time = row.timeMicros
        for id in [row.forwards, row.backwards] {
            guard var attempt = attempts.attempt(id, endingAt: time) else { continue }
            events.append(.end, key: attempt.key, timeMicros: time)
            attempt.endMicros = max(time, attempt.endMicros ?? time)
            attempts.store(attempt, for: id)
            return false
        }
        // A call from before this file, or a row that comes before its INVITE's: the board knows one of them.
        for id in [row.forwards, row.backwards] where id != .none {
            for key in Attempt.keys(id, endingAt: time) { events.append(.end, key: key, timeMicros: time) }
        }
        return false
    }

    private mutating func eventParty(_ row: AccountingRow) -> UInt32 {
        events.party(row.partyKey) ?? events.add(row.party, key: row.partyKey)
    }
}
