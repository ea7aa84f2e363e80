// Requests that change existing customers, and their history: edit, delete, undo, history.
//
// Each is prepared by the engine, which finds every fault and changes nothing; the journal must then admit the
// record; then it is done and submitted.

import Board
import Store
import Wire

extension EngineHost {
    func editCustomers(
        _ request: Busyhour_V1_EditCustomersRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        let edit = try CustomerEdit(request, self)
        let hash = try RequestContents.hash(request)
        var response = try change(
            request.idempotencyKey, hash, dryRun: request.dryRun, show: request.show, now: now
        ) {
            [engine] () throws(ChangeRefusal) in try engine.prepare(edit, now: now)
        }
        response.beginsAt = edit.beginAtMicros
        return response
    }

    func deleteCustomers(
        _ request: Busyhour_V1_DeleteCustomersRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        let selection = try CustomerEdit.Selection(request.selection, who: request.who, self)
        let hash = try RequestContents.hash(request)
        return try change(request.idempotencyKey, hash, dryRun: request.dryRun, show: request.show, now: now) {
            [engine] () throws(ChangeRefusal) in
            try engine.prepareDelete(
                selection, expectedVersion: request.expectedVersion, expectedSelection: request.expectedSelection,
                who: Self.who(request.who), now: now)
        }
    }

    func undo(_ request: Busyhour_V1_UndoRequest, now: Int64) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        let hash = try RequestContents.hash(request)
        let id = try undoneCustomer(request)
        var response = try change(
            request.idempotencyKey, hash, dryRun: request.dryRun, show: request.show, now: now
        ) {
            [engine] () throws(ChangeRefusal) in
            let who = Self.who(request.who)
            if request.callOff { return try engine.prepareCallOff(number: request.change, who: who, now: now) }
            return try engine.prepareUndo(customerID: id, number: request.change, who: who, now: now)
        }
        if let change = engine.change(response.change), change.kind == .calledOff {
            response.calledOff = change.later.of
        }
        return response
    }

    func history(_ request: Busyhour_V1_HistoryRequest) throws(RequestError) -> Busyhour_V1_HistoryResponse {
        guard request.limit <= Limits.historyEntries else {
            throw RequestError(.invalidArgument, "limit is \(request.limit); at most \(Limits.historyEntries) are sent")
        }
        let limit = request.limit == 0 ? Limits.defaultHistoryEntries : Int(request.limit)
        var response = Busyhour_V1_HistoryResponse()
        var id = request.customerID
        if !request.customerName.isEmpty { id = try customerEver(named: request.customerName) }
        guard id != 0 else {
            response.changes = engine.history(before: request.before, limit: limit).map { change in
                var entry = Busyhour_V1_ChangeEntry(
                    change, change.customerCount == 1 ? change.shown(limit: 64) : [], engine)
                entry.remark += change.note.remark
                return entry
            }
            return response
        }
        guard engine.hasHad(id) else { throw RequestError(.notFound, engine.absence(of: id)) }
        response.customerID = id
        response.customerName = engine.nameEver(of: id)
        response.deletedAt = engine.deletedAtMicros(of: id)
        response.changes = engine.history(customerID: id, before: request.before, limit: limit).map { change in
            var entry = Busyhour_V1_ChangeEntry(change, change.shown(customerID: id), engine)
            entry.remark += change.note.remark(customerID: id)
            if change.note.hasLeftOut(customerID: id) {
                entry.leftOut = 1
            } else {
                (entry.leftOut, entry.leftOutFor) = (0, 0)
            }
            return entry
        }
        return response
    }

    /// 0: none is named.
    private func undoneCustomer(_ request: Busyhour_V1_UndoRequest) throws(RequestError) -> UInt32 {
        if request.customerName.isEmpty { return request.customerID }
        guard request.customerID == 0 else {
            throw RequestError(.invalidArgument, "a customer is given by id and by name; leave one out")
        }
        return try customerEver(named: request.customerName)
    }

    /// The customer of this name or, if there is none, the deleted one that had it.
    private func customerEver(named name: String) throws(RequestError) -> UInt32 {
        if let customer = engine.customer(named: name) { return customer.id }
        let deleted = engine.deletedCustomers(named: name)
        guard let first = deleted.first else {
            throw RequestError(
                .notFound, "no customer with name '\(name.prefix(BoardLimits.nameBytes))', deleted ones included")
        }
        guard deleted.count == 1 else {
            let ids = deleted.prefix(Limits.listedNamesakes).map { String($0) }.joined(separator: ", ")
            let more = deleted.count > Limits.listedNamesakes ? ", ..." : ""
            throw RequestError(
                .conflict,
                "\(deleted.count) deleted customers were called '\(name)': \(ids)\(more); give the id of the one that is meant"
            )
        }
        return first
    }

    /// The actor as the request names it; longer names are cut.
    static func who(_ name: String) -> String { String(name.prefix(BoardLimits.whoBytes)) }

    /// Prepares a change and, if nothing is wrong and it is not a dry run, does it.
    /// - Parameter hash: of the request's content.
    func change(
        _ idempotencyKey: some Collection<UInt8>, _ hash: UInt64, dryRun: Bool, show: UInt32, now: Int64,
        _ prepare: () throws(ChangeRefusal) -> PreparedChange
    ) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        guard let key = IdempotencyKey(idempotencyKey) else {
            throw RequestError(.invalidArgument, "idempotency_key must be 16 bytes, or empty for none")
        }
        try checkKey(key.bytes, hash: hash)
        if let result = engine.result(ofKey: key.bytes) { return Busyhour_V1_ChangeResponse(result) }
        var prepared: PreparedChange
        do throws(ChangeRefusal) {
            prepared = try prepare()
        } catch {
            throw RequestError(error)
        }
        var response = Busyhour_V1_ChangeResponse(prepared)
        response.show(prepared.preview ?? prepared.change, limit: min(Int(show), Limits.shownDifferences), engine)
        guard prepared.errorCount == 0 else {
            response.changed = 0
            return response
        }
        guard !dryRun, !prepared.isEmpty else { return response }
        if key != .none { prepared.content = RequestContent(hash) }
        let record = EncodedRecord(prepared)
        try journal?.admit(bytes: record.payload.count)
        response.change = engine.commit(prepared, idempotencyKey: key.bytes).number
        journal?.submit(record, key: key, atMicros: prepared.change.atMicros)
        response.changed = UInt64(prepared.change.customerCount)
        return response
    }

    /// Purges customers deleted so long ago that they can no longer be restored; called with every tick.
    func purgeWhoIsDue(now: Int64) {
        guard let due = engine.duePurge(now: now) else { return }
        let record = EncodedRecord(PurgeRecord(due))
        do throws(RequestError) {
            try journal?.admit(bytes: record.payload.count)
        } catch {
            // They will be due in an hour, too.
            return
        }
        engine.purge(due)
        journal?.submit(record, key: .none, atMicros: now)
    }

    /// Does a change that no request is waiting for.
    /// - Returns: its number; nil: the journal admits nothing now, and nothing was done.
    func commit(_ prepared: PreparedChange) -> UInt32? {
        let record = EncodedRecord(prepared)
        do throws(RequestError) {
            try journal?.admit(bytes: record.payload.count)
        } catch {
            return nil
        }
        let number = engine.commit(prepared, idempotencyKey: []).number
        journal?.submit(record, key: .none, atMicros: prepared.change.atMicros)
        return number
    }
}
