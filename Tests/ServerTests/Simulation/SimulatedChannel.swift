// A connection without a socket: what a peer sends is given to it, and what the peer would get is kept.

import NIOCore

/// Lives on the thread of its loop.
///
/// Unchecked, and why it is right: one thread touches it, the test's.
final class SimulatedChannel: Channel, ChannelCore, @unchecked Sendable {
    let loop: ManualLoop
    let allocator = ByteBufferAllocator()
    let remoteAddress: SocketAddress?
    var localAddress: SocketAddress? { nil }
    var parent: (any Channel)? { nil }
    private(set) lazy var pipeline = ChannelPipeline(channel: self)
    private let closePromise: EventLoopPromise<Void>
    private(set) var isActive = true
    /// Whether the peer reads what it is sent.
    private(set) var isWritable = true
    /// The server has said that it sends nothing more.
    private(set) var isOutputClosed = false
    /// Bytes that the peer has got.
    private(set) var sent: [UInt8] = []
    private var unflushed: [(bytes: [UInt8], promise: EventLoopPromise<Void>?)] = []
    /// How often the server wanted to read.
    private(set) var reads = 0

    init(_ loop: ManualLoop, from address: String = "192.0.2.1") {
        self.loop = loop
        remoteAddress = try? SocketAddress(ipAddress: address, port: 5_000)
        closePromise = loop.makePromise(of: Void.self)
    }

    deinit {
        // Promises have to be kept.
        for (_, lost) in unflushed { lost?.fail(ChannelError.ioOnClosedChannel) }
        closePromise.succeed()
    }

    var eventLoop: any EventLoop { loop }
    var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }
    var _channelCore: any ChannelCore { self }

    // MARK: - The peer

    /// One read of the server returns these bytes.
    func receive(_ bytes: [UInt8]) {
        pipeline.syncOperations.fireChannelRead(NIOAny(ByteBuffer(bytes: bytes)))
        pipeline.syncOperations.fireChannelReadComplete()
    }

    /// The peer stops reading, or goes on.
    func reads(_ isReading: Bool) {
        isWritable = isReading
        pipeline.syncOperations.fireChannelWritabilityChanged()
    }

    /// What the peer has got since the last time.
    func takeSent() -> [UInt8] {
        defer { sent = [] }
        return sent
    }

    /// The connection is gone.
    func end() { close0(error: ChannelError.eof, mode: .all, promise: nil) }

    // MARK: - What a channel has to have

    func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        loop.makeSucceededVoidFuture()
    }

    func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        loop.makeFailedFuture(ChannelError.operationUnsupported)
    }

    func localAddress0() throws -> SocketAddress { throw ChannelError.operationUnsupported }

    func remoteAddress0() throws -> SocketAddress {
        guard let remoteAddress else { throw ChannelError.operationUnsupported }
        return remoteAddress
    }

    func register0(promise: EventLoopPromise<Void>?) { promise?.succeed() }
    func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) { promise?.succeed() }
    func bind0(to: SocketAddress, promise: EventLoopPromise<Void>?) { promise?.succeed() }
    func connect0(to: SocketAddress, promise: EventLoopPromise<Void>?) { promise?.succeed() }

    func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isActive, !isOutputClosed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        unflushed.append((Array(unwrapData(data, as: ByteBuffer.self).readableBytesView), promise))
    }

    func flush0() {
        for (bytes, promise) in unflushed {
            sent += bytes
            promise?.succeed()
        }
        unflushed = []
    }

    func read0() { reads += 1 }

    func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard isActive else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        isOutputClosed = true
        guard mode != .output else {
            promise?.succeed()
            return
        }
        isActive = false
        for (_, lost) in unflushed { lost?.fail(ChannelError.ioOnClosedChannel) }
        unflushed = []
        promise?.succeed()
        pipeline.syncOperations.fireChannelInactive()
        let (pipeline, closed) = (pipeline, closePromise)
        loop.execute {
            self.removeHandlers(pipeline: pipeline)
            closed.succeed()
        }
    }

    func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) { promise?.succeed() }
    func channelRead0(_ data: NIOAny) {}
    func errorCaught0(error: any Error) {}
}
