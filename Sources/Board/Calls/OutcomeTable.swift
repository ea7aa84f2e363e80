// The class of a final answer: decided by the Q.850 cause first (it says more, where it says anything), then by whether
// ringing was seen, then by the SIP code. After RFC 3398's mapping between the two; causes 19, 20 and 31 all become 480
// on the wire, which is why the code alone is not enough.

/// Which classes count as effective in NER.
public enum NERPreset: String, CaseIterable, Sendable {
    /// ITU-T E.425: answer, user busy, ring no answer, terminal rejection.
    case e425
    /// RFC 6076 4.7 (SEER) by class: as E.425, but without bad numbers and abandoned calls.
    case seer
    /// 100 - ISA (RFC 6076 4.8): everything but network failures.
    case isa
}

public struct OutcomeTable: Sendable {
    /// A producer's code for a call that our own switch blocked (no credit, a limit, no route): not a SIP code.
    public static let blockedCode: UInt16 = 1

    /// By Q.850 cause; nil: the cause carries no meaning, use the SIP code.
    public var byCause: [OutcomeClass?]
    /// By SIP code, ringing seen before.
    public var afterRinging: [OutcomeClass]
    /// By SIP code, no ringing seen.
    public var withoutRinging: [OutcomeClass]
    public var preset: NERPreset = .e425

    public init() {
        var byCause = [OutcomeClass?](repeating: nil, count: 256)
        for cause in [17] { byCause[cause] = .busy }
        for cause in [18, 19] { byCause[cause] = .noAnswer }
        for cause in [20, 21] { byCause[cause] = .rejected }
        for cause in [1, 2, 3, 22, 28] { byCause[cause] = .badNumber }
        for cause in [27, 34, 38, 41, 42, 47, 102, 111, 127] { byCause[cause] = .network }
        for cause in [55, 57, 87] { byCause[cause] = .refused }
        self.byCause = byCause

        var codes = [OutcomeClass](repeating: .network, count: 700)
        for code in 200..<300 { codes[code] = .answered }
        for code in 300..<400 { codes[code] = .refused }
        for code in 600..<700 { codes[code] = .rejected }
        for code in [401, 402, 403, 407, 415, 420, 421, 488, 606] { codes[code] = .refused }
        for code in [486, 600] { codes[code] = .busy }
        for code in [404, 410, 484, 485, 604] { codes[code] = .badNumber }
        codes[480] = .rejected
        codes[487] = .abandoned
        codes[Int(OutcomeTable.blockedCode)] = .blocked
        withoutRinging = codes
        for code in [408, 480, 487] { codes[code] = .noAnswer }
        afterRinging = codes
    }

    /// The class of a failure. `code` 0 or out of range, and causes without meaning, count as network failures.
    public func outcome(code: UInt16, q850: UInt8, ringing: Bool) -> OutcomeClass {
        // 403 with cause 21 was rejected by the network, not by the called party (RFC 3398 8.2.6.1).
        if code != 403, let outcome = byCause[Int(q850)] { return outcome }
        guard code < 700 else { return .network }
        return ringing ? afterRinging[Int(code)] : withoutRinging[Int(code)]
    }

    /// Whether a class belongs in the denominator of ASR and NER: a blocked bid never seized a circuit.
    public func countsAsSeizure(_ outcome: OutcomeClass) -> Bool { outcome != .blocked }

    /// Whether the network did its part, by the preset.
    public func countsAsEffective(_ outcome: OutcomeClass) -> Bool {
        switch outcome {
        case .answered, .busy, .noAnswer, .rejected: true
        case .abandoned, .badNumber, .refused: preset == .isa
        case .network, .blocked: false
        }
    }
}
