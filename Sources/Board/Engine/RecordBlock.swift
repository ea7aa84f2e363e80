// Finished calls of a batch on their way into the timeline.

import CallEvents

/// The calls as facts, three each, in columns that fit the processor's first caches.
///
/// Unsafe, and why it is right: each pointer has room for `capacity` elements from init to deinit, all of them plain
/// bits; the first `count` are initialised by `derive` and `fill`. `fill` checks that there is room.
final class RecordBlock {
    static let capacity = 256

    private(set) var count = 0
    private let customer: UnsafeMutablePointer<UInt32>
    private let setupMicro: UnsafeMutablePointer<Int64>
    private let setup: UnsafeMutablePointer<SetupFact>
    private let outcome: UnsafeMutablePointer<OutcomeFact>
    private let end: UnsafeMutablePointer<EndFact>
    let setupSecond: UnsafeMutablePointer<UInt32>
    let outcomeSecond: UnsafeMutablePointer<UInt32>
    let endSecond: UnsafeMutablePointer<UInt32>

    // Columns computed from a row alone, see `RecordBlock+Derive`:
    /// The final code, below 1,024, plus 1,024 if it rang.
    let codeAndRinging: UnsafeMutablePointer<UInt16>
    /// Post-dial delay in milliseconds plus one, in 25 bits; 0: there is none.
    let delay: UnsafeMutablePointer<UInt32>
    /// Talk milliseconds, and the highest bit if it was answered; 0 if not.
    let talk: UnsafeMutablePointer<UInt32>
    static let answered: UInt32 = 1 << 31

    init() {
        customer = .allocate(capacity: RecordBlock.capacity)
        setupMicro = .allocate(capacity: RecordBlock.capacity)
        setup = .allocate(capacity: RecordBlock.capacity)
        outcome = .allocate(capacity: RecordBlock.capacity)
        end = .allocate(capacity: RecordBlock.capacity)
        setupSecond = .allocate(capacity: RecordBlock.capacity)
        outcomeSecond = .allocate(capacity: RecordBlock.capacity)
        endSecond = .allocate(capacity: RecordBlock.capacity)
        codeAndRinging = .allocate(capacity: RecordBlock.capacity)
        delay = .allocate(capacity: RecordBlock.capacity)
        talk = .allocate(capacity: RecordBlock.capacity)
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
        codeAndRinging.deallocate()
        delay.deallocate()
        talk.deallocate()
    }

    // Lent until the block next changes; a fact's second is at the fact's position.

    var customers: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: customer, count: count) }
    var setupMicros: UnsafeBufferPointer<Int64> { UnsafeBufferPointer(start: setupMicro, count: count) }
    var setups: UnsafeBufferPointer<SetupFact> { UnsafeBufferPointer(start: setup, count: count) }
    var outcomes: UnsafeBufferPointer<OutcomeFact> { UnsafeBufferPointer(start: outcome, count: count) }
    var ends: UnsafeBufferPointer<EndFact> { UnsafeBufferPointer(start: end, count: count) }
    var setupSeconds: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: setupSecond, count: count) }
    var outcomeSeconds: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: outcomeSecond, count: count) }
    var endSeconds: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: endSecond, count: count) }

    /// From the first set-up to the last end; nil: there is no call.
    var seconds: ClosedRange<UInt32>? {
        guard let earliest = setupSeconds.min(), let latest = endSeconds.max() else { return nil }
        return earliest...latest
    }
}

// MARK: - Filling

extension RecordBlock {
    /// What is known of the rows in the block.
    struct Summary {
        /// All rows are valid and belong to customers.
        var isPlain = true
        var earliestSetupMicros = Int64.max
        var latestEndMicros = Int64.min
    }

    /// Fills the block with rows of a batch whose columns are equally long, valid or not.
    ///
    /// Nothing in the loop depends on what was decided for the row before, so the processor works on several at once;
    /// and whether a call was answered and rang is unpredictable, so nothing branches on it.
    func fill(
        _ batch: borrowing CallRecordBatch, _ rows: Range<Int>, _ senders: RecordSenders, _ codes: OutcomeCodes
    ) -> Summary {
        precondition(rows.count <= RecordBlock.capacity && rows.upperBound <= batch.count, "rows that are not there")
        var summary = Summary()
        summary.isPlain = derive(batch, rows, &summary.earliestSetupMicros)
        let parties = batch.party.span
        let setups = batch.setupMicros.span
        let ends = batch.endMilliseconds.span
        let causes = batch.q850.span
        let customers = senders.customers.span
        let shortMilliseconds = senders.shortMilliseconds.span
        // Copied here so that the compiler need not load them again after each store.
        let (customer, setupMicro, setup, outcome, end) = (customer, setupMicro, setup, outcome, end)
        let (codeAndRinging, delay, talk) = (codeAndRinging, delay, talk)
        let (first, partyCount) = (rows.lowerBound, senders.count)
        var highestCustomer: UInt32 = 0
        var latestEndMicros = Int64.min
        for index in 0..<rows.count {
            // Unchecked: rows are below the batch's count and its columns are equally long; the senders have one more
            // element than there are parties. `index` is below the capacity.
            let row = first &+ index
            let party = min(Int(parties[unchecked: row]), partyCount)
            let sender = customers[unchecked: party]
            highestCustomer = max(highestCustomer, sender)
            let setupMicros = setups[unchecked: row]
            latestEndMicros = max(latestEndMicros, setupMicros &+ Int64(ends[unchecked: row]) &* 1_000)
            let code = codeAndRinging[index]
            let failed = codes.classIndex(codeAndRinging: code, q850: causes[unchecked: row])
            let talked = talk[index]
            let isAnswered = talked >> 31
            // All ones where it was answered, and `answered` is class 0.
            let classIndex = UInt32(failed) & (isAnswered &- 1)
            let talkMilliseconds = talked & ~RecordBlock.answered
            let isShort: UInt32 =
                Int32(bitPattern: talkMilliseconds) <= shortMilliseconds[unchecked: party] ? isAnswered : 0
            (customer + index).initialize(to: sender)
            (setupMicro + index).initialize(to: setupMicros)
            (setup + index).initialize(
                to: SetupFact(bits: sender | (classIndex == UInt32(OutcomeClass.blocked.rawValue) ? 1 << 25 : 0)))
            (outcome + index).initialize(
                to: OutcomeFact(customer: sender, classIndex: classIndex, code: code & 1_023, delay: delay[index]))
            (end + index).initialize(
                to: EndFact(customer: sender, talkMilliseconds: talkMilliseconds, talked: isAnswered, short: isShort))
        }
        count = rows.count
        summary.isPlain = summary.isPlain && highestCustomer < TrackedCall.otherLeg
        summary.latestEndMicros = latestEndMicros
        return summary
    }

    /// Retains only these calls, given in ascending order.
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
        }
        count = indices.count
    }
}

extension CallRecordBatch {
    /// One of the rows of a batch whose columns are equally long.
    func record(_ row: Int) -> FinishedRecord {
        FinishedRecord(
            setupMicros: setupMicros[row], ring: ringMilliseconds[row], answer: answerMilliseconds[row],
            end: endMilliseconds[row], talk: talkMilliseconds[row], code: code[row], q850: q850[row])
    }
}
