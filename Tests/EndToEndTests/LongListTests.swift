// Files and lists of more than one part: what is said of all is said of all, and limits are those of the whole.

import Foundation
import Testing

@Suite struct LongListTests {
    private static func file(_ names: [String]) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("long-\(UUID().uuidString).csv")
        let lines = ["name,currency"] + names.map { $0 + ",EUR" }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        return file
    }

    /// More errors than the server lists of a part, in several parts: each is counted once.
    @Test func errorsOfManyPartsAreCountedOnce() throws {
        let server = try RunningServer([])
        for count in [1_001, 2_001, 6_501] {
            let file = try Self.file(Array(repeating: "Same", count: count))
            defer { try? FileManager.default.removeItem(at: file) }
            let result = try server.busyhour("import", "--format", "json", file.path)
            let answer = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect(answer?["error_count"] as? Int == count - 1 && answer?["rows"] as? Int == count, "\(count)")
            #expect(result.exitCode == 1)
        }
    }

    /// A list of several answers of the server: as many as were asked for, in their order.
    @Test func aLimitIsThatOfTheList() throws {
        let server = try RunningServer([])
        let count = 7_500
        let file = try Self.file((1...count).map { "n\($0)" })
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try server.busyhour("import", file.path).exitCode == 0)
        for (limit, order) in [(nil, []), (5_000, []), (7_000, []), (7_000, ["--sort", "-id"])] as [(Int?, [String])] {
            let words =
                ["customer", "list", "--format", "ndjson"] + order + (limit.map { ["--limit", "\($0)"] } ?? [])
            let lines = try server.busyhour(arguments: words).output.split(separator: "\n")
            let wanted = limit ?? count
            let ids = (0..<wanted).map { order.isEmpty ? $0 + 1 : count - $0 }
            let found = lines.map { line in line.prefix { $0 != "," }.filter(\.isNumber) }
            #expect(found == ids.map { "\($0)" }, "\(words): \(lines.count) lines")
        }
    }
}
