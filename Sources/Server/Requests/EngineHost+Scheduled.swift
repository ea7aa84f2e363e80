// What is done at a time set before: edits that begin later, and changes that are set back.

import Board
import Logging
import NIOCore
import Store
import SwiftProtobuf
import Wire

extension EngineHost {
    /// Does what is due; called with every tick. Work that takes long leaves the rest to the next one.
    func doWhatIsDue(now: Int64) {
        let began = NIODeadline.now()
        repeat {
            guard let prepared = engine.prepareDue(now: now), doDue(prepared, now: now) else { return }
        } while NIODeadline.now() - began < Limits.dueAtOnce
    }

    /// - Returns: false: the journal admits nothing now.
    private func doDue(_ prepared: PreparedChange, now: Int64) -> Bool {
        var (prepared, record) = (prepared, EncodedRecord(prepared))
        do throws(RequestError) {
            try journal?.admit(bytes: record.payload.count)
        } catch {
            // The journal is busy, or the disk is full: still due at the next tick. What the journal can never admit
            // would block everything after it.
            guard error.code == .tooLarge, let failed = engine.prepareDue(refusal: error.message, now: now) else {
                return false
            }
            (prepared, record) = (failed, EncodedRecord(failed))
        }
        _ = engine.commit(prepared, idempotencyKey: [])
        journal?.submit(record, key: .none, atMicros: prepared.change.atMicros)
        let (number, later) = (prepared.change.number, prepared.change.later)
        if later.hasFailed {
            let of = later.of != 0 ? later.of : prepared.change.undoes
            logger?.warning("change \(number): what was to come of change \(of) could not be done: \(later.remark)")
        } else if later.lateMicros > 0 {
            logger?.notice("change \(number) was due \(later.lateMicros / 1_000_000) s ago")
        }
        return true
    }

    func scheduled(
        _ request: Busyhour_V1_ScheduledRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_ScheduledResponse {
        let limit = try Self.listLimit(request.limit, atMost: Limits.scheduledPerAnswer)
        guard request.customerID == 0 || engine.hasHad(request.customerID) else {
            throw RequestError(.notFound, engine.absence(of: request.customerID))
        }
        var response = Busyhour_V1_ScheduledResponse()
        let (changes, total) = engine.scheduled(customerID: request.customerID, limit: limit)
        var bytes = 0
        for change in changes {
            let entry = Busyhour_V1_ScheduledEntry(change)
            bytes += (try? entry.serializedData().count) ?? 0
            // The first always has room: a planned edit is bounded.
            if bytes > Limits.scheduledBytesPerAnswer { break }
            response.entries.append(entry)
        }
        response.total = UInt64(total)
        response.asOf = now
        if request.customerID == 0 {
            let failed = engine.failedChanges(since: now - BoardLimits.failedMicros, limit: Limits.failedPerAnswer)
            response.failed = failed.map { Busyhour_V1_ChangeEntry($0, [], engine) }
        }
        return response
    }
}
