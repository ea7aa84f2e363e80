// Producers of numbered rows, and how far each is. A producer numbers every row and may send it again until it knows
// that the row is durable: rows that the table has are skipped, gaps are refused, so each row counts once.
//
// The table is part of the statistics: it is saved and restored in the same instant as windows and live calls, so after
// a crash both are at the same row, and the producer resumes from there.

import CallEvents

/// How far one producer's rows are counted.
struct Producer: Equatable, Sendable {
    /// The highest epoch of the producer so far.
    var epoch: UInt64
    /// All rows up to this sequence number are in the statistics.
    var applied: UInt64
    /// When it was last active, by the machine's clock, microseconds since 1970.
    var heardMicros: Int64
}

/// Why a producer's batch is refused. Nothing of it was counted.
public enum ProducerRefusal: Error, Equatable, Sendable {
    /// Sequence numbers between the counted ones and the batch's first are missing.
    case gap(expected: UInt64, first: UInt64)
    /// Another epoch of the producer has begun since.
    case fenced(epoch: UInt64, by: UInt64)
    case tooMany(limit: Int)
    case malformed(String)
}

extension ProducerRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .gap(let expected, let first):
            "the batch begins at \(first), and \(expected) is next; send from there, or say that what is between is lost"
        case .fenced(let epoch, let newest):
            "epoch \(epoch) of this producer ended when epoch \(newest) began; end this one, or begin a higher one"
        case .tooMany(let limit): "\(limit) producers are known already; end one, or try again later"
        case .malformed(let what): "\(what); see ProducerBatch in busyhour.proto"
        }
    }
}

struct ProducerTable: Sendable {
    private(set) var entries: [ProducerID: Producer] = [:]
    /// Sequence numbers that producers gave up.
    private(set) var lost: UInt64 = 0
    /// Changes with every change of the table.
    private(set) var version: UInt64 = 0
    /// When idle entries were last searched for.
    private var sweptMicros: Int64 = .min

    init() {}

    init(_ entries: [ProducerID: Producer], lost: UInt64) {
        self.entries = entries
        self.lost = lost
    }

    /// Begins an epoch of a producer, and ends earlier ones.
    /// - Parameter counted: where an unknown producer begins: it knows that all rows up to this number were counted.
    /// - Returns: whether it was known, and its entry.
    mutating func greet(
        _ id: ProducerID, epoch: UInt64, counted: UInt64, now: Int64
    ) throws(ProducerRefusal) -> (isKnown: Bool, Producer) {
        expire(now: now)
        guard epoch >= 1, counted < .max else { throw .malformed("epoch \(epoch), counted \(counted)") }
        let known = entries[id]
        if let known, known.epoch >= epoch { throw .fenced(epoch: epoch, by: known.epoch) }
        let entry = Producer(epoch: epoch, applied: known?.applied ?? counted, heardMicros: now)
        try store(entry, id)
        return (known != nil, entry)
    }

    /// How many of a batch's first rows were counted before.
    mutating func admit(_ batch: ProducerBatch, rows: Int, now: Int64) throws(ProducerRefusal) -> Int {
        expire(now: now)
        if let fault = batch.fault(rows: rows) { throw .malformed(fault) }
        if let known = entries[batch.producer], known.epoch > batch.epoch {
            throw .fenced(epoch: batch.epoch, by: known.epoch)
        }
        guard entries[batch.producer] != nil || entries.count < BoardLimits.producers else {
            throw .tooMany(limit: BoardLimits.producers)
        }
        let applied = entries[batch.producer]?.applied ?? 0
        // `lost` is below `first`, and `applied` is below the highest number, as every last number is.
        guard batch.first - batch.lost <= applied + 1 else { throw .gap(expected: applied + 1, first: batch.first) }
        return batch.rows(through: applied, of: rows)
    }

    /// Records that all rows of an admitted batch are counted.
    mutating func counted(_ batch: ProducerBatch, now: Int64) {
        let applied = entries[batch.producer]?.applied ?? 0
        // Only rows that were not counted can be lost.
        if batch.first > applied + 1 { lost &+= batch.first - applied - 1 }
        entries[batch.producer] = Producer(
            epoch: batch.epoch, applied: max(applied, batch.last), heardMicros: now)
        version &+= 1
    }

    /// Removes a producer that has nothing more to send.
    mutating func end(_ id: ProducerID, epoch: UInt64) throws(ProducerRefusal) {
        guard let known = entries[id] else { return }
        if known.epoch > epoch { throw .fenced(epoch: epoch, by: known.epoch) }
        entries[id] = nil
        version &+= 1
    }

    private mutating func store(_ entry: Producer, _ id: ProducerID) throws(ProducerRefusal) {
        guard entries[id] != nil || entries.count < BoardLimits.producers else {
            throw .tooMany(limit: BoardLimits.producers)
        }
        entries[id] = entry
        version &+= 1
    }

    /// Removes producers that were idle for long. Once a minute, because it checks all of them.
    private mutating func expire(now: Int64) {
        guard sweptMicros == .min || now.subtractingReportingOverflow(sweptMicros).partialValue >= 60_000_000 else {
            return
        }
        sweptMicros = now
        let idle = entries.filter { _, entry in
            let (age, overflow) = now.subtractingReportingOverflow(entry.heardMicros)
            return !overflow && age > BoardLimits.producerIdleMicros
        }
        for id in idle.keys { entries[id] = nil }
        if !idle.isEmpty { version &+= 1 }
    }
}
