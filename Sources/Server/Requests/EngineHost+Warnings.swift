// Requests about warnings and the settings that raise them.

import Board
import Store
import Wire

extension EngineHost {
    /// Checks some customers, every `Limits.watch`.
    func watchWarnings() { engine.watch(now: now()) }

    func warnings(_ request: Busyhour_V1_WarningsRequest, now: Int64) throws(RequestError)
        -> Busyhour_V1_WarningsResponse
    {
        let limit = try Self.listLimit(request.limit, atMost: Limits.customersPerAnswer)
        guard request.customerID == 0 || engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, engine.absence(of: request.customerID))
        }
        let kind = try request.warning.isEmpty ? nil : Self.warning(request.warning)
        let raised = engine.raisedWarnings(
            customerID: request.customerID, kind: kind, ids: try customers(where: request.where, now: now),
            sinceMicros: request.since, withMuted: request.withMuted, limit: limit, now: now)
        var response = Busyhour_V1_WarningsResponse()
        response.total = UInt64(raised.total)
        response.warnings = raised.warnings.map { Busyhour_V1_Warning($0, name: engine.nameEver(of: $0.customerID)) }
        response.counts = raised.counts.map { kind, count in
            var message = Busyhour_V1_WarningCount()
            (message.warning, message.level, message.count) = (kind.name, kind.level.rawValue, UInt64(count))
            return message
        }
        return response
    }

    /// Nil: all of them.
    private func customers(where condition: String, now: Int64) throws(RequestError) -> Set<UInt32>? {
        if condition.isEmpty { return nil }
        var board = Busyhour_V1_BoardRequest()
        board.where = condition
        let query = try customersQuery(board)
        do throws(QueryError) {
            return try engine.ids(query, now: now)
        } catch {
            throw RequestError(error)
        }
    }

    func markWarning(
        _ request: Busyhour_V1_MarkWarningRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_WarningsResponse {
        guard request.where.isEmpty else { return try markWarnings(request, now: now) }
        guard engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, engine.absence(of: request.customerID))
        }
        let warning = try Self.warning(request.warning)
        let kind = try Self.mark(request, now: now)
        if kind == .acknowledged {
            let raised = engine.raisedWarnings(
                customerID: request.customerID, kind: warning, withMuted: true, limit: 0, now: now)
            guard raised.total > 0 else {
                throw RequestError(
                    .notFound,
                    "\(warning.name) of customer \(request.customerID) is not raised, so it cannot be acknowledged; "
                        + "see `busyhour warning list --customer \(request.customerID)`")
            }
        }
        try put([Self.mark(request, kind, warning, request.customerID, now: now)], now: now)
        var question = Busyhour_V1_WarningsRequest()
        (question.customerID, question.warning, question.withMuted) = (request.customerID, request.warning, true)
        return try warnings(question, now: now)
    }

    /// Marks the raised warnings of the customers that meet a condition.
    private func markWarnings(
        _ request: Busyhour_V1_MarkWarningRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_WarningsResponse {
        guard request.customerID == 0 else {
            throw RequestError(.invalidArgument, "a customer and a condition are given; leave one out")
        }
        let kind = try Self.mark(request, now: now)
        let warning = try request.warning.isEmpty ? nil : Self.warning(request.warning)
        var board = Busyhour_V1_BoardRequest()
        board.where = request.where
        let query = try customersQuery(board)
        let found: [(customerID: UInt32, warning: WarningKind)]
        do throws(QueryError) {
            found = try engine.warnings(kind: warning, of: query, marked: kind == .removed, now: now)
        } catch {
            throw RequestError(error)
        }
        guard !found.isEmpty else {
            throw RequestError(
                .notFound,
                kind == .removed
                    ? "no warning of these customers is marked; see `busyhour warning list --muted`"
                    : "no raised warning is of these customers; see `busyhour warning list`")
        }
        guard found.count <= BoardLimits.warningMarks else {
            throw RequestError(
                .conflict,
                "more than \(BoardLimits.warningMarks) warnings are raised of these customers, and no more are marked; "
                    + "name one kind, or fewer customers")
        }
        try put(found.map { Self.mark(request, kind, $0.warning, $0.customerID, now: now) }, now: now)
        var question = Busyhour_V1_WarningsRequest()
        (question.where, question.warning, question.withMuted) = (request.where, request.warning, true)
        return try warnings(question, now: now)
    }

    private static func mark(
        _ request: Busyhour_V1_MarkWarningRequest, _ kind: WarningMark.Kind, _ warning: WarningKind, _ id: UInt32,
        now: Int64
    ) -> WarningMark {
        WarningMark(
            customerID: id, warning: warning, kind: kind, who: who(request.who), atMicros: now,
            untilMicros: kind == .muted ? request.until : 0)
    }

    /// All of them or none: one record holds them, so the journal admits it as a whole.
    private func put(_ marks: [WarningMark], now: Int64) throws(RequestError) {
        let added = marks.first?.kind == .removed ? 0 : engine.unmarked(marks)
        guard added == 0 || engine.warningMarkCount + added <= BoardLimits.warningMarks else {
            throw RequestError(
                .conflict, "at most \(BoardLimits.warningMarks) warnings are marked; take some marks away")
        }
        let record = EncodedRecord(WarningMarkRecord(marks))
        try journal?.admit(bytes: record.payload.count)
        engine.mark(marks)
        journal?.submit(record, key: .none, atMicros: now)
    }

    private static func mark(
        _ request: Busyhour_V1_MarkWarningRequest, now: Int64
    ) throws(RequestError) -> WarningMark.Kind {
        let kind: WarningMark.Kind
        switch request.mark {
        case .acknowledge: kind = .acknowledged
        case .mute: kind = .muted
        case .remove: kind = .removed
        case .UNRECOGNIZED(let number): throw RequestError(.invalidArgument, "no mark \(number) is known")
        }
        guard kind != .muted || request.until > now && request.until - now <= BoardLimits.scheduleMicros else {
            throw RequestError(.invalidArgument, "a warning is muted until a time within a year from now, not before")
        }
        return kind
    }

    func settings(_ request: Busyhour_V1_SettingsRequest) throws(RequestError) -> Busyhour_V1_SettingsResponse {
        guard request.customerID == 0 || engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, engine.absence(of: request.customerID))
        }
        var response = Busyhour_V1_SettingsResponse()
        for setting in engine.warningSettings(customerID: request.customerID)
        where request.name.isEmpty || setting.name.contains(request.name) {
            var message = Busyhour_V1_Setting()
            (message.name, message.value) = (setting.name, setting.value)
            (message.standard, message.meaning) = (setting.standard, setting.meaning)
            response.settings.append(message)
        }
        guard !response.settings.isEmpty else {
            throw RequestError(
                .notFound, "no setting has '\(request.name.prefix(64))' in its name; see `busyhour settings get`")
        }
        return response
    }

    func set(
        _ request: Busyhour_V1_SetSettingsRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_SettingsResponse {
        guard request.customerID == 0 || engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, engine.absence(of: request.customerID))
        }
        var document: Document
        do throws(QueryError) {
            document = try engine.settings(setting: request.set, customerID: request.customerID)
        } catch {
            throw RequestError(error)
        }
        document.owner = Self.who(request.who)
        document.savedAtMicros = now
        _ = try save(document)
        var question = Busyhour_V1_SettingsRequest()
        question.customerID = request.customerID
        if let first = request.set.first, request.set.count == 1 {
            question.name = first.split(separator: "=").first.map { String($0) } ?? ""
        }
        return try settings(question)
    }

    private static func warning(_ name: String) throws(RequestError) -> WarningKind {
        guard let kind = WarningKind(name: name) else {
            throw RequestError(
                .invalidArgument,
                "no warning '\(name.prefix(64))'; known are \(WarningKind.allCases.map(\.name).joined(separator: ", "))"
            )
        }
        return kind
    }
}

extension Busyhour_V1_Warning {
    fileprivate init(_ raised: RaisedWarning, name: String) {
        self.init()
        customerID = raised.customerID
        customerName = name
        warning = raised.warning.name
        level = raised.warning.level.rawValue
        meaning = raised.warning.words
        raisedAt = raised.raisedAtMicros
        if let value = raised.value {
            hasMeasured_p = true
            measured = value
        }
        reason = raised.reason
        raise = raised.threshold.raise
        clear = raised.threshold.clear
        if let mark = raised.mark {
            if mark.kind == .acknowledged { (acknowledgedBy, acknowledgedAt) = (mark.who, mark.atMicros) }
            if mark.kind == .muted { (mutedBy, mutedUntil) = (mark.who, mark.untilMicros) }
        }
    }
}
