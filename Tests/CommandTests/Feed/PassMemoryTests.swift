// Which pass through a repeated hour a file is of, by the files before.

import Foundation
import Testing

@testable import busyhour

@Suite struct PassMemoryTests {
    @Test func aFileFedAgainIsReadAsItWas() throws {
        let folder = try TemporaryFolder()
        let environment = ["XDG_STATE_HOME": folder.path("state")]
        let (one, two) = (try folder.write("late-1.csv", "first".utf8), try folder.write("late-2.csv", "second".utf8))
        func memory(_ what: String = "csv") -> PassMemory {
            PassMemory([what], file: one, environment: environment)
        }
        var first = memory()
        #expect(first.floor(of: one) == nil)
        first.note(one, floor: nil, latest: 55)
        // In the next process, whatever is fed in between.
        #expect(memory().floor(of: one) == nil && memory().floor(of: two) == 55)
        var second = memory()
        second.note(two, floor: 55, latest: 110)
        #expect(memory().floor(of: one) == nil && memory().floor(of: two) == 55)
        // One that has grown is the same file.
        try folder.append("late-1.csv", " and more")
        #expect(memory().floor(of: one) == nil)
        #expect(memory().floor(of: try folder.write("other.csv", "third".utf8)) == 110)
        // Another way of reading knows nothing, nor does standard input keep anything.
        #expect(memory("other").floor(of: two) == nil)
        #expect(PassMemory(["csv"], file: "-", environment: environment).floor(of: two) == nil)
    }
}
