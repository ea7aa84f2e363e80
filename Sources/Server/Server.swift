// A running server: its sockets, its two event loops, its start and its end.
//
//   engine loop   the engine, the connections of programs, the clock's ticks    (EngineHost, RPCConnection)
//   feed loop     HEP by UDP, TCP and TLS: read, parse, hand over whole batches      (HEPReceiver)
//
// At the start the calling thread reads the data directory, and the engine loop answers LOADING meanwhile (Reception).

import Board
import Feeds
import Glibc
import Logging
import NIOCore
import NIOPosix
import Store
import Wire

/// One server, from `start` to `shutdown`. Both block; neither may be called on an event loop.
public final class Server: Sendable {
    public static let version = Release.version

    /// Where programs connect, with the port that the system chose.
    public let rpcEndpoint: Endpoint
    /// Where switches send HEP, by UDP and TCP; nil: nowhere.
    public let hepEndpoint: Endpoint?
    /// Where they send it by TLS; nil: nowhere.
    public let hepTLSEndpoint: Endpoint?

    private let group: MultiThreadedEventLoopGroup
    private let directory: DataDirectory
    private let host: NIOLoopBound<EngineHost>
    private let rpc: any Channel
    private let hep: HEPListener?
    private let tlsFiles: HEPTLS?
    private let ticks: [RepeatedTask]
    private let logger: Logger

    /// Takes the data directory, starts the engine and listens.
    /// - Parameters:
    ///   - diskFailed: called with the reason when nothing can be made durable any more, on another thread; by default
    ///     the process ends with exit code 74. A client waiting for an answer does not know the outcome, and retries.
    ///   - now: microseconds since 1970, from any thread; not used by the events' clock.
    /// - Throws: one line that says why not; nothing is left behind then.
    public static func start(
        _ configuration: ServerConfiguration, logger: Logger,
        diskFailed: @escaping @Sendable (String) -> Void = Server.endAtOnce,
        now: @escaping @Sendable () -> Int64 = WallClock.nowMicros
    ) throws(ServerError) -> Server {
        // Starting a server twice reports the running server, and not its port.
        try DataDirectory.checkIsFree(configuration.dataDirectory)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.listensForHEP ? 2 : 1)
        do throws(ServerError) {
            let loop = group.next()
            let sockets = try Sockets(configuration, group: group, loop: loop, logger: logger, now: now)
            let directory = try DataDirectory(path: configuration.dataDirectory)
            do throws(ServerError) {
                return try Server(
                    configuration, group, loop, sockets, directory, logger: logger, diskFailed: diskFailed, now: now)
            } catch {
                directory.unlock()
                throw error
            }
        } catch {
            // Closes whatever was opened on its loops.
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    private init(
        _ configuration: ServerConfiguration, _ group: MultiThreadedEventLoopGroup, _ loop: any EventLoop,
        _ sockets: Sockets, _ directory: DataDirectory, logger: Logger,
        diskFailed: @escaping @Sendable (String) -> Void, now: @escaping @Sendable () -> Int64
    ) throws(ServerError) {
        (rpc, rpcEndpoint, hep) = (sockets.rpc, sockets.rpcEndpoint, sockets.hep)
        let seed = try directory.hashSeed()
        let snapshots = SnapshotDirectory(path: directory.path)
        let engine = Handover(value: Engine(configuration: configuration.engine))
        var journalConfiguration = JournalConfiguration()
        journalConfiguration.segmentBytes = configuration.journalSegmentBytes
        let (restored, journal) = try RestoredState.read(
            snapshots, journalConfiguration, into: engine.value, progress: sockets.progress, logger: logger)
        let host = try Self.make(on: loop) {
            let host = EngineHost(
                engine.value, customersAtOnce: configuration.customersAtOnce,
                connectionsPerAddress: configuration.connectionsPerAddress, isDebiting: configuration.isDebiting,
                agentClock: configuration.agentClock, hashSeed: seed, loop: loop, now: now)
            host.keep(in: snapshots, restored, journal, logger: logger, diskFailed: diskFailed)
            return host
        }
        (hepEndpoint, hepTLSEndpoint, tlsFiles) = (hep?.endpoint, hep?.tlsEndpoint, configuration.hepTLS)
        ticks = [
            loop.scheduleRepeatedTask(initialDelay: Limits.tick, delay: Limits.tick) { _ in host.value.tick() },
            loop.scheduleRepeatedTask(initialDelay: Limits.watch, delay: Limits.watch) { _ in
                host.value.watchWarnings()
            },
        ]
        (self.group, self.directory, self.host, self.logger) = (group, directory, host, logger)
        let addresses = ListenAddresses(
            rpc: rpcEndpoint.description, hep: hepEndpoint?.description, hepTLS: hepTLSEndpoint?.description)
        // Who starts a server may ask it at once. Nothing here fails: a loop that runs does what it is given.
        let reception = sockets.reception
        let receiver = hep?.receiver
        try? loop.submit {
            host.value.listens(addresses)
            if let receiver { host.value.publishNeeds(to: receiver) }
            reception.value.open(host.value)
        }.wait()
        if let receiver {
            let memory = restored.captures
            try? receiver.eventLoop.submit {
                receiver.value.begin(host, hashSeed: seed, memory: memory)
                if let tls = receiver.value.tls { host.eventLoop.execute { host.value.shows(tls) } }
            }.wait()
        }
    }

    /// Ends the process without another answer: exit code 74 (EX_IOERR of sysexits.h).
    public static let endAtOnce: @Sendable (String) -> Void = { reason in
        let line = Array("busyhourd: \(reason); stopped: the state of the disk is unknown\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        _exit(74)
    }

    /// `busyhourd 0.1.0 listening on 127.0.0.1:7878 (rpc) and 127.0.0.1:9060 (hep udp, tcp)`, and `(hep tls)` where
    /// that is so.
    public var summary: String {
        let hep = hepEndpoint.map { " and \($0) (hep udp, tcp)" } ?? ""
        let hepTLS = hepTLSEndpoint.map { " and \($0) (hep tls)" } ?? ""
        return "busyhourd \(Self.version) listening on \(rpcEndpoint) (rpc)\(hep)\(hepTLS)"
    }

    /// Reads the files of certificates and keys again; connections from now on see what is in them. Where they cannot
    /// be used, the old ones stay in use, and the log says why. To be called on a thread that may wait for the disk.
    public func reloadCertificates() {
        guard let tlsFiles, let receiver = hep?.receiver else { return }
        do throws(ServerError) {
            let identity = try TLSIdentity(tlsFiles)
            receiver.eventLoop.execute { receiver.value.tls = identity }
            let host = host
            host.eventLoop.execute { host.value.shows(identity) }
            logger.notice("HEP by TLS: the files of certificate and key were read again")
        } catch {
            logger.error("HEP by TLS goes on with the former certificate: \(error.message)")
        }
    }

    /// Saves everything, whether or not it has changed; returns at once.
    public func saveNow() {
        let host = host
        host.eventLoop.execute { host.value.saveNow() }
    }

    /// Stops listening, counts what was received, sends what was answered, closes everything; once.
    public func shutdown() {
        hep?.close()
        try? rpc.close().wait()
        let host = host
        // Completes when every connection is closed, each after its own drain at the latest.
        try? host.eventLoop.flatSubmit { host.value.connections.closeAll(on: host.eventLoop) }.wait()
        for ticking in ticks { ticking.cancel() }
        try? host.eventLoop.flatSubmit { host.value.finishSaving() }.wait()
        do {
            try group.syncShutdownGracefully()
        } catch {
            logger.error("the event loops did not stop cleanly: \(error)")
        }
        directory.unlock()
        logger.info("stopped")
    }

    /// A value that lives on a loop.
    static func make<Value>(
        on loop: any EventLoop, _ make: @escaping @Sendable () -> Value
    ) throws(ServerError) -> NIOLoopBound<Value> {
        do {
            return try loop.submit { NIOLoopBound(make(), eventLoop: loop) }.wait()
        } catch {
            throw ServerError("the event loop does not run: \(error)", kind: .environment)
        }
    }
}

/// A value that one thread made and another takes over.
///
/// Unchecked, and why it is right: the maker does not touch it after passing it to the loop, and passes it once.
private struct Handover<Value>: @unchecked Sendable {
    let value: Value
}
