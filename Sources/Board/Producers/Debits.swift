// Costs of calls, taken from the customers' credit: once for each call, in the journal before anybody is told.
//
// The journal and the statistics are saved apart, so after a crash one may be ahead of the other: a producer has a mark in each,
// starts again from the lower one, and each side takes only what is above its own.

import CallEvents
import Columnar

/// What a batch has taken from the customers' credit.
public struct Debits: Equatable, Sendable {
    /// Ascending.
    public var customerIDs: [UInt32] = []
    /// What was taken from each, 10^-6 of his currency; below 0: given back.
    public var micros: [Int64] = []
    /// What of it is for calls whose costs were told anew, with ascending customers: for the history.
    public var reratings: [Rerating] = []
    /// Who sent the batch by number; nil: nobody.
    public var producer: ProducerID?
    /// The batch's last number.
    public var through: UInt64 = 0
    /// When it came, microseconds since 1970.
    public var takenAtMicros: Int64 = 0

    public init() {}
}

/// How far the costs of a producer's calls are taken.
struct DebitMark: Equatable, Sendable {
    var through: UInt64
    /// When it was moved last, microseconds since 1970.
    var movedAtMicros: Int64
}

/// The marks, and what the batch at hand takes.
struct DebitBook: Sendable {
    private(set) var marks: [ProducerID: DebitMark] = [:]
    /// Rows of the batch at hand from this one on cost something.
    var firstRow = Int.max
    /// By the customer's row.
    private var taken: [UInt32: Int64] = [:]
    private var reratings = ReratingBook()

    init() {}

    init(marks: [ProducerID: DebitMark]) { self.marks = marks }

    /// Takes a call's cost from a customer's credit, when the batch is done.
    /// - Returns: false, and nothing is taken, if the credit would be no amount any more.
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

    /// Which costs the batch has told anew, and nothing any more.
    mutating func closeReratings() -> [Rerating] { reratings.close() }

    /// What the batch has taken, with ascending rows, and nothing any more.
    mutating func close() -> [(row: UInt32, micros: Int64)] {
        defer {
            taken.removeAll(keepingCapacity: true)
            firstRow = .max
        }
        return taken.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Moves a producer's mark. Who has moved none for long is forgotten: his statistics are safe since.
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
    /// A customer's credit less an amount; nil: it would be no amount, alone or with the limit.
    func creditAfter(taking micros: Int64, row: Int) -> Int64? {
        let (credit, tooMuch) = creditMicros[row].subtractingReportingOverflow(micros)
        guard !tooMuch, !credit.addingReportingOverflow(debitLimitMicros[row]).overflow else { return nil }
        return credit
    }
}

extension EngineState {
    /// Changes the credits, all or none.
    /// - Returns: false: a customer is not there, or has no such amount.
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
            // Neither version nor time of change: those are of edits.
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
    /// How many of a batch's first rows have their costs taken already, those that were counted among them.
    public func rowsDebited(_ batch: ProducerBatch, rows: Int) -> Int {
        max(
            batch.rows(through: state.debits.marks[batch.producer]?.through ?? 0, of: rows),
            batch.rows(through: marks(of: batch.producer)?.applied ?? 0, of: rows))
    }

    /// Ingests finished calls, and takes their costs from the customers' credit. A call whose cost the credit cannot take is
    /// refused whole (`IngestSummary.overflowed`).
    /// - Parameters:
    ///   - firstRow: the costs of those before it are taken already.
    ///   - place: of the batch in what its producer sends; nil: it has no number.
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

    /// Does again what a journal has.
    /// - Returns: false, and nothing is changed: a customer is not there, or has no such amount.
    public func debitAgain(_ debits: Debits) -> Bool { state.apply(debits) }
}
