// A connection to a server on which any number of tasks may have requests in flight.
//
//     let client = try await Client.connect(host: "127.0.0.1", port: 7878)
//     let status = try await client.status()
//     await client.close()
//
// A request is serialised on the task that makes it and its answer is parsed there; the event loop only moves bytes.

import NIOCore
import NIOPosix
public import SwiftProtobuf
import Synchronization
public import Wire

public final class Client: Sendable {
    /// The server's address, as named in errors.
    public let address: String

    private let channel: any Channel
    private let submissions: Submissions
    private let connection: NIOLoopBound<Connection>
    private let lastID = Atomic<UInt32>(0)

    private init(_ parts: Parts, address: String) {
        self.address = address
        channel = parts.channel
        submissions = parts.submissions
        connection = parts.connection
    }

    /// Closes at once: no call is waiting, because each retains its client.
    deinit {
        channel.close(promise: nil)
    }

    // ---- connecting and closing -----------------------------------------------------------------------------

    /// The parts of a connection.
    private struct Parts: Sendable {
        var channel: any Channel
        var submissions: Submissions
        var connection: NIOLoopBound<Connection>
    }

    /// Connects to a server.
    /// - Parameters:
    ///   - host: a name, or an IPv4 or IPv6 address without brackets.
    ///   - timeout: how long each of the host's addresses has to accept.
    ///   - patience: how long the peer may send nothing at all while an answer is due to a request without its own time
    ///     limit; nil: forever.
    /// - Throws: `ClientError.cannotReach`.
    public static func connect(
        host: String, port: Int, timeout: Duration = .seconds(10), patience: Duration? = nil
    ) async throws -> Client {
        let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        guard 1...65_535 ~= port else {
            throw ClientError.cannotReach(address: address, reason: "a port is a number from 1 to 65535")
        }
        do {
            let parts = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(timeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(
                    .writeBufferWaterMark,
                    value: .init(low: Limits.outputResumeBytes, high: Limits.outputBytes)
                )
                .channelOption(
                    .recvAllocator,
                    value: AdaptiveRecvByteBufferAllocator(
                        minimum: Limits.firstReadBytes, initial: Limits.firstReadBytes, maximum: Limits.readBytes)
                )
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture { try Self.parts(of: channel, address: address, patience) }
                }
            return Client(parts, address: address)
        } catch {
            throw ClientError.cannotReach(address: address, reason: reason(of: error))
        }
    }

    /// Sets up a new channel; called on its event loop.
    private static func parts(
        of channel: any Channel, address: String, _ patience: Duration?
    ) throws -> Parts {
        let submissions = Submissions()
        let connection = Connection(submissions: submissions, address: address, patience: patience)
        try channel.pipeline.syncOperations.addHandler(connection)
        return Parts(
            channel: channel, submissions: submissions,
            connection: NIOLoopBound(connection, eventLoop: channel.eventLoop))
    }

    /// Accepts no more calls, waits for the answers to those in flight, and closes.
    public func close() async {
        submissions.end(.closed)
        channel.eventLoop.execute { [connection] in connection.value.closeGracefully() }
        // Never fails, because nothing that closes a channel does.
        try? await channel.closeFuture.get()
    }

    // ---- calls ----------------------------------------------------------------------------------------------

    /// Sends a request and waits for its answer. Adds only some microseconds to the server's work, and one wake-up of
    /// the event loop for all calls made at the same time.
    /// - Parameter timeout: nil waits as long as the connection is open.
    /// - Throws: `ClientError`, or `CancellationError` when the task is cancelled.
    public func call<Request: Message, Response: Message>(
        _ method: Method, _ request: Request, returning: Response.Type = Response.self, timeout: Duration? = nil
    ) async throws -> Response {
        try await call(method, timeout: timeout) { id throws(FrameError) in
            try FrameEncoder.frame(request, method: method.rawValue, kind: .request, id: id)
        }
    }

    /// Like `call`, with a frame that `frame` makes for a request id.
    func call<Response: Message>(
        _ method: Method, timeout: Duration?, frame: (UInt32) throws(FrameError) -> ByteBuffer
    ) async throws -> Response {
        let payload = try await payload(method, timeout: timeout, frame: frame)
        do {
            return try Response(serializedBytes: payload.readableBytesSpan)
        } catch {
            throw ClientError.protocolViolation(
                "the answer to method \(method.rawValue) is not a \(Response.protoMessageName)")
        }
    }

    /// The bytes of the answer, unparsed.
    func payload(
        _ method: Method, timeout: Duration?, frame: (UInt32) throws(FrameError) -> ByteBuffer
    ) async throws -> ByteBuffer {
        try Task.checkCancellation()
        let id = nextID()
        let bytes: ByteBuffer
        do {
            bytes = try frame(id)
        } catch {
            throw ClientError.requestTooLong(error)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                submit(Submission(id: id, method: method, frame: bytes, timeout: timeout, answer: answer))
                // A cancellation before the line above found no request to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Never 0, which is no request's id.
    private func nextID() -> UInt32 {
        var id: UInt32
        repeat { id = lastID.wrappingAdd(1, ordering: .relaxed).newValue } while id == 0
        return id
    }

    private func submit(_ request: Submission) {
        if submissions.submit(request) { wake() }
    }

    private func cancel(_ id: UInt32) {
        if submissions.cancel(id) { wake() }
    }

    private func wake() {
        channel.eventLoop.execute { [connection] in connection.value.takeSubmissions() }
    }
}
