/// Faults that can be built into the reading of a journal, to see that the tests find them. A server has none.
struct SeededFlaws: OptionSet, Sendable {
    var rawValue: UInt8

    /// Records are believed whatever their hash.
    static let skipsChecksum = SeededFlaws(rawValue: 1)
    /// Nobody looks whether valid frames follow a damaged one.
    static let takesDamageForTheEnd = SeededFlaws(rawValue: 2)
    /// A segment need not begin where the one before it ended.
    static let skipsChain = SeededFlaws(rawValue: 4)
    /// The last frame is cut off with the torn one.
    static let cutsOneTooMany = SeededFlaws(rawValue: 8)
}
