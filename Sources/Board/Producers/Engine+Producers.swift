// Producers of numbered rows: the door to their table. A batch is admitted, its new rows are ingested, and it is
// recorded as counted, all without a save in between.

import CallEvents

/// How far a producer's rows are counted.
public struct ProducerMarks: Equatable, Sendable {
    public var epoch: UInt64
    /// All rows up to this sequence number are counted.
    public var applied: UInt64
}

extension Engine {
    /// Begins an epoch of a producer and ends earlier ones.
    /// - Parameter counted: where an unknown producer begins: it knows that all rows up to this number were counted.
    /// - Returns: its marks, and whether it was known.
    public func greet(
        _ id: ProducerID, epoch: UInt64, counted: UInt64, now: Int64
    ) throws(ProducerRefusal) -> (isKnown: Bool, ProducerMarks) {
        let (isKnown, entry) = try state.producers.greet(id, epoch: epoch, counted: counted, now: now)
        return (isKnown, ProducerMarks(epoch: entry.epoch, applied: entry.applied))
    }

    /// Checks a batch of so many rows before any of it is ingested.
    /// - Returns: how many of its first rows were counted before and must be skipped.
    public func admit(_ batch: ProducerBatch, rows: Int, now: Int64) throws(ProducerRefusal) -> Int {
        try state.producers.admit(batch, rows: rows, now: now)
    }

    /// Records that the new rows of an admitted batch are ingested.
    public func noteCounted(_ batch: ProducerBatch, now: Int64) { state.producers.counted(batch, now: now) }

    /// Removes a producer that has nothing more to send.
    public func endProducer(_ id: ProducerID, epoch: UInt64) throws(ProducerRefusal) {
        try state.producers.end(id, epoch: epoch)
    }

    /// The marks of a producer; nil: unknown.
    public func marks(of id: ProducerID) -> ProducerMarks? {
        state.producers.entries[id].map { ProducerMarks(epoch: $0.epoch, applied: $0.applied) }
    }

    /// The marks of all known producers.
    public var producerMarks: [ProducerID: ProducerMarks] {
        state.producers.entries.mapValues { ProducerMarks(epoch: $0.epoch, applied: $0.applied) }
    }

    /// Changes with every change of what `statistics` shows of the producers.
    public var producersVersion: UInt64 { state.producers.version }
}
