// A connection for what runs for days: when it is lost another one is made, again and again until there is one, and what
// had no answer is sent again. A server that has counted it already knows the calls by their keys.

import Client
import Synchronization

final class LastingConnection<Connection: Sendable>: Sendable {
    private enum State {
        case open(Connection, number: Int)
        case opening(Task<Connection, any Error>, number: Int)
    }

    private let state: Mutex<State>
    private let connect: @Sendable () async throws -> Connection
    private let isStopped: @Sendable () -> Bool
    private let pause: @Sendable () async throws -> Void
    private let tell: @Sendable (String) -> Void

    /// - Parameters:
    ///   - first: a connection that stands.
    ///   - connect: makes another one. It is asked again after errors about the connection only.
    ///   - isStopped: whether nobody wants to go on; the last error is then thrown.
    ///   - pause: lets time pass before the next attempt.
    ///   - tell: shows a line.
    init(
        _ first: Connection, connect: @escaping @Sendable () async throws -> Connection,
        isStopped: @escaping @Sendable () -> Bool, pause: @escaping @Sendable () async throws -> Void,
        tell: @escaping @Sendable (String) -> Void
    ) {
        state = Mutex(.open(first, number: 0))
        self.connect = connect
        self.isStopped = isStopped
        self.pause = pause
        self.tell = tell
    }

    /// Does something with the connection, and once more with the next one if it is lost meanwhile. Where the connection
    /// stands nothing is waited for before `work` begins.
    /// - Throws: what `work` throws, an error about the connection only after it is stopped.
    func perform<Result: Sendable>(_ work: @Sendable (Connection) async throws -> Result) async throws -> Result {
        while true {
            let (connection, number) = try await current()
            do {
                return try await work(connection)
            } catch let error as ClientError where error.isAboutTheConnection {
                if isStopped() { throw error }
                replace(number, after: error)
            }
        }
    }

    /// The connection of the moment, to be closed at the end; nil: there is none.
    var standing: Connection? {
        state.withLock { if case .open(let connection, _) = $0 { connection } else { nil } }
    }

    private func current() async throws -> (Connection, Int) {
        let (task, number): (Task<Connection, any Error>, Int)
        switch state.withLock({ $0 }) {
        case .open(let connection, let number): return (connection, number)
        case .opening(let opening, let opened): (task, number) = (opening, opened)
        }
        let connection = try await task.value
        state.withLock { state in
            if case .opening(_, number) = state { state = .open(connection, number: number) }
        }
        return (connection, number)
    }

    /// Begins to connect again, unless another request that was lost did already.
    private func replace(_ lost: Int, after error: ClientError) {
        state.withLock { state in
            guard case .open(_, lost) = state else { return }
            tell("\(error); trying again, what had no answer is sent again")
            state = .opening(Task { try await self.reconnect() }, number: lost + 1)
        }
    }

    private func reconnect() async throws -> Connection {
        while true {
            do {
                try await pause()
                let connection = try await connect()
                tell("connected again")
                return connection
            } catch let error as ClientError where error.isAboutTheConnection {
                if isStopped() { throw error }
            }
        }
    }
}
