import NIOCore
import Testing
import Wire

@testable import Server

/// How long the rest of a frame may take: the time is that of the frame that is not complete, whatever came before.
@Suite struct FramePatienceTests {
    private let frame = rawFrame(999, id: 1)
    private let some = Limits.framePatience - .seconds(60)

    @Test func aFrameThatStaysIncompleteEndsTheConnection() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        for count in 1..<frame.count {
            let client = try server.connect()
            client.send(Array(frame[..<count]))
            server.loop.advance(by: Limits.framePatience - .nanoseconds(1))
            #expect(client.channel.isActive, "\(count) bytes")
            server.loop.advance(by: .nanoseconds(1))
            #expect(!client.channel.isActive, "\(count) bytes")
        }
        // One that is silent has nothing to complete.
        let silent = try server.connect()
        silent.send(frame)
        server.loop.advance(by: Limits.framePatience + Limits.framePatience)
        #expect(silent.channel.isActive && silent.received().count == 1)
    }

    /// Each read completes a frame and begins the next.
    @Test func eachFrameHasItsOwnTime() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        client.send(Array(frame[..<5]))
        for round in 1...6 {
            server.loop.advance(by: some)
            client.send(Array(frame[5...] + frame[..<5]))
            #expect(client.received().count == 1 && client.channel.isActive, "round \(round)")
        }
        server.loop.advance(by: some)
        client.send(Array(frame[5...]))
        #expect(client.received().count == 1)
        server.loop.advance(by: Limits.framePatience + Limits.framePatience)
        #expect(client.channel.isActive)
        // A later one has the whole time again.
        client.send(Array(frame[..<5]))
        server.loop.advance(by: some)
        #expect(client.channel.isActive)
    }

    /// A byte now and then is no reason to wait longer.
    @Test func bytesOfTheSameFrameGiveItNoTime() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        let half = TimeAmount.nanoseconds(Limits.framePatience.nanoseconds / 2)
        client.send([frame[0]])
        server.loop.advance(by: half)
        client.send([frame[1]])
        server.loop.advance(by: half - .nanoseconds(1))
        #expect(client.channel.isActive)
        server.loop.advance(by: .nanoseconds(1))
        #expect(!client.channel.isActive)
    }

    /// One whose peer does not read is not closed for what it has sent meanwhile.
    @Test func whoeverWaitsForItsTurnIsNotImpatient() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        client.channel.reads(false)
        client.send(frame + frame[..<5])
        server.loop.advance(by: Limits.framePatience + Limits.framePatience)
        #expect(client.channel.isActive)
        client.channel.reads(true)
        client.send(Array(frame[5...]))
        #expect(client.frames(2).count == 2 && client.channel.isActive)
    }
}
