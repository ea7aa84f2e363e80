// Faults that can be built in, to check that the tests find them: tests of the tests.

import Foundation

/// The missing steps of a faulty program. A server built for release has none.
package struct SeededFlaws: OptionSet, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    // Reading a journal:

    /// Records are believed whatever their hash.
    package static let skipsChecksum = SeededFlaws(rawValue: 1 << 0)
    /// Nothing checks whether valid frames follow a damaged one.
    package static let takesDamageForTheEnd = SeededFlaws(rawValue: 1 << 1)
    /// A segment need not begin where the one before it ended.
    package static let skipsChain = SeededFlaws(rawValue: 1 << 2)
    /// The last frame is cut off with the torn one.
    package static let cutsOneTooMany = SeededFlaws(rawValue: 1 << 3)

    // Writing a journal:

    /// Callers are told that a record is durable before the frame is written.
    package static let acknowledgesEarly = SeededFlaws(rawValue: 1 << 4)
    /// Frames are not synced.
    package static let skipsSync = SeededFlaws(rawValue: 1 << 5)
    /// A failed write or sync is treated as successful.
    package static let goesOnAfterErrors = SeededFlaws(rawValue: 1 << 6)

    // Snapshots:

    /// The journal releases what the newest snapshot has, though the one before may be needed.
    package static let releasesEarly = SeededFlaws(rawValue: 1 << 7)
    /// A snapshot has its name from its first byte on.
    package static let namesUnfinished = SeededFlaws(rawValue: 1 << 8)
    /// Damaged files are deleted.
    package static let deletesDamaged = SeededFlaws(rawValue: 1 << 9)
    /// Any snapshot that is whole by itself is accepted.
    package static let ignoresRoots = SeededFlaws(rawValue: 1 << 10)

    // The server:

    /// Answers are sent before what they show is durable.
    package static let showsEarly = SeededFlaws(rawValue: 1 << 11)
    /// The keys of requests are not restored: a repeated request is carried out again.
    package static let forgetsKeys = SeededFlaws(rawValue: 1 << 12)

    private static let names: [String: SeededFlaws] = [
        "acknowledgesEarly": .acknowledgesEarly, "skipsSync": .skipsSync, "goesOnAfterErrors": .goesOnAfterErrors,
        "releasesEarly": .releasesEarly, "namesUnfinished": .namesUnfinished, "deletesDamaged": .deletesDamaged,
        "ignoresRoots": .ignoresRoots, "showsEarly": .showsEarly, "forgetsKeys": .forgetsKeys,
    ]

    #if DEBUG
        /// The flaws of this process, named in its environment.
        package static let ofProcess: SeededFlaws =
            ProcessInfo.processInfo.environment["BUSYHOUR_SEEDED_FLAW"].flatMap { names[$0] } ?? []
    #else
        package static var ofProcess: SeededFlaws { [] }
    #endif

    /// The bytes of a request's key, as a replay restores it.
    static func remembered(_ key: IdempotencyKey) -> [UInt8] { ofProcess.contains(.forgetsKeys) ? [] : key.bytes }
}
