// HEP packets of whole calls: what one costs, and whether a server loses any.
//
//     Datagrams --parse [--calls 300000] [--entries plain|several]
//         parsed and counted in this process, nanoseconds per packet, with a plain address per customer (10,000 of
//         them), or with 100,000 customers: an address each, or a tech prefix each at one of a hundred addresses
//     Datagrams ADDRESS:PORT [--rate 200000] [--seconds 10]
//         sent to a server's --hep port by UDP; `Benchmarks/datagrams` starts one and asks it what it received

import Board
import CallEvents
import Feeds
import Foundation

func option(_ name: String) -> Int? {
    guard let place = CommandLine.arguments.firstIndex(of: name), place + 1 < CommandLine.arguments.count else {
        return nil
    }
    return Int(CommandLine.arguments[place + 1])
}

func nanoseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

func text(_ name: String) -> String? {
    CommandLine.arguments.firstIndex(of: name).flatMap { place in
        place + 1 < CommandLine.arguments.count ? CommandLine.arguments[place + 1] : nil
    }
}

/// How customers are told apart.
enum Entries: String {
    case plain
    /// An address and a tech prefix; every fifth also the domain of From.
    case several

    func host(_ customer: UInt32) -> UInt32 { self == .plain ? customer : customer % 100 }

    func entry(_ customer: UInt32) throws -> AuthEntry {
        let host = host(customer)
        let address = "ip:10.\(host >> 16 & 255).\(host >> 8 & 255).\(host & 255)"
        guard self == .several else { return try AuthEntry(listed: address) }
        let prefix = String(format: "%06d", customer)
        return try AuthEntry(
            listed: address + "&prefix:\(prefix)" + (customer % 5 == 0 ? "&from:example.net" : ""))
    }
}

let asked = text("--entries")
guard let entries = Entries(rawValue: asked ?? "plain") else {
    print("--entries is plain or several")
    exit(2)
}
let customers: UInt32 = asked == nil ? 10_000 : 100_000

/// Calls in steps of ten thousand at a time, so that a call's packets are as far apart as they are on a busy switch.
func each(calls: Int, from micros: Int64, _ body: (_ step: Int, _ call: UInt32, _ micros: Int64) -> Void) {
    let together = 10_000
    for first in stride(from: 0, to: calls, by: together) {
        for step in 0..<Packets.perCall {
            for call in first..<min(first + together, calls) {
                body(step, UInt32(call), micros + Int64(first / together * Packets.perCall + step) * 200_000)
            }
        }
    }
}

func parse() throws {
    let calls = option("--calls") ?? 300_000
    let start: Int64 = 1_750_000_000_000_000
    for _ in 0..<4 {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        let engine = Engine(configuration: configuration)
        let drafts = try (0..<customers).map { number in
            var customer = Customer()
            (customer.name, customer.currency) = ("Customer \(number)", "USD")
            customer.auth = [try entries.entry(number)]
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: start)
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        feed.needs = engine.partyNeeds
        var packets = Packets()
        var spent: Int64 = 0
        var counted: Int64 = 0
        var sum = IngestSummary()
        var waiting = 0
        each(calls: calls, from: start) { step, call, micros in
            let customer = call % customers
            packets.packet(step, call: call, customer: customer, host: entries.host(customer), micros: micros) {
                bytes in
                let before = nanoseconds()
                feed.receive(RawSpan(_unsafeBytes: bytes), arrivalMicros: micros)
                spent += nanoseconds() - before
            }
            waiting += 1
            guard waiting == 64 else { return }
            waiting = 0
            let before = nanoseconds()
            sum += engine.ingest(feed.take(), now: start * 2)
            counted += nanoseconds() - before
        }
        let count = Double(feed.counters.packets)
        print(
            String(
                format:
                    "%.0f ns parsed, %.0f ns counted a packet (the clock is read twice in each), %d calls, %d unattributed",
                Double(spent) / count, Double(counted) / count, sum.calls, sum.unattributed))
    }
}

func send(to address: String, port: UInt16) {
    let rate = option("--rate") ?? 200_000
    let seconds = option("--seconds") ?? 10
    let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var destination = sockaddr_in()
    destination.sin_family = sa_family_t(AF_INET)
    destination.sin_port = port.bigEndian
    inet_pton(AF_INET, address, &destination.sin_addr)
    let isConnected = withUnsafePointer(to: &destination) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard isConnected == 0 else { return print("cannot reach \(address):\(port)") }
    var packets = Packets()
    let begun = nanoseconds()
    let wall = Int64(Date().timeIntervalSince1970 * 1e6)
    var sent = 0
    var failed = 0
    each(calls: rate * seconds / Packets.perCall, from: wall) { step, call, _ in
        // Never ahead of the rate by more than a millisecond.
        while sent % 64 == 0 && Int64(sent) * 1_000_000_000 / Int64(rate) > nanoseconds() - begun { usleep(200) }
        let micros = wall + (nanoseconds() - begun) / 1_000
        let customer = call % customers
        packets.packet(step, call: call, customer: customer, host: customer, micros: micros) { bytes in
            if Glibc.send(socket, bytes.baseAddress, bytes.count, 0) == bytes.count { sent += 1 } else { failed += 1 }
        }
    }
    let took = Double(nanoseconds() - begun) / 1e9
    print("{\"sent\":\(sent),\"failed\":\(failed),\"per_second\":\(Int(Double(sent) / took))}")
}

let peer = CommandLine.arguments.dropFirst().first?.split(separator: ":") ?? []
if CommandLine.arguments.contains("--parse") {
    try parse()
} else if peer.count == 2, let port = UInt16(peer[1]) {
    send(to: String(peer[0]), port: port)
} else {
    print("usage: Datagrams --parse | ADDRESS:PORT [--rate N] [--seconds N]")
    exit(2)
}
