// Each part of a threshold is set, read and unset by itself, for all customers and for one.

import Columnar
import Testing

@testable import Board

@Suite struct WarningSettingsTests {
    private static let parts = [
        ("raise", "31"), ("clear", "36"), ("sample", "77"), ("on", "false"), ("level", "0.25"),
    ]

    private func set(_ engine: Engine, _ customerID: UInt32, _ part: String, _ value: String) throws {
        engine.save(try engine.settings(setting: ["asr_low.\(part)=\(value)"], customerID: customerID))
    }

    private func threshold(_ engine: Engine, _ row: UInt32) -> WarningThreshold {
        engine.state.warnings.threshold(.asrLow, row)
    }

    /// The standard with some of the parts.
    private func expected(_ set: Set<String>) -> WarningThreshold {
        var threshold = WarningKind.asrLow.standard
        if set.contains("raise") { threshold.raise = 31 }
        if set.contains("clear") { threshold.clear = 36 }
        if set.contains("sample") { threshold.sample = 77 }
        if set.contains("on") { threshold.isOn = false }
        if set.contains("level") { threshold.level = 0.25 }
        return threshold
    }

    @Test(arguments: 0..<5, [UInt32(0), 1]) func everyPartByItself(first: Int, customerID: UInt32) throws {
        let engine = makeEngine(customers: 2)
        // What raises has to stay below what clears, so these two keep their order.
        let order = first == 1 ? Self.parts : Array(Self.parts[first...] + Self.parts[..<first])
        var isSet: Set<String> = []
        func check(_ what: String) throws {
            let own = expected(isSet)
            let restored = Engine()
            try restored.restore(engine.snapshot().tables())
            for engine in [engine, restored] {
                #expect(threshold(engine, 0) == own, "\(what), set: \(isSet)")
                #expect(threshold(engine, 1) == (customerID == 0 ? own : WarningKind.asrLow.standard), "\(what)")
                let shown = engine.warningSettings(customerID: customerID)
                for (part, value) in Self.parts {
                    let setting = try #require(shown.first { $0.name == "asr_low.\(part)" })
                    #expect((setting.value == value) == isSet.contains(part), "\(part) after \(what)")
                    #expect(setting.standard != value, "\(part)")
                }
            }
        }
        for (part, value) in order {
            try set(engine, customerID, part, value)
            isSet.insert(part)
            try check(part)
        }
        for (part, _) in order.reversed() {
            try set(engine, customerID, part, "")
            isSet.remove(part)
            try check("\(part) unset")
        }
        #expect(engine.state.warnings.overrides.isEmpty && engine.state.warnings.thresholds.isEmpty)
    }

    /// A customer's own parts stand on the general ones, as these are now.
    @Test func ownPartsBesideGeneralOnes() throws {
        let engine = makeEngine(customers: 2)
        try set(engine, 1, "sample", "77")
        try set(engine, 0, "level", "0.25")
        try set(engine, 0, "sample", "60")
        #expect(threshold(engine, 0) == expected(["sample", "level"]))
        #expect(threshold(engine, 1).sample == 60 && threshold(engine, 1).level == 0.25)
        try set(engine, 1, "sample", "")
        #expect(threshold(engine, 0) == threshold(engine, 1))
    }
}
