// Some finished calls of a batch on their way into the timeline.

import CallEvents

/// The calls as facts, three each, in columns that the processor's first caches hold.
///
/// Unsafe, and why it is right: each pointer has room for `capacity` elements from init to deinit, all of them plain bits;
/// the first `count` are initialised. `fill` checks that there is room.
final class RecordBlock {
    static let capacity = 256

    private(set) var count = 0
    private let customer: UnsafeMutablePointer<UInt32>
    private let setupMicro: UnsafeMutablePointer<Int64>
    private let setup: UnsafeMutablePointer<SetupFact>
    private let outcome: UnsafeMutablePointer<OutcomeFact>
    private let end: UnsafeMutablePointer<EndFact>
    private let setupSecond: UnsafeMutablePointer<UInt32>
    private let outcomeSecond: UnsafeMutablePointer<UInt32>
    private let endSecond: UnsafeMutablePointer<UInt32>
    private let call: UnsafeMutablePointer<RecentCall>
    private let isRight: UnsafeMutablePointer<Bool>

    init() {
        customer = .allocate(capacity: RecordBlock.capacity)
        setupMicro = .allocate(capacity: RecordBlock.capacity)
        setup = .allocate(capacity: RecordBlock.capacity)
        outcome = .allocate(capacity: RecordBlock.capacity)
        end = .allocate(capacity: RecordBlock.capacity)
        setupSecond = .allocate(capacity: RecordBlock.capacity)
        outcomeSecond = .allocate(capacity: RecordBlock.capacity)
        endSecond = .allocate(capacity: RecordBlock.capacity)
        call = .allocate(capacity: RecordBlock.capacity)
        isRight = .allocate(capacity: RecordBlock.capacity)
    }

    deinit {
        customer.deallocate()
        setupMicro.deallocate()
        setup.deallocate()
        outcome.deallocate()
        end.deallocate()
        setupSecond.deallocate()
        outcomeSecond.deallocate()
        endSecond.deallocate()
        call.deallocate()
        isRight.deallocate()
    }

    // Lent until the block next changes; a fact's second has the fact's place.

    var customers: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: customer, count: count) }
    var setupMicros: UnsafeBufferPointer<Int64> { UnsafeBufferPointer(start: setupMicro, count: count) }
    var setups: UnsafeBufferPointer<SetupFact> { UnsafeBufferPointer(start: setup, count: count) }
    var outcomes: UnsafeBufferPointer<OutcomeFact> { UnsafeBufferPointer(start: outcome, count: count) }
    var ends: UnsafeBufferPointer<EndFact> { UnsafeBufferPointer(start: end, count: count) }
    var setupSeconds: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: setupSecond, count: count) }
    var outcomeSeconds: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: outcomeSecond, count: count) }
    var endSeconds: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: endSecond, count: count) }
    var calls: UnsafeBufferPointer<RecentCall> { UnsafeBufferPointer(start: call, count: count) }
}

// MARK: - Taking rows

extension RecordBlock {
    /// What is known of the rows that the block took.
    struct Summary {
        /// All are right, and of customers.
        var isPlain = true
        var earliestEndMicros = Int64.max
        var latestEndMicros = Int64.min
    }

    /// Takes rows of a batch whose columns are equally long, right or not.
    ///
    /// Nothing in the loop depends on what was decided for the row before, so the processor works on several at once.
    func fill(
        _ batch: borrowing CallRecordBatch, _ rows: Range<Int>, _ senders: RecordSenders, _ codes: OutcomeCodes
    ) -> Summary {
        precondition(rows.count <= RecordBlock.capacity && rows.upperBound <= batch.count, "rows that are not there")
        let parties = batch.party.span
        let setups = batch.setupMicros.span
        let rings = batch.ringMilliseconds.span
        let answers = batch.answerMilliseconds.span
        let ends = batch.endMilliseconds.span
        let talks = batch.talkMilliseconds.span
        let sipCodes = batch.code.span
        let causes = batch.q850.span
        let customers = senders.customers.span
        let shortMilliseconds = senders.shortMilliseconds.span
        var summary = Summary()
        for row in rows {
            // Unchecked: rows are below the batch's count and its columns are equally long; the senders have one more
            // element than there are parties.
            let record = FinishedRecord(
                setupMicros: setups[unchecked: row], ring: rings[unchecked: row], answer: answers[unchecked: row],
                end: ends[unchecked: row], talk: talks[unchecked: row], code: sipCodes[unchecked: row],
                q850: causes[unchecked: row])
            let party = min(Int(parties[unchecked: row]), senders.count)
            let customer = customers[unchecked: party]
            let isPlain = record.isRight && (customer < TrackedCall.otherLeg)
            summary.isPlain = summary.isPlain && isPlain
            summary.earliestEndMicros = min(summary.earliestEndMicros, record.endMicros)
            summary.latestEndMicros = max(summary.latestEndMicros, record.endMicros)
            let failed = codes.outcome(code: record.code, q850: record.q850, rang: record.rang)
            write(
                record, customer, record.isAnswered ? .answered : failed,
                isShort: record.talkMilliseconds <= shortMilliseconds[unchecked: party], at: row - rows.lowerBound)
        }
        count = rows.count
        return summary
    }

    @inline(__always)
    private func write(
        _ record: FinishedRecord, _ customer: UInt32, _ outcomeClass: OutcomeClass, isShort: Bool, at index: Int
    ) {
        (self.customer + index).initialize(to: customer)
        (setupMicro + index).initialize(to: record.setupMicros)
        (setup + index).initialize(
            to: SetupFact(customer: customer, isBlocked: outcomeClass == .blocked, sign: 1))
        (outcome + index).initialize(
            to: OutcomeFact(
                customer: customer, outcome: outcomeClass, code: record.code,
                pddMilliseconds: record.pddMilliseconds, sign: 1))
        (end + index).initialize(
            to: EndFact(
                customer: customer, talkMilliseconds: record.talkMilliseconds, talked: record.isAnswered,
                short: isShort, sign: 1))
        (setupSecond + index).initialize(to: record.setupSecond)
        (outcomeSecond + index).initialize(to: record.outcomeSecond)
        (endSecond + index).initialize(to: record.endSecond)
        (call + index).initialize(to: record.recent(customer: customer, outcome: outcomeClass))
        (isRight + index).initialize(to: record.isRight)
    }

    /// Whether the call at an index of the block is right.
    func isRight(_ index: Int) -> Bool {
        precondition(index < count, "a call that is not there")
        return isRight[index]
    }

    /// Keeps only these calls, given in ascending order.
    func keep(_ indices: [Int]) {
        for (place, index) in indices.enumerated() {
            precondition(place <= index && index < count, "ascending indices of calls that are there")
            customer[place] = customer[index]
            setupMicro[place] = setupMicro[index]
            setup[place] = setup[index]
            outcome[place] = outcome[index]
            end[place] = end[index]
            setupSecond[place] = setupSecond[index]
            outcomeSecond[place] = outcomeSecond[index]
            endSecond[place] = endSecond[index]
            call[place] = call[index]
            isRight[place] = isRight[index]
        }
        count = indices.count
    }
}
