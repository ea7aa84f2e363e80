// Changes of customers on their way to the disk, and what waits for them.
//
// A change is admitted, done by the engine, and submitted to the journal as a record, all in one turn of the engine's
// loop. The journal's own thread makes it durable. Until then no answer leaves that could show it (`RPCConnection`): an
// answer, once received, survives a loss of power.

import Board
import Foundation
import NIOCore
import Store
import Wire

/// Lives on the engine's loop.
final class MutationJournal {
    private let writer: JournalWriter
    /// The newest record whose effect the engine shows.
    private(set) var submittedLSN: UInt64
    /// The newest record that is durable.
    private(set) var durableLSN: UInt64
    /// Bytes of all records submitted since the start, and of those replayed at the start.
    private(set) var submittedBytes: UInt64
    /// What to do when a record is durable: by connection, so that a closed one can be dropped.
    private var waiting: [ObjectIdentifier: (UInt64) -> Void] = [:]

    /// - Parameter failed: called once when the disk has failed, on another thread. Nothing may leave the server then.
    init(
        _ journal: Journal, replayedBytes: UInt64, loop: any EventLoop, host: NIOLoopBound<EngineHost>,
        failed: @escaping @Sendable (String) -> Void
    ) {
        submittedLSN = journal.nextLSN - 1
        durableLSN = journal.nextLSN - 1
        submittedBytes = replayedBytes
        writer = JournalWriter(
            journal, durable: { lsn in loop.execute { host.value.journal?.becameDurable(lsn) } },
            failed: { failed("\($0)") })
    }

    // MARK: - Changes

    /// To be called before the engine does what a record of so many bytes will say.
    func admit(bytes: Int) throws(RequestError) {
        guard let refusal = writer.refusal(payloadBytes: bytes) else { return }
        switch refusal {
        case .tooLong: throw RequestError(.tooLarge, "\(refusal)")
        case .busy: throw RequestError(.busy, "\(refusal)")
        case .diskFull: throw RequestError(.diskFull, "no change is taken: \(refusal)")
        case .failed, .closed: throw RequestError(.internal, "no change is taken: \(refusal)")
        }
    }

    /// Why no change is accepted while the disk is full; nil: it is not.
    var diskFull: String? {
        guard let refusal = writer.refusal(payloadBytes: 0), case .diskFull = refusal else { return nil }
        return "\(refusal)"
    }

    /// Submits what the engine has just done.
    func submit(_ record: EncodedRecord, key: IdempotencyKey, atMicros: Int64) {
        submittedBytes += UInt64(record.payload.count)
        do throws(JournalRefusal) {
            submittedLSN = try writer.submit(record, key: key, micros: atMicros)
        } catch {
            // It was admitted, so the disk has failed since: the process ends, and no answer leaves before.
            submittedLSN = .max
        }
    }

    /// Applies a record to an engine when a journal is read.
    static func replay(_ record: JournalRecord, _ engine: Engine) throws(RecordFault) {
        try record.body()?.replay(engine, key: record.key)
    }

    // MARK: - Who waits

    var isDurable: Bool { durableLSN >= submittedLSN }

    /// Calls `body` with each new durable record, until `forget`.
    func subscribe(_ waiter: ObjectIdentifier, _ body: @escaping (UInt64) -> Void) { waiting[waiter] = body }

    func unsubscribe(_ waiter: ObjectIdentifier) { waiting[waiter] = nil }

    private func becameDurable(_ lsn: UInt64) {
        durableLSN = max(durableLSN, lsn)
        for body in waiting.values { body(durableLSN) }
    }

    // MARK: - Snapshots

    /// For the saving thread: returns once every record up to one is durable, so that no snapshot has what the journal
    /// may lose; false if that will not happen.
    var waitUntilDurable: @Sendable (UInt64) -> Bool {
        let writer = writer
        return { lsn in
            while writer.durableLSN < lsn {
                switch writer.refusal(payloadBytes: 0) {
                case .failed, .closed: return false
                case .busy, .diskFull, .tooLong, nil: Thread.sleep(forTimeInterval: 0.001)
                }
            }
            return true
        }
    }

    /// Records the hash that a snapshot must have. If the journal accepts nothing now, the file goes without it.
    func note(_ snapshot: SnapshotDone, micros: Int64) {
        if let lsn = try? writer.submit(EncodedRecord(snapshot), key: .none, micros: micros) { submittedLSN = lsn }
    }

    /// Snapshots contain everything up to this record.
    func release(through lsn: UInt64) { writer.release(through: lsn) }

    /// Writes what is left; blocks; from any thread, once.
    var close: @Sendable () -> Void {
        let writer = writer
        return { writer.close() }
    }
}
