// Before the engine is ready: every request has an answer, and the connection goes on with the engine's.

import Board
import Feeds
import NIOCore
import NIOEmbedded
import Testing
import Wire

@testable import Server

@Suite struct ReceptionTests {
    private let progress = RestoreProgress(logger: silentLogger())
    private let loop = EmbeddedEventLoop()

    private func channel(_ reception: Reception) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: loop)
        try reception.accept(channel)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func host() -> EngineHost {
        EngineHost(
            Engine(), customersAtOnce: 10_000, hashSeed: HashSeed(first: 1, second: 2), loop: loop, now: { 1_000_000 })
    }

    private func status(id: UInt32) throws -> ByteBuffer {
        try FrameEncoder.frame(Busyhour_V1_StatusRequest(), method: Wire.Method.status.rawValue, kind: .request, id: id)
    }

    private func frames(_ channel: EmbeddedChannel) throws -> [Frame] {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        while let octets = try channel.readOutbound(as: ByteBuffer.self) {
            decoder.append(octets)
            while let frame = try decoder.next() { frames.append(frame) }
        }
        return frames
    }

    @Test func requestsAreAnsweredByLoadingAndHowFarItIs() throws {
        let reception = Reception(progress: progress)
        let channel = try channel(reception)
        try channel.writeInbound(status(id: 7))
        progress.become(RestoreProgress.Step(phase: .changes, done: 3, total: 9))
        var both = try status(id: 8)
        both.writeImmutableBuffer(try status(id: 9))
        try channel.writeInbound(both)
        let answers = try frames(channel)
        #expect(answers.map(\.header.id) == [7, 8, 9] && answers.allSatisfy { $0.header.kind == .error })
        let errors = try answers.map { try Busyhour_V1_Error(serializedBytes: $0.payload.readableBytesSpan) }
        #expect(errors.allSatisfy { $0.code == "LOADING" })
        #expect(errors[0].details == ["phase": "customers"])
        #expect(errors[1].details == ["phase": "changes", "done": "3", "total": "9"])
        #expect(errors[1].message.contains("3 of 9"))
        _ = try? channel.finish()
    }

    /// Half of a request came before the engine was ready and half after it.
    @Test func aConnectionGoesOnWhereItWas() throws {
        let reception = Reception(progress: progress)
        let channel = try channel(reception)
        var request = try status(id: 3)
        request.writeImmutableBuffer(try status(id: 4))
        let half = try #require(request.readSlice(length: 17))
        try channel.writeInbound(half)
        #expect(try frames(channel).map(\.header.kind) == [.error])
        let host = host()
        reception.open(host)
        try channel.writeInbound(request)
        let answers = try frames(channel)
        #expect(answers.map(\.header.id) == [4] && answers[0].header.kind == .response)
        #expect(host.connections.count == 1)
        _ = try channel.finish()
        #expect(host.connections.isEmpty)
    }

    @Test func newConnectionsAreTheEnginesAtOnce() throws {
        let reception = Reception(progress: progress)
        let gone = try channel(reception)
        _ = try gone.finish()
        reception.open(host())
        let channel = try channel(reception)
        try channel.writeInbound(status(id: 1))
        #expect(try frames(channel).map(\.header.kind) == [.response])
        _ = try channel.finish()
    }

    @Test func whatIsNoFrameEndsTheConnection() throws {
        let reception = Reception(progress: progress)
        let channel = try channel(reception)
        try channel.writeInbound(ByteBuffer(repeating: 0xFF, count: 12))
        #expect(!channel.isActive)
    }
}
