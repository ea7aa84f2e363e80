// Who sends by number, and how far he is. A producer gives every row a number and may send it again until he knows that it
// is kept: what the table has is left out, what is missing in between is refused, so each row counts once.
//
// The table is part of the statistics: it is saved and restored in the same instant as windows and live calls, so after a
// crash both are at the same place, and the producer goes on from there.

import CallEvents

/// How far one producer's rows are counted.
struct Producer: Equatable, Sendable {
    /// The highest life of the producer that was heard.
    var epoch: UInt64
    /// All numbers up to this one are in the statistics.
    var applied: UInt64
    /// When it was last heard of, by the machine's clock, microseconds since 1970.
    var heardMicros: Int64
}

/// Why a producer's batch is not taken. Nothing of it was counted.
public enum ProducerRefusal: Error, Equatable, Sendable {
    /// Numbers between those that were counted and the batch's first are missing.
    case gap(expected: UInt64, first: UInt64)
    /// Another life of the producer has come since.
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
    /// Numbers that producers gave up.
    private(set) var lost: UInt64 = 0
    /// Another number after every change.
    private(set) var version: UInt64 = 0
    /// When idle entries were last looked for.
    private var sweptMicros: Int64 = .min

    init() {}

    init(_ entries: [ProducerID: Producer], lost: UInt64) {
        self.entries = entries
        self.lost = lost
    }

    /// Begins a life of a producer, and ends the ones before.
    /// - Parameter counted: where one that is not known begins: up to this number all was counted, as it knows.
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
        // `lost` is below `first`, and `applied` below the highest number, as every last number is.
        guard batch.first - batch.lost <= applied + 1 else { throw .gap(expected: applied + 1, first: batch.first) }
        return batch.rows(through: applied, of: rows)
    }

    /// All of a batch that was admitted is counted.
    mutating func counted(_ batch: ProducerBatch, now: Int64) {
        let applied = entries[batch.producer]?.applied ?? 0
        // A loss is one only of what was not counted.
        if batch.first > applied + 1 { lost &+= batch.first - applied - 1 }
        entries[batch.producer] = Producer(
            epoch: batch.epoch, applied: max(applied, batch.last), heardMicros: now)
        version &+= 1
    }

    /// Forgets a producer that has nothing more to send.
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

    /// Forgets who was not heard for long. Once a minute: it looks at all of them.
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
