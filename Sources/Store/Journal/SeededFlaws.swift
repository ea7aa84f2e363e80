// Faults that can be built in, to see that the tests find them: tests of the tests.

import Foundation

/// What a program would be that leaves out a step. A server that was built for release has none.
package struct SeededFlaws: OptionSet, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    // Of reading a journal:

    /// Records are believed whatever their hash.
    package static let skipsChecksum = SeededFlaws(rawValue: 1 << 0)
    /// Nobody looks whether valid frames follow a damaged one.
    package static let takesDamageForTheEnd = SeededFlaws(rawValue: 1 << 1)
    /// A segment need not begin where the one before it ended.
    package static let skipsChain = SeededFlaws(rawValue: 1 << 2)
    /// The last frame is cut off with the torn one.
    package static let cutsOneTooMany = SeededFlaws(rawValue: 1 << 3)

    // Of writing it:

    /// Who waits is told before the frame is written.
    package static let acknowledgesEarly = SeededFlaws(rawValue: 1 << 4)
    /// Frames are not synced.
    package static let skipsSync = SeededFlaws(rawValue: 1 << 5)
    /// A failed write or sync is taken for one that succeeded.
    package static let goesOnAfterErrors = SeededFlaws(rawValue: 1 << 6)

    // Of snapshots:

    /// The journal lets go of what the newest snapshot has, though the one before may be needed.
    package static let releasesEarly = SeededFlaws(rawValue: 1 << 7)
    /// A snapshot has its name from its first byte on.
    package static let namesUnfinished = SeededFlaws(rawValue: 1 << 8)
    /// What is damaged is deleted.
    package static let deletesDamaged = SeededFlaws(rawValue: 1 << 9)
    /// Any snapshot that is whole by itself is taken.
    package static let ignoresRoots = SeededFlaws(rawValue: 1 << 10)

    // Of the server:

    /// Answers leave before what they show is on the disk.
    package static let showsEarly = SeededFlaws(rawValue: 1 << 11)
    /// The keys of requests are not restored: a repetition is done again.
    package static let forgetsKeys = SeededFlaws(rawValue: 1 << 12)

    private static let names: [String: SeededFlaws] = [
        "acknowledgesEarly": .acknowledgesEarly, "skipsSync": .skipsSync, "goesOnAfterErrors": .goesOnAfterErrors,
        "releasesEarly": .releasesEarly, "namesUnfinished": .namesUnfinished, "deletesDamaged": .deletesDamaged,
        "ignoresRoots": .ignoresRoots, "showsEarly": .showsEarly, "forgetsKeys": .forgetsKeys,
    ]

    #if DEBUG
        /// Those of this process: named in its environment.
        package static let ofProcess: SeededFlaws =
            ProcessInfo.processInfo.environment["BUSYHOUR_SEEDED_FLAW"].flatMap { names[$0] } ?? []
    #else
        package static var ofProcess: SeededFlaws { [] }
    #endif
}
