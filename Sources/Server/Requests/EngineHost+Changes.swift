// Requests that change customers who are there, and what was changed: edit, delete, undo, history.
//
// Each is prepared by the engine, which finds every fault and changes nothing; the journal is asked whether it takes the
// record; then it is done and submitted.

import Board
import Store
import Wire

extension EngineHost {
    func editCustomers(
        _ request: Busyhour_V1_EditCustomersRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        let edit = try CustomerEdit(request, self)
        return try change(request.idempotencyKey, dryRun: request.dryRun, show: request.show, now: now) {
            [engine] () throws(ChangeRefusal) in try engine.prepare(edit, now: now)
        }
    }

    func deleteCustomers(
        _ request: Busyhour_V1_DeleteCustomersRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        let selection = try CustomerEdit.Selection(request.selection, who: request.who, self)
        return try change(request.idempotencyKey, dryRun: request.dryRun, show: 0, now: now) {
            [engine] () throws(ChangeRefusal) in
            try engine.prepareDelete(
                selection, expectedVersion: request.expectedVersion, who: Self.who(request.who), now: now)
        }
    }

    func undo(_ request: Busyhour_V1_UndoRequest, now: Int64) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        try change(request.idempotencyKey, dryRun: request.dryRun, show: request.show, now: now) {
            [engine] () throws(ChangeRefusal) in
            try engine.prepareUndo(
                customerID: request.customerID, number: request.change, who: Self.who(request.who), now: now)
        }
    }

    func history(_ request: Busyhour_V1_HistoryRequest) throws(RequestError) -> Busyhour_V1_HistoryResponse {
        guard request.limit <= Limits.historyEntries else {
            throw RequestError(.invalidArgument, "limit is \(request.limit); at most \(Limits.historyEntries) are sent")
        }
        let limit = request.limit == 0 ? Limits.defaultHistoryEntries : Int(request.limit)
        var response = Busyhour_V1_HistoryResponse()
        var id = request.customerID
        if !request.customerName.isEmpty {
            guard let customer = engine.customer(named: request.customerName) else {
                throw RequestError(.notFound, "no customer with name '\(request.customerName)'")
            }
            id = customer.id
        }
        guard id != 0 else {
            response.changes = engine.history(before: request.before, limit: limit).map { change in
                Busyhour_V1_ChangeEntry(change, change.customerCount == 1 ? change.shown(limit: 64) : [])
            }
            return response
        }
        guard engine.hasHad(id) else { throw RequestError(.notFound, engine.absence(of: id)) }
        response.customerID = id
        response.customerName = engine.nameEver(of: id)
        response.deletedAt = engine.deletedAtMicros(of: id)
        response.changes = engine.history(customerID: id, before: request.before, limit: limit).map { change in
            Busyhour_V1_ChangeEntry(change, change.shown(customerID: id))
        }
        return response
    }

    /// Who somebody says he is; longer names are cut.
    static func who(_ name: String) -> String { String(name.prefix(BoardLimits.whoBytes)) }

    /// Prepares a change and, if nothing is wrong and it is meant, does it.
    func change(
        _ idempotencyKey: some Collection<UInt8>, dryRun: Bool, show: UInt32, now: Int64,
        _ prepare: () throws(ChangeRefusal) -> PreparedChange
    ) throws(RequestError) -> Busyhour_V1_ChangeResponse {
        guard let key = IdempotencyKey(idempotencyKey) else {
            throw RequestError(.invalidArgument, "idempotency_key must be 16 octets, or empty for none")
        }
        if let result = engine.result(ofKey: key.octets) { return Busyhour_V1_ChangeResponse(result) }
        let prepared: PreparedChange
        do throws(ChangeRefusal) {
            prepared = try prepare()
        } catch {
            throw RequestError(error)
        }
        var response = Busyhour_V1_ChangeResponse(prepared)
        response.show(prepared.change, limit: min(Int(show), Limits.shownDifferences), engine)
        guard prepared.errorCount == 0 else {
            response.changed = 0
            return response
        }
        guard !dryRun, !prepared.isEmpty else { return response }
        let payload = ChangeRecord(prepared).payload
        try journal?.admit(octets: payload.count)
        response.change = engine.commit(prepared, idempotencyKey: key.octets).number
        journal?.submit(.change(payload), key: key, atMicros: prepared.change.atMicros)
        return response
    }

    /// Forgets who was deleted so long ago that nobody can have him back; called with every tick.
    func purgeWhoIsDue(now: Int64) {
        guard let due = engine.duePurge(now: now) else { return }
        let payload = PurgeRecord(due).payload
        do throws(RequestError) {
            try journal?.admit(octets: payload.count)
        } catch {
            // They are due in an hour, too.
            return
        }
        engine.purge(due)
        journal?.submit(.purge(payload), key: .none, atMicros: now)
    }

    /// Sets back what has come to its time; called with every tick.
    func setBackWhatIsDue(now: Int64) {
        for _ in 0..<Limits.setBackPerTick {
            // Where the journal is busy, or the disk is full, it is due at the next tick, too.
            guard let prepared = engine.prepareDue(now: now), commit(prepared) != nil else { return }
        }
    }

    /// Does a change that nobody asks for now, and whose answer nobody waits for.
    /// - Returns: its number; nil: the journal takes nothing now, and nothing was done.
    func commit(_ prepared: PreparedChange) -> UInt32? {
        let payload = ChangeRecord(prepared).payload
        do throws(RequestError) {
            try journal?.admit(octets: payload.count)
        } catch {
            return nil
        }
        let number = engine.commit(prepared, idempotencyKey: []).number
        journal?.submit(.change(payload), key: .none, atMicros: prepared.change.atMicros)
        return number
    }
}
