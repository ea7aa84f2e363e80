// Before the engine is ready: every request has an answer, and the connection goes on with the engine's.

import Board
import Feeds
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Server

@Suite struct ReceptionTests {
    /// A port that is open, and no engine yet.
    private final class Opening {
        let progress = RestoreProgress(logger: silentLogger())
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let reception: NIOLoopBound<Reception>
        private let channel: any Channel

        init() throws {
            let (loop, progress) = (group.next(), progress)
            reception = try loop.submit { NIOLoopBound(Reception(progress: progress), eventLoop: loop) }.wait()
            channel = try RPCListener.open(Endpoint(host: "127.0.0.1", port: 0), reception: reception)
        }

        deinit { try? group.syncShutdownGracefully() }

        func client() throws -> RawClient { try RawClient(port: try Binding.endpoint(of: channel).port) }

        /// The engine is ready.
        func open() throws {
            let (loop, reception) = (group.next(), reception)
            try loop.submit {
                reception.value.open(
                    EngineHost(
                        Engine(), customersAtOnce: 10_000, hashSeed: HashSeed(first: 1, second: 2), loop: loop,
                        now: { 1_000_000 }))
            }.wait()
        }
    }

    private static let status = Wire.Method.status.rawValue

    @Test func requestsAreAnsweredByLoadingAndHowFarItIs() throws {
        let opening = try Opening()
        let client = try opening.client()
        let first = try #require(try client.request(Self.status, id: 7).error)
        #expect(first.code == "LOADING" && first.details == ["phase": "customers"])
        opening.progress.become(RestoreProgress.Step(phase: .changes, done: 3, total: 9))
        try client.send(rawFrame(Self.status, id: 8) + rawFrame(48, id: 9))
        for id in [8, 9] as [UInt32] {
            let answer = try #require(try client.receive())
            #expect(answer.id == id && answer.error?.code == "LOADING")
            #expect(answer.error?.details == ["phase": "changes", "done": "3", "total": "9"])
            #expect(answer.error?.message.contains("3 of 9") == true)
        }
    }

    /// A request began before the engine was ready and ended after it.
    @Test func aConnectionGoesOnWhereItWas() throws {
        let opening = try Opening()
        let client = try opening.client()
        let second = rawFrame(Self.status, id: 4)
        try client.send(rawFrame(Self.status, id: 3) + second[..<5])
        #expect(try client.receive()?.error?.code == "LOADING")
        try opening.open()
        try client.send(Array(second[5...]))
        let answer = try #require(try client.receive())
        #expect(answer.id == 4 && answer.kind == 1)
        #expect(try client.status().connections == 1)
        #expect(try opening.client().status().connections == 2)
    }

    @Test func whatIsNoFrameEndsTheConnection() throws {
        let opening = try Opening()
        let client = try opening.client()
        try client.send([UInt8](repeating: 0xFF, count: 12))
        #expect(try client.receive() == nil)
    }
}
