/// The outcome table as columns of small numbers: what it says, without a branch that is not to be foreseen.
///
/// Unsafe, and why it is right: `byCode` holds `2 * codes` initialised elements and `byCause` 256, from init to deinit; an
/// index into the first is a code below `codes` and at most once `codes` more, one into the second has eight bits.
final class OutcomeCodes {
    /// Codes from here on are no SIP codes and say nothing.
    private static let codes = 1_024
    /// In `byCause`: the cause says nothing.
    private static let silent = UInt8.max

    private let byCode: UnsafeMutablePointer<OutcomeClass>
    private let byCause: UnsafeMutablePointer<UInt8>

    init(_ table: OutcomeTable) {
        byCode = .allocate(capacity: 2 * OutcomeCodes.codes)
        for code in 0..<OutcomeCodes.codes {
            for rang in [false, true] {
                let outcome = table.outcome(code: UInt16(code), q850: 0, ringing: rang)
                (byCode + code + (rang ? OutcomeCodes.codes : 0)).initialize(to: outcome)
            }
        }
        byCause = .allocate(capacity: 256)
        for cause in 0..<256 {
            (byCause + cause).initialize(to: table.byCause[cause]?.rawValue ?? OutcomeCodes.silent)
        }
    }

    deinit {
        byCode.deallocate()
        byCause.deallocate()
    }

    /// The same as `OutcomeTable.outcome`.
    @inline(__always)
    func outcome(code: UInt16, q850: UInt8, rang: Bool) -> OutcomeClass {
        let told = byCode[(Int(code) < OutcomeCodes.codes ? Int(code) : 0) + (rang ? OutcomeCodes.codes : 0)]
        let cause = byCause[Int(q850)]
        if cause == OutcomeCodes.silent || code == 403 { return told }
        return OutcomeClass(rawValue: cause).unsafelyUnwrapped  // `byCause` holds raw values of classes
    }
}
