import Foundation

/// The seeds of a randomised test, as its arguments: a failure names the one that showed it.
///
/// A plain run takes those that the test names. With `SEEDS=N` and `FIRST_SEED=K` (`tools/check --seeds` sets them) all
/// such tests take the N seeds from K on instead, and `SEEDS=1 FIRST_SEED=K` shows a failure of seed K again.
/// `SEEDS=fixed` leaves out the new ones, so that two runs are the same: a change is not refused for a fault that was
/// there before it.
public enum Seeds {
    /// Seeds that stay, and one that is new in every run. With `SEEDS=fixed` a test that has none that stay takes 1:
    /// without arguments it would not run at all.
    public static func of(_ fixed: UInt64...) -> [UInt64] {
        if let asked { return asked }
        if isFixed { return fixed.isEmpty ? [1] : fixed }
        return fixed + [UInt64.random(in: 1_000 ... .max)]
    }

    /// Seeds that stay: for tests of which one more would take long or find little.
    public static func fixed(_ seeds: UInt64...) -> [UInt64] { asked ?? seeds }

    /// As above, for many.
    public static func fixed(_ seeds: some Sequence<UInt64>) -> [UInt64] { asked ?? Array(seeds) }

    /// One that is new, of a test that takes seconds with each: of many seeds it takes every tenth.
    public static func few() -> [UInt64] {
        asked?.filter { $0.isMultiple(of: 10) } ?? [isFixed ? 1 : UInt64.random(in: 1_000 ... .max)]
    }

    private static let isFixed = ProcessInfo.processInfo.environment["SEEDS"] == "fixed"

    private static let asked: [UInt64]? = {
        let environment = ProcessInfo.processInfo.environment
        guard let count = environment["SEEDS"].flatMap(UInt64.init), count > 0 else { return nil }
        let first = environment["FIRST_SEED"].flatMap(UInt64.init) ?? 1
        return (0..<count).map { first &+ $0 }
    }()
}
