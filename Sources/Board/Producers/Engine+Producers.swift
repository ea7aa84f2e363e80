// Who sends by number: the door to the table of producers. A batch is admitted, what is new of it is ingested, and it is noted as
// counted, all in one go: nothing is saved in between.

import CallEvents

/// How far a producer is.
public struct ProducerMarks: Equatable, Sendable {
    public var epoch: UInt64
    /// All numbers up to this one are counted.
    public var applied: UInt64
}

extension Engine {
    /// Begins a life of a producer and ends those before.
    /// - Parameter counted: where one that is not known begins: it knows that up to this number all was counted.
    /// - Returns: its marks, and whether it was known.
    public func greet(
        _ id: ProducerID, epoch: UInt64, counted: UInt64, now: Int64
    ) throws(ProducerRefusal) -> (isKnown: Bool, ProducerMarks) {
        let (isKnown, entry) = try state.producers.greet(id, epoch: epoch, counted: counted, now: now)
        return (isKnown, ProducerMarks(epoch: entry.epoch, applied: entry.applied))
    }

    /// Looks at a batch of so many rows before anything of it is ingested.
    /// - Returns: how many of its first rows were counted before, and are to be left out.
    public func admit(_ batch: ProducerBatch, rows: Int, now: Int64) throws(ProducerRefusal) -> Int {
        try state.producers.admit(batch, rows: rows, now: now)
    }

    /// What is new of an admitted batch is ingested.
    public func noteCounted(_ batch: ProducerBatch, now: Int64) { state.producers.counted(batch, now: now) }

    /// Forgets a producer that has nothing more to send.
    public func endProducer(_ id: ProducerID, epoch: UInt64) throws(ProducerRefusal) {
        try state.producers.end(id, epoch: epoch)
    }

    /// The marks of a producer; nil: it is not known.
    public func marks(of id: ProducerID) -> ProducerMarks? {
        state.producers.entries[id].map { ProducerMarks(epoch: $0.epoch, applied: $0.applied) }
    }

    /// Those of all producers that are known.
    public var producerMarks: [ProducerID: ProducerMarks] {
        state.producers.entries.mapValues { ProducerMarks(epoch: $0.epoch, applied: $0.applied) }
    }

    /// Another number after every change of what `statistics` shows of the producers.
    public var producersVersion: UInt64 { state.producers.version }
}
