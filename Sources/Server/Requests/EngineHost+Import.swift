// A customer file, part by part.

import Board
import NIOCore
import Store
import Wire

extension EngineHost {
    func importCustomers(
        _ payload: ByteBuffer, now: Int64
    ) throws(RequestError) -> Busyhour_V1_ImportCustomersResponse {
        let part = try ImportPart(payload.readableBytesSpan)
        let request = part.request
        guard let key = IdempotencyKey(request.importID), key != .none else {
            throw RequestError(.invalidArgument, "import_id must be 16 bytes, the same in all parts")
        }
        var response = Busyhour_V1_ImportCustomersResponse()
        let hash = try RequestContents.hash(part)
        if !request.abort { try checkKey(key.bytes, part: Int(request.part), hash: hash) }
        if let result = engine.result(ofKey: key.bytes) {
            // It was done before: the answer to that was lost.
            response.change = result.number
            return response
        }
        if request.abort {
            engine.forgetImport(key.bytes)
            return response
        }
        let parts = engine.importProgress(key.bytes)?.parts
        guard parts != nil || request.part == 0 else {
            throw RequestError(
                .notFound, "there is no such import, or it waited too long for its next part; begin again")
        }
        guard parts != nil || engine.importCount < BoardLimits.imports else {
            throw RequestError(.busy, "\(BoardLimits.imports) imports are under way; try again when one is done")
        }
        guard request.part <= parts ?? 0 else {
            throw RequestError(.invalidArgument, "part \(request.part) came before part \(parts ?? 0)")
        }
        if request.part == parts ?? 0 {
            response.errors = try take(part, key, hash, now)
        } else if !engine.hasImportPart(Int(request.part), hash: hash, of: key.bytes) {
            throw RequestError(
                .conflict,
                "part \(request.part) of this import came before with other rows, which were taken; send a part again as it was, "
                    + "or begin again with a new import_id")
        }
        if let progress = engine.importProgress(key.bytes) {
            response.created = UInt64(progress.counts.created)
            response.updated = UInt64(progress.counts.updated)
            response.unchanged = UInt64(progress.counts.unchanged)
            response.failed = UInt64(progress.counts.failed)
            response.errorCount = UInt64(progress.errorCount)
        }
        guard request.last else { return response }
        if request.dryRun || response.errorCount > 0 || engine.importProgress(key.bytes)?.isRefused ?? false {
            engine.forgetImport(key.bytes)
            return response
        }
        response.change = try finishImport(request, key, now)
        return response
    }

    /// Takes the rows of a part; while nothing is wrong the journal stores them.
    private func take(
        _ part: ImportPart, _ key: IdempotencyKey, _ hash: UInt64, _ now: Int64
    ) throws(RequestError) -> [Busyhour_V1_RowError] {
        var errors: [CustomerError]
        let record: ImportPartRecord
        do throws(ChangeRefusal) {
            (errors, record) = try ImportPartRecord.take(
                part.rows, part: part.request.part, unreadable: part.unreadable.count, key: key, hash: hash, by: engine,
                now: now)
        } catch {
            throw RequestError(error)
        }
        errors = Array((part.unreadable + errors).prefix(Limits.reportedErrors))
        if !part.request.dryRun && record.saysSomething {
            let record = EncodedRecord(record)
            do throws(RequestError) {
                try journal?.admit(bytes: record.payload.count)
            } catch {
                // The engine has the part and the journal has not: the import cannot continue.
                engine.forgetImport(key.bytes)
                throw error
            }
            journal?.submit(record, key: key, atMicros: now)
        }
        return errors.map { error in
            var message = Busyhour_V1_RowError(error)
            message.index = UInt32(clamping: error.index)
            return message
        }
    }

    private func finishImport(
        _ request: Busyhour_V1_ImportCustomersRequest, _ key: IdempotencyKey, _ now: Int64
    ) throws(RequestError) -> UInt32 {
        let prepared: PreparedChange
        do throws(ChangeRefusal) {
            prepared = try engine.prepareImport(key.bytes, who: Self.who(request.who), file: request.file, now: now)
        } catch {
            throw RequestError(error)
        }
        guard !prepared.isEmpty else { return 0 }
        let record = EncodedRecord(ImportCommitRecord(prepared))
        try journal?.admit(bytes: record.payload.count)
        let result = engine.commit(prepared, idempotencyKey: key.bytes)
        journal?.submit(record, key: key, atMicros: prepared.change.atMicros)
        return result.number
    }
}
