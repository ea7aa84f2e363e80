import CallEvents

/// From the fields of a row to a finished call.
///
/// Functions called for every row are `mutating` even if they change nothing: others would be passed a copy of the
/// reader.
extension CDRReader {
    mutating func readCall(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) {
        let direction = direction(line, layout)
        if direction == .switchLeg && !readsSwitchLegs || isNoCall(line, layout) {
            countNoCall(.leg)
            return
        }
        var values = try values(line, layout)
        let id = try identity(line, layout)
        let isDoubtful = values.setup?.isDoubtful == true
        values.settle(lastEndMicros: lastEndMicros, floorMicros: passFloorMicros)
        if isDoubtful, let setup = values.setup?.earlier {
            latestDoubtfulMicros = max(latestDoubtfulMicros ?? setup, setup)
        }
        try checkSense(values, layout)
        let partyKey = partyKey(Self.partyKey(line, layout, fields), direction, line, layout)
        var call = try values.finished(key: .none, partyKey: partyKey)
        if let cost = call.costMicros, cost < 0 { return try readCredit(call, id, line, layout) }
        call.key = key(of: call, id, tellsTime: layout.has(.id) && values.isCreationBelievable)
        if shownIDs.count < idsShown, let field = field(.id, layout) { shownIDs[call.key] = Self.text(line, field) }
        let former = call.key == .none ? nil : recent[call.key]
        let duplicates = counters.duplicates
        let isHeld = format == .asterisk || layout.has(.otherLeg) && !layout.has(.direction)
        if format == .asterisk {
            try join(call, id, isNew: former == nil, line, layout)
        } else if let former {
            try tellAgain(call, id, former, line, layout)
        } else if isHeld {
            try holdForOtherLeg(call, id, line, layout)
        } else {
            try give(call, id, line, layout)
        }
        guard counters.duplicates == duplicates else { return }
        if values.hasUnknownDisposition { warnOfDisposition(line, layout, isAnswered: values.isAnswered) }
        if values.isInOrder { noteEnd(call) }
    }

    /// Valid rows that are not a customer's call: another rating run, a message.
    private mutating func isNoCall(_ line: Span<UInt8>, _ layout: CDRLayout) -> Bool {
        if let field = field(.runID, layout), !Self.equal(line, field, "*default") { return true }
        if let field = field(.typeOfRecord, layout), !Self.equal(line, field, "*voice") { return true }
        return isInnerChannel(line, layout) || isLoopback(line, layout)
    }

    /// Half of a loopback channel of FreeSWITCH, by which a call goes through the dialplan again: the B half is inbound
    /// and without originating leg, like a customer's. Without a name it is recognized by having no address.
    private mutating func isLoopback(_ line: Span<UInt8>, _ layout: CDRLayout) -> Bool {
        if let leg = field(.loopbackLeg, layout), line.equals("b", leg.start..<leg.end) { return true }
        if let name = field(.channelName, layout), line.begins(with: "loopback/", name.start..<name.end) { return true }
        guard let mark = field(.isLoopback, layout),
            line.equals("1", mark.start..<mark.end) || line.equals("true", mark.start..<mark.end)
        else { return false }
        return field(.sourceIP, layout) == nil
    }

    /// The second half of a `Local` channel of Asterisk, by which a call goes through the dialplan again: its row is
    /// linked to that of the customer's channel.
    private mutating func isInnerChannel(_ line: Span<UInt8>, _ layout: CDRLayout) -> Bool {
        guard let channel = field(.channel, layout), line.starts(with: "Local/", at: channel.start..<channel.end),
            let linked = field(.linkedID, layout), let id = field(.id, layout)
        else { return false }
        return !line.extracting(linked.start..<linked.end).hasSameBytes(as: line.extracting(id.start..<id.end))
    }

    /// What all rows of a call have in common: a hash of its unique id, or of the channel's name for Asterisk without
    /// `loguniqueid`; `.none` without either. Another call may reuse it later (see `CDRReader+Identity`).
    private mutating func identity(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> CallKey {
        var named = field(.id, layout)
        if layout.has(.id), named == nil {
            throw RowFault(name: .missingKey, field: layout.sources(of: .id).first?.position ?? -1)
        }
        if named == nil, format == .asterisk { named = field(.channel, layout) }
        guard let named else { return .none }
        var hash = CDRKeyHash(domain: format.family)
        hash.combine(line, named)
        return hash.finish()
    }

    /// Appends a call to the batch. Calls are emitted in the order of their rows: a held one was first.
    mutating func give(
        _ call: FinishedCall, _ id: CallKey, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        while let oldest = held.first { releaseFirst(oldest) }
        let index = try partyIndex(line, layout, call.partyKey)
        records.append(call, party: index, offset: rowOffset, line: rowLine)
        records.describeLast(line, fields, layout.details)
        remember(call, id)
        counters.calls += 1
    }

    /// The next rows are not expected to end much before this one.
    private mutating func noteEnd(_ call: FinishedCall) {
        lastEndMicros = max(lastEndMicros, call.setupMicros + Int64(call.endMilliseconds) * 1000)
    }

    @inline(__always)
    func field(_ column: CDRColumn, _ layout: CDRLayout) -> CDRField? {
        guard let source = layout.source(column, in: fields) else { return nil }
        return fields[source.position]
    }

    static func equal(_ line: Span<UInt8>, _ field: CDRField, _ text: StaticString) -> Bool {
        guard field.end - field.start == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { bytes in
            for index in bytes.indices where line[field.start + index] != bytes[index] { return false }
            return true
        }
    }
}

/// Calls that wait for other rows.
extension CDRReader {
    /// Asterisk: all rows of one unique id are one call.
    private mutating func join(
        _ call: FinishedCall, _ id: CallKey, isNew: Bool, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        var hash = CDRKeyHash(domain: 0)
        hash.combine(line)
        let row = hash.finish()
        let bare = layout.source(.cost, in: fields).map { Self.hash(line, without: fields[$0.position]) }
        if let bare, let before = rowCosts[bare], let cost = call.costMicros {
            if cost == before {
                counters.duplicates += 1
                return
            }
            try reprice(call, id, by: cost - before, line, layout)
            rowCosts.store(cost, for: bare)
            return
        }
        if recentRows.contains(row) || !isNew {
            counters.duplicates += 1
            return
        }
        if id != .none, let index = held.index(ofKey: call.key) {
            try checkCurrency(call, ofHeld: index, layout)
            held.merge(call, at: index)
            counters.continued += 1
        } else {
            try hold(call, id, line, layout)
        }
        // It is not in there, and after a refused row it still is not.
        _ = recentRows.insert(row)
        if let bare, let cost = call.costMicros { rowCosts.store(cost, for: bare) }
    }

    /// FreeSWITCH with `legs` set to `ab` and no column for the direction: the row of the B leg has the unique id named
    /// in the row of the A leg, and may come before it or after it.
    private mutating func holdForOtherLeg(
        _ call: FinishedCall, _ id: CallKey, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        if otherLegs.contains(id) {
            countNoCall(.leg)
            return
        }
        if let index = held.index(ofKey: call.key) {
            try tellHeldCost(call, at: index, layout)
            return
        }
        var other = CallKey.none
        if let field = field(.otherLeg, layout) {
            var hash = CDRKeyHash(domain: format.family)
            hash.combine(line, field)
            other = hash.finish()
        }
        if other != .none, other != id {
            _ = otherLegs.insert(other)
            if let index = held.index(of: other) {
                held.remove(at: index)
                counters.calls -= 1
                countNoCall(.leg)
            }
        }
        try hold(call, id, line, layout)
    }

    mutating func hold(
        _ call: FinishedCall, _ id: CallKey, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) {
        let party = try party(line, layout, call.partyKey)
        let row = counters.rows
        held.append(
            HeldCall(
                call: call, party: party, id: id, details: layout.details.details(line, fields), offset: rowOffset,
                line: rowLine, row: row))
        counters.calls += 1
        while let oldest = held.first, row - oldest.row > CDRLimits.heldRows { releaseFirst(oldest) }
    }

    /// Emits the oldest of the held calls.
    mutating func releaseFirst(_ oldest: HeldCall) {
        let index = records.add(oldest.party, key: oldest.call.partyKey)
        records.append(
            oldest.call, party: index, offset: oldest.offset, line: oldest.line, details: oldest.details)
        remember(oldest.call, oldest.id)
        held.removeFirst()
    }
}
