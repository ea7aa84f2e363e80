import Testing

@testable import Board

@Suite struct OutcomeCodesTests {
    @Test func theColumnsSayWhatTheTableSays() {
        let table = OutcomeTable()
        let codes = OutcomeCodes(table)
        for code in (0...1_100).map(UInt16.init) + [2_000, .max] {
            for cause in UInt8.min ... .max {
                for rang in [false, true] {
                    let expected = table.outcome(code: code, q850: cause, ringing: rang)
                    if codes.outcome(code: code, q850: cause, rang: rang) != expected {
                        Issue.record("code \(code), cause \(cause), ringing \(rang): not \(expected)")
                    }
                }
            }
        }
    }
}
