// Are the experiments of tools/crash any good? Each of these servers does one thing wrong, and one of them has to say
// so. (Faults of single steps of the journal are built in where it is tested: `PowerLossTests`, `DamageTests`.)

import Foundation
import Testing

@Suite(.serialized) struct SeededFlawTests {
    @Test(arguments: [
        ("acknowledgesEarly", "slow"), ("skipsSync", "slow"), ("showsEarly", "slow"), ("goesOnAfterErrors", "failing"),
        ("forgetsKeys", "kills"), ("namesUnfinished", "calls"), ("releasesEarly", "fallback"),
        ("deletesDamaged", "fallback"), ("ignoresRoots", "fallback"),
    ])
    func aFlawedServerIsFound(flaw: String, experiment: String) throws {
        let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        let programs = try Programs.url("busyhourd").deletingLastPathComponent()
        let result = try Programs.run(
            URL(fileURLWithPath: "/usr/bin/env"),
            [
                "BUSYHOUR_SEEDED_FLAW=\(flaw)", root.appendingPathComponent("tools/crash").path, "--only", experiment,
                "--quick", "--programs", programs.path,
            ])
        #expect(result.exitCode == 1 && result.output.contains("complaints\n  "), "\(result.output)\(result.errors)")
    }
}
