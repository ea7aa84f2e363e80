import NIOCore
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// Connections over a limit while the server starts: each limit from both sides, and again when there is room.
@Suite struct ReceptionLimitTests {
    /// The frame that a refused connection was sent; nil: none.
    private func refusal(_ channel: SimulatedChannel) throws -> Busyhour_V1_Error? {
        let bytes = channel.takeSent()
        return bytes.count < 12 ? nil : try Busyhour_V1_Error(serializedBytes: Array(bytes[12...]))
    }

    @Test func onlySoManyWaitAndOnlySomeAreToldThatTheyMayNot() throws {
        let loop = ManualLoop()
        let reception = Reception(progress: RestoreProgress(logger: silentLogger()))
        func accept() throws -> SimulatedChannel {
            let channel = SimulatedChannel(loop)
            try reception.accept(channel)
            return channel
        }
        let waiting = try (0..<Limits.waitingConnections).map { _ in try accept() }
        #expect(waiting.allSatisfy { $0.sent.isEmpty && !$0.isOutputClosed })
        for round in 0..<3 {
            let told = try (0..<Limits.refusedConnections).map { _ in try accept() }
            for channel in told {
                #expect(try refusal(channel)?.code == "BUSY", "round \(round)")
                #expect(channel.isOutputClosed && channel.isActive)
            }
            // The next one is closed without a word, and so is every other until some of these have ended.
            #expect(throws: TooManyConnections.self) { try accept() }
            if round == 1 {
                // A client that does not end its connection finds it ended.
                loop.advance(by: Limits.drain)
                #expect(told.allSatisfy { !$0.isActive })
            } else {
                for channel in told { channel.end() }
            }
            loop.run()
        }
        // One that waited is gone: there is room for one.
        waiting[7].end()
        let last = try accept()
        #expect(last.sent.isEmpty && !last.isOutputClosed)
        #expect(try refusal(try accept())?.code == "BUSY")
        last.receive(rawFrame(1, id: 5))
        #expect(try refusal(last)?.code == "LOADING")
    }
}
