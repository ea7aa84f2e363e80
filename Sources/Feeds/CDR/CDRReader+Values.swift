import CallEvents

/// Reading the columns of a row into values.
extension CDRReader {
    mutating func values(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> CDRValues {
        var values = CDRValues()
        values.setup = try time(.setup, line, layout)
        values.answer = try time(.answer, line, layout)
        if values.setup == nil {
            // Sessions reported by the switch at the answer: only their existence and their time, up to the ringing,
            // are known.
            guard let answer = values.answer else {
                throw RowFault(name: .missingTime, field: layout.sources(of: .setup).first?.position ?? -1)
            }
            values.setup = answer
            values.isSetupKnown = false
        }
        values.end = try time(.end, line, layout)
        values.ring = try firstRing(line, layout)
        values.tellsRinging = layout.has(.ring) || layout.has(.ringMedia)
        values.durationMicros = try duration(.duration, line, layout)
        values.talkMicros = try duration(.talk, line, layout)
        values.pddMicros = try delay(line, layout)
        values.costMicros = try cost(line, layout)
        values.currency = try currency(line, layout)
        values.cause = try cause(line, layout, &values.disposition)
        if let field = field(.disposition, layout) {
            // An unknown one is no reason to lose a call: the rest of the row decides, and with nothing it failed.
            let meaning = words.meaning(line, field)
            values.disposition = meaning.disposition
            // FreeSWITCH's template `asterisk` has its cause there.
            if let cause = meaning.cause { values.cause.complete(with: cause) }
            values.hasUnknownDisposition = meaning.disposition == nil && meaning.cause == nil
            values.isInOrder = format != .asterisk || values.isAnswered
        }
        if format == .asterisk, let id = field(.id, layout) ?? field(.linkedID, layout),
            let created = AsteriskLayouts.createdSeconds(id, line), created < CDRLimits.latestMicros / 1_000_000
        {
            values.createdMicros = created * 1_000_000
        }
        return values
    }

    /// Refuses contradictions: a call's talk and ringing are no longer than the call.
    mutating func checkSense(_ values: CDRValues, _ layout: CDRLayout) throws(RowFault) {
        guard let length = values.lengthMicros else { return }
        // Whole seconds are truncated or rounded; with two stamps, each may be.
        let slack: Int64 = values.durationMicros == nil ? 2_000_000 : 1_000_000
        if let talk = values.talkMicros, talk > length + slack { throw fault(.talk, .talk, layout) }
        if let pdd = values.pddMicros, pdd > length + slack { throw fault(.pdd, .pdd, layout) }
    }

    private func fault(_ name: CDRErrorName, _ column: CDRColumn, _ layout: CDRLayout) -> RowFault {
        RowFault(name: name, field: layout.source(column, in: fields)?.position ?? -1)
    }

    /// The time of a column: its most exact field that has one.
    mutating func time(_ column: CDRColumn, _ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> CDRTime? {
        guard layout.has(column) else { return nil }
        for index in layout.indices(of: column) {
            let source = layout.sources[index]
            guard source.position < fields.count else { continue }
            let field = fields[source.position]
            if field.isEmpty { continue }
            let reading =
                source.unit == .anyTime
                ? CDRTimeParser.any(line, field, clock: &clock)
                : CDRTimeParser.epoch(line, field, unit: source.unit)
            switch reading {
            case .none: continue
            case .time(let time): return time
            case .unreadable: throw RowFault(name: .time, field: source.position)
            }
        }
        return nil
    }

    /// The first of 180 (`progress`) and 183 (`progress_media`).
    private mutating func firstRing(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> CDRTime? {
        let ring = try time(.ring, line, layout)
        guard layout.has(.ringMedia), let media = try time(.ringMedia, line, layout) else { return ring }
        guard let ring else { return media }
        return ring.earlier <= media.earlier ? ring : media
    }

    var takesComma: Bool { delimiter != .comma }

    /// A duration in microseconds. CGRateS writes -1 for an unknown one.
    mutating func duration(
        _ column: CDRColumn, _ line: Span<UInt8>, _ layout: CDRLayout
    ) throws(RowFault) -> Int64? {
        guard let source = layout.source(column, in: fields) else { return nil }
        return try duration(source, line)
    }

    /// The first ringing or early media after the set-up: the least of the row's values. FreeSWITCH writes 0 for what
    /// did not occur.
    private mutating func delay(_ line: Span<UInt8>, _ layout: CDRLayout) throws(RowFault) -> Int64? {
        var least: Int64?
        guard layout.has(.pdd) else { return nil }
        for index in layout.indices(of: .pdd) {
            let source = layout.sources[index]
            guard source.position < fields.count, !fields[source.position].isEmpty else { continue }
            let micros = try duration(source, line)
            if micros > 0 { least = min(micros, least ?? micros) }
        }
        return least
    }

    private mutating func duration(_ source: CDRLayout.Source, _ line: Span<UInt8>) throws(RowFault) -> Int64 {
        let field = fields[source.position]
        let micros: Int64? =
            switch source.unit {
            case .nanoseconds: CDRNumber.goDuration(line, field).map { $0 / 1000 }
            case .microseconds: CDRNumber.fixed(line, field, places: 0, takesComma: takesComma)
            case .milliseconds: CDRNumber.fixed(line, field, places: 3, takesComma: takesComma)
            case .minutes: CDRNumber.duration(line, field, unitMicros: 60_000_000, takesComma: takesComma)
            case .seconds, .anyTime, .text:
                CDRNumber.duration(line, field, unitMicros: 1_000_000, takesComma: takesComma)
            }
        // A record cannot hold more than 2^32 ms.
        guard var micros, micros < Int64.max / 2 else { throw RowFault(name: .number, field: source.position) }
        // No delay lasts eleven days: these are nanoseconds.
        if source.column == .pdd, source.unit == .seconds, micros > 1_000_000_000_000 { micros /= 1_000_000_000 }
        guard micros < Int64(UInt32.max) * 1000 else { throw RowFault(name: .number, field: source.position) }
        if micros >= 0 { return micros }
        if isUnknown(line, field) { return 0 }
        throw RowFault(name: .negative, field: source.position)
    }

    /// CGRateS's -1: an unknown usage, a cost that was not rated.
    func isUnknown(_ line: Span<UInt8>, _ field: CDRField) -> Bool {
        format.family == CDRFormat.cgratesCSV.family
            && CDRNumber.fixed(line, field, places: 6, takesComma: takesComma) == -1_000_000
    }

    /// SIP code and Q.850 cause from all fields of the row; each from its own field first.
    private mutating func cause(
        _ line: Span<UInt8>, _ layout: CDRLayout, _ disposition: inout HangupCause.Disposition?
    ) throws(RowFault) -> HangupCause {
        var cause = HangupCause()
        for index in layout.indices(of: .code) where cause.code == 0 {
            let position = layout.sources[index].position
            if position < fields.count { cause.code = try code(line, position) }
        }
        // Of two sides' causes, the first valid one.
        for index in layout.indices(of: .q850) where cause.q850 == 0 {
            let position = layout.sources[index].position
            guard position < fields.count, !fields[position].isEmpty else { continue }
            guard let number = CDRNumber.integer(line, fields[position]), number >= 0 else {
                throw RowFault(name: .number, field: position)
            }
            // Above 127 are FreeSWITCH's own causes, which have no Q.850 number.
            if number <= 127 { cause.q850 = UInt8(number) }
        }
        if let field = field(.cause, layout) { cause.complete(with: namedCause(line, field, &disposition)) }
        if cause.code == 0 { cause.code = HangupCause.sipCode(q850: cause.q850) }
        return cause
    }

    /// A final SIP code: alone, written `sip:486` in `proto_specific_hangup_cause`, or followed by its reason; 0 is
    /// none. A cause of another protocol (`q850:16`) is none.
    private mutating func code(_ line: Span<UInt8>, _ position: Int) throws(RowFault) -> UInt16 {
        var field = fields[position]
        if field.isEmpty { return 0 }
        if field.end - field.start > 4, Self.equal(line, CDRField(start: field.start, end: field.start + 4), "sip:") {
            field.start += 4
        }
        if let blank = line.first(.space, in: field.start..<field.end) { field.end = blank }
        guard let number = CDRNumber.integer(line, field), number == 0 || (100...699).contains(number) else {
            if line.first(.colon, in: field.start..<field.end) != nil { return 0 }
            throw RowFault(name: .number, field: position)
        }
        return UInt16(number)
    }

    /// A cause by FreeSWITCH's name, as a SIP code, as a Q.850 number or, in the format `csv`, as a word for the
    /// outcome. An unknown name means nothing.
    private mutating func namedCause(
        _ line: Span<UInt8>, _ field: CDRField, _ disposition: inout HangupCause.Disposition?
    ) -> HangupCause {
        if let number = CDRNumber.integer(line, field) {
            if (100...699).contains(number) && number != 102 && number != 111 && number != 127 {
                return HangupCause(code: UInt16(number))
            }
            return (1...127).contains(number) ? HangupCause(q850: UInt8(number)) : HangupCause()
        }
        let meaning = causes.meaning(line, field)
        disposition = meaning.disposition
        return meaning.cause ?? HangupCause()
    }
}
