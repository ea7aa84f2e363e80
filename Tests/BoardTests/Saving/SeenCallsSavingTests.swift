import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct SeenCallsSavingTests {
    /// Both generations come back, and what is forgotten next is the same. Many keys, for they come back in the order
    /// of their hashes: into a set that is too small at first, that would take the square of their number.
    @Test(arguments: Seeds.fixed(21)) func generationsComeBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var before = SeenCalls(capacity: 60_000)
        let keys = (0..<100_000).map { _ in CallKey(high: generator.next(), low: generator.next()) }
        for key in keys { _ = before.insert(key) }
        let after = try SeenCalls(SeenCallsSnapshot(before).table)
        for key in keys { #expect(after.contains(key) == before.contains(key)) }
        let strange = CallKey(high: 1, low: 2)
        #expect(!after.contains(strange) && !before.contains(strange))
    }
}
