// Costs of calls, debited from the customers' credit: once per call, and journalled before they are acknowledged.
//
// The journal and the statistics are saved separately, so after a crash one may be ahead of the other: a producer has a
// mark in each, resumes from the lower one, and each side takes only what is above its own.

import CallEvents
import Columnar

/// What a batch has debited from the customers' credit.
public struct Debits: Equatable, Sendable {
    /// Ascending.
    public var customerIDs: [UInt32] = []
    /// The amount debited from each, 10^-6 of its currency; below 0: credited.
    public var micros: [Int64] = []
    /// What of it is for calls whose costs were told again, with ascending customers: for the history.
    public var reratings: [Rerating] = []
    /// The producer that numbered the batch; nil: it has no numbers.
    public var producer: ProducerID?
    /// The batch's last sequence number.
    public var through: UInt64 = 0
    /// When the batch came, microseconds since 1970.
    public var takenAtMicros: Int64 = 0

    public init() {}
}

/// How far the costs of a producer's calls are debited.
struct DebitMark: Equatable, Sendable {
    var through: UInt64
    /// When the mark was last moved, microseconds since 1970.
    var movedAtMicros: Int64
}

/// The marks, and the debits of the current batch.
struct DebitBook: Sendable {
    private(set) var marks: [ProducerID: DebitMark] = [:]
    /// Rows of the current batch from this one on are debited.
    var firstRow = Int.max
    /// Amounts by the customer's row.
    private var taken: [UInt32: Int64] = [:]
    private var reratings = ReratingBook()

    init() {}

    init(marks: [ProducerID: DebitMark]) { self.marks = marks }

    /// Debits a call's cost from a customer's credit, when the batch is done.
    /// - Returns: false, and nothing is changed, if the credit would leave the range of amounts.
    mutating func take(_ micros: Int64, from row: UInt32, _ customers: borrowing CustomerTable) -> Bool {
        let (sum, tooMuch) = taken[row, default: 0].addingReportingOverflow(micros)
        guard !tooMuch, customers.creditAfter(taking: sum, row: Int(row)) != nil else { return false }
        taken[row] = sum
        return true
    }

    /// Notes a difference that was taken, see `ReratingBook.note`.
    mutating func noteRerated(
        _ number: UInt32, row: UInt32, from before: Int64, to after: Int64, callID: ArraySlice<UInt8>
    ) {
        reratings.note(number, row: row, from: before, to: after, callID: callID)
    }

    /// Which costs the batch has told again, and nothing any more.
    mutating func closeReratings() -> [Rerating] { reratings.close() }

    /// What the batch has taken, with ascending rows, and nothing any more.
    mutating func close() -> [(row: UInt32, micros: Int64)] {
        defer {
            taken.removeAll(keepingCapacity: true)
            firstRow = .max
        }
        return taken.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Moves a producer's mark. The oldest mark makes room: its producer's statistics are long durable.
    mutating func note(_ debits: Debits) {
        guard let producer = debits.producer else { return }
        if marks[producer] == nil && marks.count >= BoardLimits.producers {
            let oldest = marks.min { ($0.value.movedAtMicros, $0.key.high) < ($1.value.movedAtMicros, $1.key.high) }
            if let oldest { marks[oldest.key] = nil }
        }
        marks[producer] = DebitMark(
            through: max(marks[producer]?.through ?? 0, debits.through), movedAtMicros: debits.takenAtMicros)
    }
}

extension CustomerTable {
    /// A customer's credit less an amount; nil: it would be out of range, alone or with the limit.
    func creditAfter(taking micros: Int64, row: Int) -> Int64? {
        let (credit, tooMuch) = creditMicros[row].subtractingReportingOverflow(micros)
        guard !tooMuch, !credit.addingReportingOverflow(debitLimitMicros[row]).overflow else { return nil }
        return credit
    }
}

extension EngineState {
    /// Changes the credits, all or none.
    /// - Returns: false: a customer does not exist, or its credit would be out of range.
    mutating func apply(_ debits: Debits) -> Bool {
        var credits: [(row: Int, micros: Int64)] = []
        guard debits.customerIDs.count == debits.micros.count else { return false }
        for (id, micros) in zip(debits.customerIDs, debits.micros) {
            guard let row = customers.row(id: id), let credit = customers.creditAfter(taking: micros, row: row) else {
                return false
            }
            credits.append((row, credit))
        }
        guard debits.reratings.allSatisfy({ customers.row(id: $0.customerID) != nil }) else { return false }
        for (row, credit) in credits {
            // Neither version nor time of change: those are for edits.
            customers.setCredit(credit, row: row)
        }
        if !debits.reratings.isEmpty { note(debits.reratings, atMicros: debits.takenAtMicros) }
        self.debits.note(debits)
        // Marks are saved with the customers.
        if credits.isEmpty && debits.producer != nil { customers.noteOtherChange() }
        return true
    }

    /// A line in the history of each of these customers, which ascend.
    private mutating func note(_ reratings: [Rerating], atMicros: Int64) {
        var change = next(.rerated, who: "feed cdr", now: atMicros)
        change.rows = RowSet(reratings.map { $0.customerID - 1 })
        change.note.reratings = reratings
        changes.append(change)
        customers.noteOtherChange()
    }
}

extension Engine {
    /// How many of a batch's first rows are debited already, including those that were counted.
    public func rowsDebited(_ batch: ProducerBatch, rows: Int) -> Int {
        max(
            batch.rows(through: state.debits.marks[batch.producer]?.through ?? 0, of: rows),
            batch.rows(through: marks(of: batch.producer)?.applied ?? 0, of: rows))
    }

    /// Ingests finished calls, and debits their costs from the customers' credit. A call whose cost the credit cannot
    /// take is refused whole (`IngestSummary.overflowed`).
    /// - Parameters:
    ///   - firstRow: rows before it are debited already.
    ///   - place: the batch's sequence numbers at its producer; nil: it is unnumbered.
    public func ingestAndDebit(
        _ batch: CallRecordBatch, now: Int64, firstRow: Int, place: ProducerBatch?
    ) -> (IngestSummary, Debits) {
        state.debits.firstRow = firstRow
        let summary = ingest(batch, now: now, isNumbered: place != nil)
        var debits = Debits()
        for (row, micros) in state.debits.close() where micros != 0 {
            debits.customerIDs.append(row + 1)
            debits.micros.append(micros)
        }
        debits.reratings = state.debits.closeReratings()
        (debits.producer, debits.through, debits.takenAtMicros) = (place?.producer, place?.last ?? 0, now)
        // Each sum was checked when it was taken.
        let isApplied = state.apply(debits)
        precondition(isApplied, "costs that the credit can take")
        return (summary, debits)
    }

    /// Applies debits from a journal again.
    /// - Returns: false, and nothing is changed: a customer does not exist, or its credit would be out of range.
    public func debitAgain(_ debits: Debits) -> Bool { state.apply(debits) }
}
