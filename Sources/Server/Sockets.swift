// The sockets of a server, opened before its data directory is read: a start that fails for an address leaves nothing
// behind.

import Board
import Logging
import NIOCore
import NIOPosix

struct Sockets {
    let reception: NIOLoopBound<Reception>
    let rpc: any Channel
    /// Where programs connect, with the port that the system chose.
    let rpcEndpoint: Endpoint
    /// Nil: no HEP.
    let hep: HEPListener?
    let progress: RestoreProgress

    /// - Parameter loop: the engine's.
    init(
        _ configuration: ServerConfiguration, group: MultiThreadedEventLoopGroup, loop: any EventLoop, logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) throws(ServerError) {
        let progress = RestoreProgress(logger: logger)
        self.progress = progress
        reception = try Server.make(on: loop) { Reception(progress: progress) }
        rpc = try RPCListener.open(configuration.listen, reception: reception)
        rpcEndpoint = try Binding.endpoint(of: rpc)
        guard configuration.listensForHEP else {
            hep = nil
            return
        }
        let feedLoop = group.next()
        let key = configuration.hepKey
        // Events of the past say nothing about a wrong clock.
        let agentClock = configuration.clock == .wall ? configuration.agentClock : nil
        let receiver = try Server.make(on: feedLoop) {
            HEPReceiver(authKey: key, agentClock: agentClock, loop: feedLoop, now: now)
        }
        hep = try HEPListener(configuration.hep, tls: configuration.hepTLS, receiver: receiver, logger: logger)
    }
}
