/// The outcome table as two masks of nine bits: what the windows need of it.
struct OutcomeWeights: Equatable, Sendable {
    private var seizureBits: UInt16 = 0
    private var effectiveBits: UInt16 = 0

    init(_ table: OutcomeTable) {
        for outcome in OutcomeClass.allCases {
            if table.countsAsSeizure(outcome) { seizureBits |= 1 << outcome.rawValue }
            if table.countsAsEffective(outcome) { effectiveBits |= 1 << outcome.rawValue }
        }
    }

    @inline(__always) func isSeizure(_ classIndex: Int) -> Bool { seizureBits >> classIndex & 1 != 0 }
    @inline(__always) func isEffective(_ classIndex: Int) -> Bool { effectiveBits >> classIndex & 1 != 0 }
}
