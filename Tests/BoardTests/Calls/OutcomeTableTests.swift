import Testing

@testable import Board

@Suite struct OutcomeTableTests {
    @Test(
        arguments: [
            (486, 0, false, .busy), (600, 0, true, .busy), (480, 0, false, .rejected), (480, 0, true, .noAnswer),
            (480, 19, false, .noAnswer), (487, 0, false, .abandoned), (487, 0, true, .noAnswer),
            (487, 16, false, .abandoned),
            (408, 0, false, .network), (408, 0, true, .noAnswer), (603, 0, false, .rejected),
            (603, 21, true, .rejected),
            (403, 21, false, .refused), (404, 0, true, .badNumber), (503, 17, false, .busy), (503, 0, true, .network),
            (407, 0, false, .refused), (302, 0, false, .refused), (0, 0, false, .network), (9_999, 0, false, .network),
            (1, 0, false, .blocked), (607, 0, false, .rejected),
        ] as [(UInt16, UInt8, Bool, OutcomeClass)])
    func classes(code: UInt16, cause: UInt8, ringing: Bool, expected: OutcomeClass) {
        #expect(OutcomeTable().outcome(code: code, q850: cause, ringing: ringing) == expected)
    }

    @Test func blockedIsABidAndNoSeizure() {
        let table = OutcomeTable()
        #expect(OutcomeClass.allCases.filter { !table.countsAsSeizure($0) } == [.blocked])
        #expect(
            OutcomeClass.allCases.filter { table.countsAsEffective($0) } == [.answered, .busy, .noAnswer, .rejected])
    }

    /// What counts as the network's part, by preset: every class.
    @Test(arguments: NERPreset.allCases) func effectiveByPreset(preset: NERPreset) {
        var table = OutcomeTable()
        table.preset = preset
        var effective: Set<OutcomeClass> = [.answered, .busy, .noAnswer, .rejected]
        if preset == .isa { effective.formUnion([.abandoned, .badNumber, .refused]) }
        #expect(Set(OutcomeClass.allCases.filter { table.countsAsEffective($0) }) == effective)
        let weights = OutcomeWeights(table)
        for outcome in OutcomeClass.allCases {
            #expect(weights.isEffective(Int(outcome.rawValue)) == effective.contains(outcome))
            #expect(weights.isSeizure(Int(outcome.rawValue)) == (outcome != .blocked))
        }
    }
}
