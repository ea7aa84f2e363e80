// Every row once, whatever is lost and whichever side crashes. Nothing waits; the server is one of the tests'.

import CallEvents
import Client
import Foundation
import Randomness
import Synchronization
import Testing
import Wire

@testable import busyhour

@Suite struct ProducerLinkTests {
    private static let lost = ClientError.connectionLost(address: "a", reason: "gone")

    private static func request(_ setups: some Sequence<Int64>) -> FeedRequest {
        var columns = IngestCallsColumns()
        columns.setupMicros = Array(setups)
        columns.party = columns.setupMicros.map { _ in 0 }
        return .calls(columns)
    }

    /// Sends the numbers 1 to `last`, so many at a time.
    private static func send(_ last: UInt64, by size: UInt64 = 10, to link: ProducerLink) async throws {
        for first in stride(from: link.sent + 1, through: last, by: Int(size)) {
            let end = min(first + size - 1, last)
            try await link.send(request((first...end).map { Int64($0) }), first: first, last: end)
        }
    }

    private static func rows(_ last: UInt64) -> [UInt64: [Int64]] {
        Dictionary(uniqueKeysWithValues: (1...last).map { ($0, [Int64($0)]) })
    }

    @Test func everyRowIsCountedOnceAndTheRestIsKeptUntilItIsSafe() async throws {
        let server = CountingServer(savesAtOnce: false)
        let link = try await ProducerLink.open(to: server)
        try await Self.send(95, to: link)
        try await link.settle()
        #expect(server.rows == Self.rows(95) && link.applied == 95 && link.safe == 0)
        // It crashes, and the link does not notice before the next request.
        server.crash()
        #expect(server.rows.isEmpty)
        server.fail(Self.lost)
        try await Self.send(100, to: link)
        #expect(try await link.becomeSafe())
        #expect(server.rows == Self.rows(100) && link.safe == 100)
        #expect(link.summary.calls == 100 && link.summary.read == 100 && link.summary.duplicates == 0)
        await link.close(isDone: true)
        #expect(server.isEnded)
        #expect(server.greetings.map(\.epoch) == [1, 2])
    }

    /// Why it waits is said once, and when it goes on.
    @Test func aServerThatSavesNothingIsAskedWhy() async throws {
        let server = CountingServer(savesAtOnce: false)
        server.become("not saving: disk full")
        let told = Mutex<[String]>([])
        let pauses = Mutex(0)
        let link = ProducerLink(
            .passing(),
            recovery: .init(
                connect: { server.server },
                pause: { _ in
                    let count = pauses.withLock { pauses in
                        pauses += 1
                        return pauses
                    }
                    if count == 100 { server.become("ok") }
                }, log: { line in told.withLock { $0.append(line) } }))
        try await link.open(server.server, counted: 0)
        try await Self.send(30, to: link)
        #expect(try await link.becomeSafe())
        #expect(
            told.withLock { $0 } == [
                "waiting: the server has not saved what was sent; it says: not saving: disk full",
                "the server has saved it; going on",
            ])
        // One that is well is quick, and nothing is said.
        try await Self.send(60, to: link)
        #expect(try await link.becomeSafe())
        #expect(told.withLock { $0.count } == 2)
    }

    @Test func afterAMinuteItEndsAndSaysSo() async throws {
        let server = CountingServer(savesAtOnce: false)
        server.become("not saving: disk full")
        let link = try await ProducerLink.open(to: server)
        try await Self.send(30, to: link)
        #expect(try await !link.becomeSafe())
        #expect(server.rows == Self.rows(30))
    }

    @Test func whatWasCountedInAFormerLifeIsNotSentAgain() async throws {
        let server = CountingServer()
        var epochs: [UInt64] = []
        let id = ProducerID(high: 1, low: 2)
        let first = try await ProducerLink.open(
            to: server, producer: FeedProducer(id: id, epoch: 0) { epochs.append($0) })
        try await Self.send(35, to: first)
        try await first.settle()
        let second = try await ProducerLink.open(
            to: server, producer: FeedProducer(id: id, epoch: 1) { epochs.append($0) })
        for start in stride(from: UInt64(1), through: 51, by: 10) {
            try await second.send(
                Self.request((start...start + 9).map { Int64($0) }), first: start, last: start + 9)
        }
        #expect(try await second.becomeSafe())
        #expect(server.rows == Self.rows(60) && epochs == [1, 2])
        #expect(second.summary.calls == 25 && second.summary.duplicates == 35 && second.summary.read == 60)
        // The life before is over.
        await #expect(throws: ClientError.server(code: "FENCED", message: "", details: [:])) {
            try await Self.send(40, to: first)
            try await first.settle()
        }
    }

    @Test func whatOffsetsLeaveOutIsToldAsWell() async throws {
        let server = CountingServer()
        let link = try await ProducerLink.open(to: server)
        try await link.send(Self.request([7, 8, 9]), first: 1, last: 1_000, offsets: [10, 10, 500])
        try await link.send(Self.request([4]), first: 1_001, last: 2_000, offsets: [999])
        try await link.settle()
        #expect(server.rows == [11: [7, 8], 501: [9], 2_000: [4]] && link.applied == 2_000)
    }

    @Test func itGivesUpAfterSoManyAttemptsAndNotBefore() async throws {
        let server = CountingServer()
        let link = try await ProducerLink.open(to: server, attempts: 3)
        // The request, and three greetings.
        for _ in 0..<4 { server.fail(Self.lost) }
        await #expect(throws: Self.lost) {
            try await Self.send(10, to: link)
            try await link.settle()
        }
        let patient = try await ProducerLink.open(
            to: server, producer: FeedProducer(id: .random(), epoch: 9) { _ in }, attempts: 3)
        for _ in 0..<3 { server.fail(Self.lost) }
        try await Self.send(10, to: patient)
        try await patient.settle()
        #expect(server.applied == 10)
    }

    /// So many in a row, that is: each answer, whatever was asked, begins the count again.
    @Test func attemptsAreCountedFromTheLastAnswer() async throws {
        let server = CountingServer()
        let link = try await ProducerLink.open(to: server, attempts: 3)
        for round in 1...6 as ClosedRange<UInt64> {
            for _ in 0..<3 { server.fail(Self.lost) }
            try await Self.send(10 * round, to: link)
            try await link.settle()
            #expect(server.applied == 10 * round)
        }
        for _ in 0..<6 {
            for _ in 0..<3 { server.fail(Self.lost) }
            try await link.poll(save: false)
            try await link.poll(save: false)
        }
    }

    /// Every answer of a feed is lost once, of the first request to the last, alone and with those that follow: each
    /// row is counted once, and each is told of.
    @Test(arguments: 1...11, 1...3) func answersThatAreLostAreHadBack(place: Int, count: Int) async throws {
        let server = CountingServer(savesAtOnce: false)
        let link = try await ProducerLink.open(to: server)
        for last in stride(from: UInt64(10), through: 100, by: 10) {
            if last == UInt64(place) * 10 { server.loseAnswers(count) }
            try await Self.send(last, to: link)
        }
        if place == 11 { server.loseAnswers(count) }
        #expect(try await link.becomeSafe())
        #expect(server.rows == Self.rows(100) && link.applied == 100 && link.safe == 100)
        #expect(link.summary.read == 100 && link.summary.calls + link.summary.duplicates == 100)
    }

    /// A server has less than it said it had saved: the link tells how many numbers neither side has any more.
    @Test(arguments: [0, 1, 12, 28, 29, 30] as [UInt64]) func whatIsLostIsToldExactly(left: UInt64) async throws {
        let server = CountingServer()
        let link = try await ProducerLink.open(to: server)
        try await Self.send(30, to: link)
        #expect(try await link.becomeSafe())
        server.forget(behind: left)
        server.fail(Self.lost)
        try await Self.send(40, to: link)
        #expect(try await link.becomeSafe())
        #expect(server.lost == (left == 30 ? [] : [30 - left]))
        #expect(server.rows == Self.rows(40).filter { $0.key <= left || $0.key > 30 })
    }

    @Test func aRefusalIsNoLostConnection() async throws {
        let server = CountingServer()
        let link = try await ProducerLink.open(to: server)
        let refusal = ClientError.server(code: "INVALID_ARGUMENT", message: "no", details: [:])
        server.fail(refusal)
        await #expect(throws: refusal) {
            try await Self.send(10, to: link)
            try await link.settle()
        }
    }

    /// Answers are lost, requests are lost, the server is saved and crashes, all at random places.
    @Test(arguments: Seeds.fixed(0..<40)) func whateverHappensEachRowIsCountedOnce(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let server = CountingServer(savesAtOnce: false)
        let id = ProducerID(high: 1, low: seed)
        var link = try await ProducerLink.open(
            to: server, producer: FeedProducer(id: id, epoch: 0) { _ in }, attempts: nil)
        var restarts = 0
        while link.sent < 600 {
            switch Int.random(in: 0..<13, using: &random) {
            case 11, 12: server.loseAnswers(Int.random(in: 1...3, using: &random))
            case 10:
                // The feed is killed, and another begins with the first row.
                restarts += 1
                link = try await ProducerLink.open(
                    to: server, producer: FeedProducer(id: id, epoch: link.epoch + 1) { _ in }, attempts: nil)
            case 0: server.save()
            case 1:
                server.crash()
                server.fail(Self.lost)
            case 2: for _ in 0..<Int.random(in: 1...3, using: &random) { server.fail(Self.lost) }
            case 3: try await link.poll(save: Bool.random(using: &random))
            default:
                let size = UInt64.random(in: 1...25, using: &random)
                try await Self.send(min(600, link.sent + size), by: size, to: link)
            }
        }
        #expect(try await link.becomeSafe(), "seed \(seed)")
        #expect(server.rows == Self.rows(600), "seed \(seed)")
        if restarts == 0 { #expect(link.summary.read == 600, "seed \(seed)") }
    }
}
