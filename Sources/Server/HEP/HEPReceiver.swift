// Shared by all HEP sockets of the process: one parser, so that the same call seen over two sockets has one key, and
// the hand-over of its events to the engine.
//
// The sockets are read on a loop of their own. After each read its events go to the engine's loop as one
// batch. At most `Limits.batchesInFlight` batches are under way; at that limit the sockets are not read until the
// engine has caught up, and the kernel's buffers take what comes: memory stays bounded, a TCP sender waits, and UDP
// loses where UDP always loses.

import CallEvents
import Feeds
import NIOCore

/// Lives on the loop of the HEP sockets; never leaves it.
final class HEPReceiver {
    let now: @Sendable () -> Int64
    /// What connections by TLS are shown, from the next one on.
    var tls: TLSIdentity?
    /// Open connections by TCP and TLS.
    var connections: [ObjectIdentifier: any Channel] = [:]

    /// Origins of packets.
    private static let datagrams: UInt64 = 1
    private static let connections: UInt64 = 2
    private static let tlsConnections: UInt64 = 3

    /// What is read of INVITEs beyond addresses and user, from the next packet on.
    var needs: PartyNeeds {
        get { feed.needs }
        set { feed.needs = newValue }
    }

    /// Reads nothing before `begin`, which gives it the engine's hash seed.
    private var feed: HEPFeed
    private let authKey: String?
    private let agentClock: AgentClockPolicy?
    /// Datagrams read before this time waited while the server read its data.
    private var backlogEndMicros = Int64.min
    /// Publishing changed agents to the engine is already scheduled.
    private var isTellingAgents = false
    /// What `feed` had counted at the last hand-over.
    private var handedOver: HEPFeed.Counters
    private var kernelDrops: UInt32 = 0
    /// Errors of sockets since the last hand-over.
    private var socketErrors = FeedCounts()
    /// The engine, on its own loop; nil: it is not ready, and the kernel's buffers take what comes.
    private var engine: NIOLoopBound<EngineHost>?
    private let loop: any EventLoop
    private var batchesInFlight = 0
    /// Sockets that wanted to read while the engine was behind.
    private var waiting: [() -> Void] = []

    /// - Parameter agentClock: nil: clocks of agents are not checked.
    init(
        authKey: String?, agentClock: AgentClockPolicy? = nil, loop: any EventLoop,
        now: @escaping @Sendable () -> Int64
    ) {
        self.agentClock = agentClock
        self.authKey = authKey
        feed = HEPFeed(hashSeed: HashSeed.random(), authKey: authKey)
        handedOver = feed.counters
        self.loop = loop
        self.now = now
    }

    /// The engine is ready, so the sockets are read, including what has queued up; once.
    /// - Parameter memory: from before a restart; the sockets use its authenticated users.
    func begin(_ engine: NIOLoopBound<EngineHost>, hashSeed: HashSeed, memory: HEPFeedMemory?) {
        let needs = feed.needs
        feed = HEPFeed(hashSeed: hashSeed, authKey: authKey)
        feed.needs = needs
        if let memory { feed.takeUsers(of: memory) }
        // From here on it retains what is proven, for the engine to save it.
        _ = feed.takeProven()
        feed.clockPolicy = agentClock
        backlogEndMicros = now() &+ FeedLimits.holdMicros
        handedOver = feed.counters
        self.engine = engine
        readOn()
    }

    /// Reads one packet: a datagram.
    func receive(_ packet: RawSpan, from sender: IPAddress?, arrivalMicros: Int64) {
        (feed.origin, feed.sender) = (Self.datagrams, sender)
        feed.mayBeLate = arrivalMicros < backlogEndMicros
        feed.receive(packet, arrivalMicros: arrivalMicros)
    }

    /// Reads bytes of a connection by TCP or TLS.
    func receive(
        _ bytes: RawSpan, of stream: inout HEPStream, by name: FeedName, from sender: IPAddress?, arrivalMicros: Int64
    ) throws(HEPStreamError) {
        (feed.origin, feed.sender) = (name == .hepTLS ? Self.tlsConnections : Self.connections, sender)
        feed.mayBeLate = true
        try stream.receive(bytes, into: &feed, arrivalMicros: arrivalMicros)
    }

    /// Emits messages whose remaining pieces have not come; to be called every `FeedLimits.pieceMicros`.
    func giveUpIdlePieces() {
        let origins: [(UInt64, FeedName)] = [
            (Self.datagrams, .hepUDP), (Self.connections, .hepTCP), (Self.tlsConnections, .hepTLS),
        ]
        for (origin, name) in origins {
            feed.giveUpIdlePieces(of: origin)
            handOver(name)
        }
    }

    /// Emits packets that waited for their agents' clocks; to be called every `FeedLimits.holdMicros`.
    func releaseHeld() {
        feed.releaseHeld(nowMicros: now())
        handOver(.hepUDP)
    }

    /// Takes the number of datagrams that the kernel has dropped so far; they are errors, and were not received.
    func dropsCounted(_ total: UInt32) {
        // The kernel's counter wraps, and so does the difference.
        socketErrors.countError("kernel_dropped", times: UInt64(total &- kernelDrops))
        kernelDrops = total
        handOver(.hepUDP)
    }

    func countError(_ name: String) {
        socketErrors.countError(name)
    }

    /// Counts an error of a connection from this sender.
    func countError(_ error: HEPError, from sender: IPAddress?) {
        socketErrors.countError(error.rawValue)
        feed.sender = sender
        feed.note(error, arrivalMicros: now())
    }

    /// Sends what was read since the last time to the engine; to be called after each read of a socket.
    func handOver(_ name: FeedName) {
        guard let engine else { return }
        var counts = FeedCounts(feed.counters, since: handedOver)
        counts += socketErrors
        // Packets that waited are counted already; only their messages are new.
        if counts == FeedCounts() && feed.counters.messages == handedOver.messages { return }
        let batch = feed.take()
        let proven = feed.takeProven()
        handedOver = feed.counters
        socketErrors = FeedCounts()
        batchesInFlight += 1
        let (loop, receiver) = (loop, NIOLoopBound(self, eventLoop: loop))
        engine.eventLoop.execute { [counts] in
            engine.value.take(batch, counts: counts, from: name)
            if !proven.isEmpty { engine.value.captures.take(proven) }
            loop.execute { receiver.value.batchIsTaken() }
        }
        publishAgentsSoon(engine)
    }

    /// The engine receives the agents a few times a second: a copy with every batch would cost more than counting them.
    private func publishAgentsSoon(_ engine: NIOLoopBound<EngineHost>) {
        if isTellingAgents { return }
        isTellingAgents = true
        let receiver = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: Limits.agentTelling) {
            let receiver = receiver.value
            receiver.isTellingAgents = false
            let agents = receiver.feed.reportedAgents
            engine.eventLoop.execute { engine.value.take(agents) }
        }
    }

    /// Reads now, or when the engine has caught up.
    func whenReady(_ read: @escaping () -> Void) {
        if engine != nil && batchesInFlight < Limits.batchesInFlight {
            read()
        } else {
            waiting.append(read)
        }
    }

    private func batchIsTaken() {
        batchesInFlight -= 1
        readOn()
    }

    private func readOn() {
        let readers = waiting
        waiting.removeAll()
        for read in readers { read() }
    }

    /// Closes the connections and hands over what was read and is left.
    func close() {
        feed.releaseHeld(nowMicros: .max)
        handOver(.hepTCP)
        for channel in connections.values { channel.close(promise: nil) }
    }
}
