// Load on a running server, as rows of a table in Markdown:
//
//     Load ADDRESS:PORT [--customers 100000] [--seconds 3] [--only TEXT]
//     Load ADDRESS:PORT --beside [--customers 1000000] [--seconds 5]     reads and calls beside a pivot of everything
//     Load ADDRESS:PORT --durable DIR --pid SERVER [--customers 1000000]     what durability costs; DIR: on its disk
//
// The server should be a fresh one: customers are created first, calls end in the last minutes of the machine's clock.

import Foundation

func fail(_ message: String, code: CInt) -> Never {
    let line = Array("Load: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(code)
}

func option(_ name: String) -> String? {
    guard let place = CommandLine.arguments.firstIndex(of: name) else { return nil }
    guard place + 1 < CommandLine.arguments.count else { fail("\(name) has no value", code: 2) }
    return CommandLine.arguments[place + 1]
}

let isBeside = CommandLine.arguments.contains("--beside")
let isMillion = isBeside || CommandLine.arguments.contains("--durable")
let server = CommandLine.arguments.dropFirst().first?.split(separator: ":") ?? []
guard server.count == 2, let port = UInt16(server[1]),
    let customers = Int(option("--customers") ?? (isMillion ? "1000000" : "100000")),
    let seconds = Double(option("--seconds") ?? (isBeside ? "5" : "3"))
else { fail("usage: Load ADDRESS:PORT [--beside] [--customers N] [--seconds S] [--only TEXT]", code: 2) }
let address = String(server[0])

/// Runs one kind of load and prints its row.
func row(_ work: String, _ goal: String, _ pipeline: Pipeline, _ frames: [[UInt8]], unitsPerFrame: Int = 1) throws {
    if let only = option("--only"), !work.contains(only) { return }
    let result = try pipeline.run(frames, address: address, port: port)
    let rate = result.perSecond * Double(unitsPerFrame)
    let text = rate < 1e6 ? "\(Int(rate / 1e3)) k/s" : "\(Int(rate / 1e4) / 100).\(Int(rate / 1e4) % 100) M/s"
    print("| \(work) | \(text)\(result.errors > 0 ? " (\(result.errors) errors)" : "") | \(goal) |")
}

/// Prints how reads and calls fare alone and beside a pivot.
func besideTable(_ calls: [[UInt8]], callsPerFrame: Int, _ random: inout Random) throws {
    let reads = (0..<65_536).map { _ in Frames.metrics(customer: 1 + Int(random.unit() * Double(customers))) }
    let beside = Beside(
        address: address, port: port, seconds: seconds, callsPerSecond: Double(option("--rate") ?? "50000") ?? 50_000)
    func run(_ query: [UInt8]?) throws -> Beside.Result {
        try beside.run(reads: reads, calls: calls, callsPerFrame: callsPerFrame, query: query)
    }
    _ = try run(Frames.pivot())
    print(
        "| \(customers) customers, \(Int(beside.callsPerSecond)) calls/s offered | reads p50 | reads p99 | longest | reads/s | calls/s | pivot p50 |"
    )
    print("|---|---|---|---|---|---|---|")
    for (name, query) in [("alone", nil), ("beside a pivot of everything in a loop", Frames.pivot())] {
        let result = try run(query)
        let times = [result.percentile(0.5), result.percentile(0.99), result.percentile(1)]
        let reads = Int(Double(result.milliseconds.count) / seconds)
        let pivot = result.queries.isEmpty ? "" : String(format: "%.2f ms", result.queries[result.queries.count / 2])
        print(
            "| \(name) | " + times.map { String(format: "%.3f ms", $0) }.joined(separator: " | ")
                + " | \(reads) | \(Int(result.calls)) | \(pivot) |")
    }
}

if let directory = option("--durable") {
    guard let process = option("--pid").flatMap({ Int($0) }) else { fail("--durable needs --pid", code: 2) }
    do {
        try Durable(address: address, port: port, customers: customers, directory: directory, process: process).run()
        exit(0)
    } catch {
        fail("\(error)", code: 1)
    }
}

do {
    let creation = try Socket(address: address, port: port)
    var answers = FrameCounter()
    var memory = [UInt8](repeating: 0, count: 1 << 16)
    for first in stride(from: 1, through: customers, by: 10_000) {
        try Frames.create(first..<min(first + 10_000, customers + 1)).withUnsafeBytes { try creation.send($0) }
        var answered = 0
        while answered == 0 {
            answered = try memory.withUnsafeMutableBytes { memory in
                let count = try creation.receive(into: memory)
                return answers.take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
            }
        }
    }

    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var random = Random(state: 20_261_123)
    let batch = 4_096
    let calls = (0..<64).map { _ in
        Frames.calls(
            batch, customers: customers, now: Int64(time.tv_sec) * 1_000_000, random: &random)
    }
    try row(
        "finished calls, batches of 4,096, 8 in flight", "12 M/s",
        Pipeline(connections: 1, inFlight: 8, seconds: seconds), calls, unitsPerFrame: batch)

    if isBeside {
        try besideTable(calls, callsPerFrame: batch, &random)
        exit(0)
    }
    let ids = (0..<65_536).map { _ in 1 + Int(random.unit() * Double(customers)) }
    let metrics = ids.map(Frames.metrics)
    try row(
        "metrics of one customer, 16 connections, 64 in flight", "3 M/s",
        Pipeline(connections: 16, inFlight: 64, seconds: seconds), metrics)
    try row(
        "metrics of one customer, 1 connection, 1 in flight", "as Redis GET",
        Pipeline(connections: 1, inFlight: 1, seconds: seconds), metrics)
    try row(
        "stored fields of one customer, 16 connections, 64 in flight", "",
        Pipeline(connections: 16, inFlight: 64, seconds: seconds), ids.map(Frames.get))
} catch {
    fail("\(error)", code: 1)
}
