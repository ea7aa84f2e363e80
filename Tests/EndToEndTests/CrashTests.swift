// The short forms of tools/crash: real servers that are killed, on real disks that fail. One after the other, for they
// take the machine's disk and time from each other.

import Foundation
import Testing

@Suite(.serialized) struct CrashTests {
    @Test(arguments: ["kills", "calls", "errors", "slow", "failing", "full", "fallback", "backups"])
    func nothingThatWasPromisedIsMissing(experiment: String) throws {
        let root = Fixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
        let programs = try Programs.url("busyhourd").deletingLastPathComponent()
        let result = try Programs.run(
            root.appendingPathComponent("tools/crash"),
            ["--only", experiment, "--quick", "--programs", programs.path])
        // The seed is in the output.
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    }
}
