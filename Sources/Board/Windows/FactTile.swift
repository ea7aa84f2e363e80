// The sums of facts of some neighbouring customers, on their way into the columns of the windows.
//
// Customers are taken in tiles of 256: a tile's counters and sums (23 KB) stay in the processor's first cache while
// facts are added in any order of customers, and they lie as the columns do, field by field, so that adding a tile to a
// window is adding short arrays.

import Columnar

/// Unsafe, and why it is right: `counts` and `sums` hold `rows` elements for each field from init to deinit, `totals`
/// one; a row is masked to be below `rows`, fields are those of the enums, and a class index is below nine (four bits
/// that only `OutcomeFact.init` writes, from an `OutcomeClass`).
final class FactTile {
    /// Customers in a tile: never more than a chunk has, so that a tile is within one chunk.
    static var rows: Int { ChunkSize.rows < 256 ? ChunkSize.rows : 256 }
    /// A row's tile is `row >> shift`.
    static var shift: Int { rows.trailingZeroBitCount }

    static func count(holding rows: Int) -> Int { (rows + FactTile.rows - 1) >> shift }

    /// With fewer facts than this, only the rows that they touch are visited afterwards.
    static let sparseFacts = 48

    let counts: UnsafeMutablePointer<Int32>
    let sums: UnsafeMutablePointer<Int64>
    /// The rows (below `rows`) that have facts, if few; nil: any row may have some.
    private(set) var touchedRows: [Int]?
    /// One entry per counter, then per sum, set by `deriveOutcomes`: whether all its values are 0, and their total.
    let totals: UnsafeMutablePointer<(isZero: Bool, sum: Int64)>
    let weights: OutcomeWeights
    /// Whether there is anything of calls to customers since `begin`.
    private(set) var hasInbound = false
    /// Counters behind this one are 0 throughout and need not be read.
    var counterCount: Int { hasInbound ? CounterField.count : CounterField.outboundCount }
    var sumCount: Int { hasInbound ? SumField.count : SumField.outboundCount }

    init(weights: OutcomeWeights) {
        self.weights = weights
        counts = .allocate(capacity: CounterField.count * FactTile.rows)
        sums = .allocate(capacity: SumField.count * FactTile.rows)
        totals = .allocate(capacity: CounterField.count + SumField.count)
        totals.initialize(repeating: (true, 0), count: CounterField.count + SumField.count)
        hasInbound = true
        clearAll()
        hasInbound = false
    }

    deinit {
        counts.deallocate()
        sums.deallocate()
        totals.deallocate()
    }

    /// Resets everything to zero for `facts` facts to come.
    func begin(facts: Int) {
        if let touchedRows {
            for row in touchedRows {
                for field in 0..<counterCount { counts[field << FactTile.shift | row] = 0 }
                for field in 0..<sumCount { sums[field << FactTile.shift | row] = 0 }
            }
        } else {
            clearAll()
        }
        hasInbound = false
        touchedRows = facts < FactTile.sparseFacts ? [] : nil
    }

    private func clearAll() {
        counts.initialize(repeating: 0, count: counterCount * FactTile.rows)
        sums.initialize(repeating: 0, count: sumCount * FactTile.rows)
    }

    /// Notes that a fact of a call to a customer is being added.
    func noteInbound() { hasInbound = true }

    private func touch(_ facts: UnsafeBufferPointer<some Fact>) {
        guard touchedRows != nil else { return }
        for fact in facts {
            let row = Int(fact.customer) & (FactTile.rows - 1)
            if touchedRows?.contains(row) == false { touchedRows?.append(row) }
        }
    }

    // Wrapping additions: a fold adds at most 2^24 facts at a time, each of them 1; milliseconds are below 2^31 and
    // costs within BoardLimits.costMicros, so sums stay far within 64 bits. `sign` is 1 or -1 (facts leave a window).

    func add(_ facts: UnsafeBufferPointer<SetupFact>, sign: Int32) {
        touch(facts)
        let bids = counts(.bids)
        let blocked = counts(.blockedSetups)
        let mask = FactTile.rows - 1
        for fact in facts {
            let row = Int(fact.bits) & mask
            let once = fact.sign &* sign
            bids[row] &+= once
            blocked[row] &+= once &* fact.blocked
        }
    }

    func add(_ facts: UnsafeBufferPointer<OutcomeFact>, sign: Int32) {
        touch(facts)
        let classes = counts(.answered)
        let delays = counts(.pddCount)
        let milliseconds = sums(.pddMilliseconds)
        let shift = FactTile.shift
        let mask = FactTile.rows - 1
        for fact in facts {
            let row = Int(truncatingIfNeeded: fact.bits) & mask
            let once = fact.sign &* sign
            classes[fact.classIndex << shift | row] &+= once
            delays[row] &+= once &* fact.hasDelay
            milliseconds[row] &+= Int64(once) &* Int64(fact.pddMilliseconds)
        }
    }

    func add(_ facts: UnsafeBufferPointer<EndFact>, sign: Int32) {
        touch(facts)
        let ended = counts(.ended)
        let talked = counts(.talked)
        let short = counts(.short)
        let milliseconds = sums(.talkMilliseconds)
        let mask = FactTile.rows - 1
        for fact in facts {
            let row = Int(truncatingIfNeeded: fact.bits) & mask
            let once = fact.sign &* sign
            ended[row] &+= once
            talked[row] &+= once &* fact.talked
            short[row] &+= once &* fact.short
            milliseconds[row] &+= Int64(once) &* fact.talkMilliseconds
        }
    }

    func add(_ facts: UnsafeBufferPointer<SideFact>, sign: Int32) {
        touch(facts)
        let cost = sums(.costMicros)
        let mask = FactTile.rows - 1
        for fact in facts {
            let row = Int(fact.customer) & mask
            let value = Int64(sign) &* fact.value
            if fact.isCost { cost[row] &+= value } else { addInbound(fact.kind, row, value) }
        }
    }

    private func addInbound(_ kind: SideFact.Kind, _ row: Int, _ value: Int64) {
        hasInbound = true
        let once = Int32(value.signum())
        switch kind {
        case .cost: break
        case .inboundSetup: counts(.inboundSetups)[row] &+= once
        case .inboundAnswer:
            counts(.inboundAnswered)[row] &+= once
            counts(.inboundOutcomes)[row] &+= once
        case .inboundFailure: counts(.inboundOutcomes)[row] &+= once
        case .inboundTalk:
            counts(.inboundTalked)[row] &+= once
            sums(.inboundTalkMilliseconds)[row] &+= value &- Int64(once)
        }
    }

    /// Computes the two counters that are sums of classes, and the totals. To be called before the tile is added to a
    /// window.
    func deriveOutcomes() {
        deriveClassSums()
        let touchedRows = touchedRows
        for field in 0..<counterCount { totals[field] = total(counts + field << FactTile.shift, touchedRows) }
        for field in 0..<sumCount {
            totals[CounterField.count + field] = total(sums + field << FactTile.shift, touchedRows)
        }
    }

    @inline(__always)
    private func total<Value: FixedWidthInteger>(
        _ values: UnsafeMutablePointer<Value>, _ touchedRows: [Int]?
    ) -> (isZero: Bool, sum: Int64) {
        var bits: Value = 0
        var sum: Int64 = 0
        if let touchedRows {
            for row in touchedRows {
                bits |= values[row]
                sum &+= Int64(truncatingIfNeeded: values[row])
            }
        } else {
            for row in 0..<FactTile.rows {
                bits |= values[row]
                sum &+= Int64(truncatingIfNeeded: values[row])
            }
        }
        return (bits == 0, sum)
    }

    private func deriveClassSums() {
        let outcomes = counts(.outcomes)
        let effective = counts(.effective)
        if let touchedRows {
            for row in touchedRows { deriveOutcomes(row) }
            return
        }
        outcomes.initialize(repeating: 0, count: FactTile.rows)
        effective.initialize(repeating: 0, count: FactTile.rows)
        for classIndex in 0..<OutcomeClass.allCases.count {
            let values = counts(.answered) + classIndex << FactTile.shift
            if weights.isSeizure(classIndex) {
                for row in 0..<FactTile.rows { outcomes[row] &+= values[row] }
            }
            if weights.isEffective(classIndex) {
                for row in 0..<FactTile.rows { effective[row] &+= values[row] }
            }
        }
    }

    private func deriveOutcomes(_ row: Int) {
        var outcomes: Int32 = 0
        var effective: Int32 = 0
        for classIndex in 0..<OutcomeClass.allCases.count {
            let value = counts[CounterField.outcome(classIndex) << FactTile.shift | row]
            if weights.isSeizure(classIndex) { outcomes &+= value }
            if weights.isEffective(classIndex) { effective &+= value }
        }
        counts(.outcomes)[row] = outcomes
        counts(.effective)[row] = effective
    }

    @inline(__always)
    func counts(_ field: CounterField) -> UnsafeMutablePointer<Int32> {
        counts + field.rawValue << FactTile.shift
    }

    @inline(__always)
    func sums(_ field: SumField) -> UnsafeMutablePointer<Int64> {
        sums + field.rawValue << FactTile.shift
    }
}
