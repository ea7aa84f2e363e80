import CallEvents
import Feeds

@testable import Board

/// Agents that send live to a board by the wall clock, which the packets' arrivals move; customers are told by their
/// addresses.
struct LiveAgents {
    private(set) var engine: Engine
    private(set) var feed: HEPFeed
    private(set) var nowMicros: Int64

    /// A packet as it comes.
    struct Packet {
        var arrivalMicros: Int64
        var stampMicros: Int64
        var agent: Int
        var source: String
        var destination: String
        var text: String
    }

    /// - Parameter policy: nil: a capture is played, by the events' clock.
    init(customers: [String], from nowMicros: Int64, _ policy: AgentClockPolicy? = .correct) {
        var configuration = EngineConfiguration()
        configuration.clock = policy == nil ? .events : .wall
        engine = Engine(configuration: configuration)
        feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        feed.clockPolicy = policy
        self.nowMicros = nowMicros
        for address in customers { create(address) }
    }

    /// A customer that is told by its address.
    mutating func create(_ address: String) {
        var customer = Customer()
        (customer.name, customer.currency, customer.auth) = (address, "EUR", [.ip(address)])
        let created = engine.createCustomers([customer], dryRun: false, idempotencyKey: [], now: nowMicros)
        precondition(created.errors.isEmpty, "\(created.errors)")
    }

    /// Plays packets in the order of their arrivals. Each agent sends from an address of its own.
    mutating func play(_ packets: [Packet], mayBeLate: Bool = false) {
        feed.mayBeLate = mayBeLate
        for packet in packets.sorted(by: { $0.arrivalMicros < $1.arrivalMicros }) {
            nowMicros = packet.arrivalMicros
            let bytes = HEPPacketMaker.packet(
                Array(packet.text.utf8), micros: packet.stampMicros, from: packet.source, to: packet.destination,
                agent: packet.agent)
            feed.sender = IPAddress(v4: UInt32(packet.agent))
            feed.receive(bytes.span.bytes, arrivalMicros: nowMicros)
            feed.releaseHeld(nowMicros: nowMicros)
            _ = engine.ingest(feed.take(), now: nowMicros)
        }
        feed.releaseHeld(nowMicros: .max)
        _ = engine.ingest(feed.take(), now: nowMicros)
    }

    /// A figure of one customer; nil: no sample.
    func value(_ name: String, row: Int, _ window: Window = .all) throws -> Double? {
        var query = BoardQuery()
        (query.columns, query.window, query.limit) = ([name], window, 1_000)
        let column = try engine.board(query, now: nowMicros).columns[0]
        if !column.nulls.isEmpty && column.nulls[row] { return nil }
        switch column.values {
        case .integers(let values), .money(let values), .times(let values): return Double(values[row])
        case .numbers(let values): return values[row]
        default: return nil
        }
    }
}

/// The messages of a call, in the form of agents that copy them.
struct SpokenCall {
    var caller: String
    var switchHost = "192.0.2.1"
    var callID: String
    /// Tells its branches from those of another leg of the call.
    var leg = ""

    /// Time in microseconds from the set-up, whether the caller sends it, and the message.
    typealias Line = (micros: Int64, isCallers: Bool, text: String)

    /// - Parameter end: nil: it goes on.
    func answered(ring: Int64, answer: Int64, end: Int64?) -> [Line] {
        var lines: [Line] = [
            (0, true, text("INVITE sip:4930@\(switchHost) SIP/2.0", "1 INVITE", "i", inDialog: false)),
            (10_000, false, text("SIP/2.0 100 Trying", "1 INVITE", "i", inDialog: false)),
            (ring, false, text("SIP/2.0 180 Ringing", "1 INVITE", "i")),
            (answer, false, text("SIP/2.0 200 OK", "1 INVITE", "i")),
            (answer + 30_000, true, text("ACK sip:4930@\(switchHost) SIP/2.0", "1 ACK", "a")),
        ]
        if let end {
            lines.append((end, true, text("BYE sip:4930@\(switchHost) SIP/2.0", "2 BYE", "b")))
            lines.append((end + 20_000, false, text("SIP/2.0 200 OK", "2 BYE", "b")))
        }
        return lines
    }

    func busy(after micros: Int64) -> [Line] {
        [
            (0, true, text("INVITE sip:4930@\(switchHost) SIP/2.0", "1 INVITE", "i", inDialog: false)),
            (micros, false, text("SIP/2.0 486 Busy Here", "1 INVITE", "i")),
            (micros + 20_000, true, text("ACK sip:4930@\(switchHost) SIP/2.0", "1 ACK", "i")),
        ]
    }

    /// As packets of an agent that is so far off and sends after so long.
    func packets(
        _ lines: [Line], at setup: Int64, agent: Int, offset: Int64, delay: () -> Int64 = { 0 }
    ) -> [LiveAgents.Packet] {
        lines.map { line in
            LiveAgents.Packet(
                arrivalMicros: setup + line.micros + delay(), stampMicros: setup + line.micros + offset, agent: agent,
                source: line.isCallers ? caller : switchHost, destination: line.isCallers ? switchHost : caller,
                text: line.text)
        }
    }

    private func text(_ first: String, _ sequence: String, _ branch: String, inDialog: Bool = true) -> String {
        [
            first, "Via: SIP/2.0/UDP \(caller):5060;branch=z9hG4bK\(callID)\(leg)\(branch)",
            "From: <sip:15550100@\(caller)>;tag=\(callID)f",
            "To: <sip:4930@\(switchHost)>" + (inDialog ? ";tag=\(callID)t" : ""), "Call-ID: \(callID)",
            "CSeq: \(sequence)", "Content-Length: 0", "", "",
        ].joined(separator: "\r\n")
    }
}
