import CallEvents
import Client
import Feeds
import Foundation
import Randomness
import Testing
import Wire

@testable import busyhour

/// Following a file that grows, rotates and is taken up again. No time passes: the pause is the test's next step.
@Suite struct CDRFollowerTests {
    private static let header = "id,account,setup_at,end_at\n"

    private static func row(_ number: Int) -> String {
        "call-\(number),acme,\(1_700_000_000 + number),\(1_700_000_060 + number)\n"
    }

    /// The numbers of the rows that the server was sent.
    private static func numbers(_ server: CountingServer) -> [Int64] {
        server.calls.flatMap(\.setupMicros).map { $0 / 1_000_000 - 1_700_000_000 }
    }

    /// Follows `calls.csv`; each pause takes the next step, and after the last one it is stopped.
    private static func follow(
        _ folder: TemporaryFolder, _ server: CountingServer, steps: [() throws -> Void]
    ) async throws -> FeedSummary {
        let path = folder.path("calls.csv")
        let reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: path)
        let state = FollowState.load(folder.path("position"))
        let producer = FeedProducer(id: try #require(ProducerID(text: state.producer)), epoch: state.epoch) { epoch in
            var noted = state
            noted.epoch = epoch
            try noted.save(folder.path("position"))
        }
        let link = try await ProducerLink.open(to: server, producer: producer, counted: state.counted)
        var follower = CDRFollower(
            path: path, positionPath: folder.path("position"), state: state, reader: reader, link: link,
            showError: { _ in })
        var pauses = 0
        return try await follower.run(
            isStopped: { pauses > steps.count },
            pause: {
                if pauses < steps.count { try steps[pauses]() }
                pauses += 1
            })
    }

    @Test func whatIsAddedIsSentAndARotationIsFollowed() async throws {
        let folder = try TemporaryFolder()
        let server = CountingServer()
        let summary = try await Self.follow(
            folder, server,
            steps: [
                { _ = try folder.write("calls.csv", (Self.header + Self.row(0) + Self.row(1)).utf8) },
                { try folder.append("calls.csv", Self.row(2) + String(Self.row(3).dropLast(9))) },
                { try folder.append("calls.csv", String(Self.row(3).suffix(9))) },
                {
                    try FileManager.default.moveItem(
                        atPath: folder.path("calls.csv"), toPath: folder.path("calls.csv.1"))
                },
                { _ = try folder.write("calls.csv", (Self.header + Self.row(4)).utf8) },
                {},
            ])
        #expect(summary.calls == 5 && summary.errors == 0 && summary.duplicates == 0)
        #expect(Self.numbers(server) == [0, 1, 2, 3, 4])
    }

    @Test func aLaterRunGoesOnWhereTheFormerStopped() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("calls.csv", (Self.header + Self.row(0) + Self.row(1) + "call-2,ac").utf8)
        let first = CountingServer()
        #expect(try await Self.follow(folder, first, steps: []).calls == 2)
        try folder.append("calls.csv", "me,1700000002,1700000062\n" + Self.row(3))
        let second = CountingServer()
        #expect(try await Self.follow(folder, second, steps: []).calls == 2)
        #expect(Self.numbers(second) == [2, 3])
        let third = CountingServer()
        #expect(try await Self.follow(folder, third, steps: []).read == 0)
        #expect(third.requests.isEmpty)
    }

    @Test func thePositionIsNotedOnlyOnceTheServerHasSavedIt() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("calls.csv", (Self.header + Self.row(0)).utf8)
        let reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: path)
        let server = CountingServer(savesAtOnce: false)
        let link = try await ProducerLink.open(to: server)
        var follower = CDRFollower(
            path: path, positionPath: folder.path("position"), state: .new(), reader: reader, link: link,
            showError: { _ in })
        var pauses = 0
        var noted: [Int64] = []
        _ = try await follower.run(
            isStopped: { pauses > 20 },
            pause: {
                pauses += 1
                noted.append(FollowState.load(folder.path("position")).position?.offset ?? -1)
                if pauses == 10 { server.save() }
            })
        // Counted at once, and noted only after it was saved: asking for that takes some pauses. Until then the place
        // is before the first row.
        let header = Int64(Self.header.utf8.count)
        #expect(
            server.applied > 0 && noted.prefix(10).allSatisfy { $0 <= header } && noted.last ?? 0 > header, "\(noted)")
    }

    @Test func positionsOfDifferentFilesAreKeptApart() throws {
        let folder = try TemporaryFolder()
        let environment = ["XDG_STATE_HOME": folder.path("state")]
        let one = try CDRFollower.standardPosition(of: "/var/log/a.csv", environment: environment)
        let other = try CDRFollower.standardPosition(of: "/var/log/b.csv", environment: environment)
        #expect(one.hasPrefix(folder.path("state") + "/busyhour/") && one != other)
        #expect(try one == CDRFollower.standardPosition(of: "/var/log/../log/a.csv", environment: environment))
        let home = try CDRFollower.standardPosition(
            of: "/a", environment: ["HOME": folder.path("home"), "XDG_STATE_HOME": ""])
        #expect(home.hasPrefix(folder.path("home") + "/.local/state/busyhour/"))
        #expect(throws: Refusal.self) { try CDRFollower.standardPosition(of: "/a", environment: [:]) }
    }

    private struct Killed: Error {}

    /// Rows without an id: nothing but their places tells them apart. The file grows and rotates, the server saves and
    /// crashes, and the follower is killed, all at random.
    @Test(arguments: Seeds.fixed(0..<30)) func whateverHappensEachRowIsCountedOnce(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let server = CountingServer(savesAtOnce: false)
        let path = try folder.write("calls.csv", "account,setup_at,end_at\n".utf8)
        var rows: Int64 = 0
        var (kills, rotations) = (0, 0)
        while rows < 400 {
            let reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: path)
            let position = folder.path("position")
            let state = FollowState.load(position)
            let id = try #require(ProducerID(text: state.producer))
            let producer = FeedProducer(id: id, epoch: state.epoch) { epoch in
                var noted = FollowState.load(position)
                if noted.producer != state.producer { noted = state }
                noted.epoch = epoch
                try noted.save(position)
            }
            let link = try await ProducerLink.open(
                to: server, producer: producer, counted: state.counted, attempts: nil)
            var follower = CDRFollower(
                path: path, positionPath: position, state: state, reader: reader, link: link, showError: { _ in })
            do {
                let step = {
                    switch Int.random(in: 0..<12, using: &random) {
                    case 0:
                        kills += 1
                        throw Killed()
                    case 1:
                        server.crash()
                        server.fail(.connectionLost(address: "a", reason: "gone"))
                    case 2: server.save()
                    case 3 where rotations < 5:
                        rotations += 1
                        try FileManager.default.moveItem(atPath: path, toPath: path + ".\(rotations)")
                        _ = try folder.write("calls.csv", "account,setup_at,end_at\n".utf8)
                    default:
                        for _ in 0..<Int.random(in: 1...6, using: &random) {
                            rows += 1
                            try folder.append("calls.csv", "acme,\(1_700_000_000 + rows),\(1_700_000_060 + rows)\n")
                        }
                    }
                }
                _ = try await follower.run(isStopped: { rows >= 400 }, pause: { try step() })
            } catch is Killed {}
        }
        // What was added last is read by one that is asked to stop when there is nothing new.
        _ = try await Self.follow(folder, server, steps: [{}, {}])
        let counted = server.rows.values.flatMap { $0 }.map { $0 / 1_000_000 - 1_700_000_000 }.sorted()
        let (missing, twice) = (Set(1...rows).subtracting(counted).sorted(), counted.count - Set(counted).count)
        #expect(
            missing.isEmpty && twice == 0,
            "seed \(seed), \(kills) kills, \(rotations) rotations: \(missing.count) missing, \(twice) twice")
    }

    /// The file was replaced while no feed followed it, and what was counted of it is not saved: the rows of the new
    /// one have numbers of their own.
    @Test func aFileInPlaceOfOneThatIsGone() async throws {
        for isSaved in [false, true] {
            let folder = try TemporaryFolder()
            let server = CountingServer(savesAtOnce: false)
            _ = try folder.write("calls.csv", (Self.header + (0..<3).map(Self.row).joined()).utf8)
            await #expect(throws: Killed.self) {
                try await Self.follow(folder, server, steps: [{}, { throw Killed() }])
            }
            #expect(Self.numbers(server) == [0, 1, 2])
            if isSaved { server.save() }
            try FileManager.default.removeItem(atPath: folder.path("calls.csv"))
            _ = try folder.write("calls.csv", (Self.header + (10..<16).map(Self.row).joined()).utf8)
            let summary = try await Self.follow(folder, server, steps: [{}, {}])
            #expect(summary.calls == 6 && summary.duplicates == 0)
            #expect(Self.numbers(server) == [0, 1, 2, 10, 11, 12, 13, 14, 15])
        }
    }
}
