// Load on a running server, as rows of a table in Markdown:
//
//     Load ADDRESS:PORT [--customers 100000] [--seconds 3] [--only TEXT]
//
// The server should be a fresh one: customers are created first, calls end in the last minutes of the machine's clock.

import Glibc

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

let server = CommandLine.arguments.dropFirst().first?.split(separator: ":") ?? []
guard server.count == 2, let port = UInt16(server[1]),
    let customers = Int(option("--customers") ?? "100000"), let seconds = Double(option("--seconds") ?? "3")
else { fail("usage: Load ADDRESS:PORT [--customers N] [--seconds S] [--only TEXT]", code: 2) }
let address = String(server[0])

/// Runs one kind of load and prints its row.
func row(_ work: String, _ goal: String, _ pipeline: Pipeline, _ frames: [[UInt8]], unitsPerFrame: Int = 1) throws {
    if let only = option("--only"), !work.contains(only) { return }
    let result = try pipeline.run(frames, address: address, port: port)
    let rate = result.perSecond * Double(unitsPerFrame)
    let text = rate < 1e6 ? "\(Int(rate / 1e3)) k/s" : "\(Int(rate / 1e4) / 100).\(Int(rate / 1e4) % 100) M/s"
    print("| \(work) | \(text)\(result.errors > 0 ? " (\(result.errors) errors)" : "") | \(goal) |")
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
