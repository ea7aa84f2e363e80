/// The outcome table as columns of small numbers: the same results without an unpredictable branch.
///
/// Unsafe, and why it is right: `byCode` holds `2 * codes` initialised elements and `byCause` 256, from init to deinit;
/// an index into the first is a code below `codes`, plus `codes` at most once; one into the second has eight bits.
///
/// Sendable although it has pointers: nothing is written after init.
final class OutcomeCodes: @unchecked Sendable {
    /// Codes from here on are no SIP codes and carry no meaning.
    private static let codes = 1_024
    /// Added to a code if it rang.
    static let ringing: UInt16 = 1_024
    /// In `byCause`: the cause carries no meaning.
    private static let silent = UInt8.max

    private let byCode: UnsafeMutablePointer<UInt8>
    private let byCause: UnsafeMutablePointer<UInt8>

    init(_ table: OutcomeTable) {
        byCode = .allocate(capacity: 2 * OutcomeCodes.codes)
        for code in 0..<OutcomeCodes.codes {
            for rang in [false, true] {
                let outcome = table.outcome(code: UInt16(code), q850: 0, ringing: rang)
                (byCode + code + (rang ? OutcomeCodes.codes : 0)).initialize(to: outcome.rawValue)
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

    /// The result of `OutcomeTable.outcome`.
    @inline(__always)
    func outcome(code: UInt16, q850: UInt8, rang: Bool) -> OutcomeClass {
        // Both columns hold raw values of classes.
        let known = code < OutcomeCodes.ringing ? code : 0
        return OutcomeClass(rawValue: classIndex(codeAndRinging: known | (rang ? OutcomeCodes.ringing : 0), q850: q850))
            .unsafelyUnwrapped
    }

    /// The raw value of the class.
    /// - Parameter codeAndRinging: a code below 1,024 (0 for all others), plus `ringing` if it rang.
    @inline(__always)
    func classIndex(codeAndRinging: UInt16, q850: UInt8) -> UInt8 {
        let told = byCode[Int(codeAndRinging & 2_047)]
        let cause = byCause[Int(q850)]
        // A selection instead of a branch: both values are loaded.
        return (cause == OutcomeCodes.silent) || (codeAndRinging & 1_023 == 403) ? told : cause
    }
}
