import Client
import Synchronization
import Testing

@testable import busyhour

@Suite struct LastingConnectionTests {
    /// A server that loses connections: each takes so many requests, then all that are under way fail.
    private final class Server: Sendable {
        let made = Mutex(0)
        let refusals = Mutex(2)
        let counted = Mutex<[Int]>([])
        let said = Mutex<[String]>([])

        func take(_ request: Int, on connection: Int, failing: Set<Int>) throws -> Int {
            if failing.contains(connection) {
                throw ClientError.connectionLost(address: "a:1", reason: "gone")
            }
            counted.withLock { $0.append(request) }
            return connection
        }

        func connect() throws -> Int {
            let isRefused = refusals.withLock { left in
                left -= 1
                return left >= 0
            }
            if isRefused { throw ClientError.cannotReach(address: "a:1", reason: "refused") }
            return made.withLock { made in
                made += 1
                return made
            }
        }

        func connection(isStopped: @escaping @Sendable () -> Bool = { false }) -> LastingConnection<Int> {
            LastingConnection(
                0, connect: { try self.connect() }, isStopped: isStopped, pause: {},
                tell: { line in self.said.withLock { $0.append(line) } })
        }
    }

    @Test func whatHadNoAnswerIsSentAgainOnceOverOneNewConnection() async throws {
        let server = Server()
        let connection = server.connection()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for request in 1...20 {
                group.addTask {
                    try await connection.perform { try server.take(request, on: $0, failing: [0]) }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 1, count: 20))
        #expect(server.counted.withLock { $0.sorted() } == Array(1...20))
        #expect(server.made.withLock { $0 } == 1)
        #expect(server.said.withLock(\.count) == 2 && connection.standing == 1)
    }

    @Test func otherErrorsAreNotRetried() async throws {
        let server = Server()
        let connection = server.connection()
        let refusal = ClientError.server(code: "MALFORMED", message: "x", details: [:])
        await #expect(throws: ClientError.self) { try await connection.perform { _ in throw refusal } }
        #expect(connection.standing == 0 && server.made.withLock { $0 } == 0)
    }

    @Test func afterTheStopTheErrorIsThrown() async throws {
        let server = Server()
        server.refusals.withLock { $0 = .max }
        let isStopped = Mutex(0)
        let connection = server.connection(isStopped: {
            isStopped.withLock { asked in
                asked += 1
                return asked > 3
            }
        })
        await #expect(throws: ClientError.self) {
            try await connection.perform { try server.take(1, on: $0, failing: [0]) }
        }
        #expect(connection.standing == nil)
    }
}
