import Testing

@testable import Terminal

@Suite struct ProgressTests {
    /// A cell is full, and a per cent is reached, once it is whole.
    @Test func barsAreRoundedDown() {
        #expect((nil as Double?).bar == "" && (.nan as Double?).bar == "" && (.infinity as Double?).bar == "")
        // Of a power of two, whose parts are what they are.
        for share in 0...64 {
            let bar = (Double(share) / 64 as Double?).bar
            let full = share * 20 / 64
            let cells = String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full)
            #expect(bar == "[\(cells)] \(share * 100 / 64) %", "\(share)")
        }
        #expect((-0.5 as Double?).bar.hasSuffix(" 0 %") && (1.5 as Double?).bar.hasSuffix(" 100 %"))
        #expect((0.9999 as Double?).bar == "[" + String(repeating: "#", count: 19) + "-] 99 %")
    }
}
