// The queries of a customer board over a million customers, one thread, in process: median milliseconds, and the
// thread's processor time (lower quartile), which tells the same on a busy machine.
//
//     Queries [--rows N] [--runs R] [--only Q2] [--part cold|again]
//
// `cold`: everything has changed since the last query, so nothing that was kept may be used; `again`: nothing has.

import Board
import CallEvents
import Foundation

let arguments = CommandLine.arguments

func option(_ name: String, _ standard: Int) -> Int {
    guard let flag = arguments.firstIndex(of: name), flag + 1 < arguments.count else { return standard }
    return Int(arguments[flag + 1]) ?? standard
}

func text(_ name: String) -> String {
    guard let flag = arguments.firstIndex(of: name), flag + 1 < arguments.count else { return "" }
    return arguments[flag + 1]
}

let rows = option("--rows", 1_000_000)
let runs = option("--runs", 9)
var table = CustomerSample(seed: 20_261_122)
let engine = table.engine(rows)
print("\(rows) customers, \(engine.byteSize / rows) bytes each; median milliseconds of \(runs) runs")

/// Processor time of this thread: what another program on the machine takes away does not count.
func milliseconds(_ work: () throws -> Void) rethrows -> (wall: Double, processor: Double) {
    let before = threadNanoseconds()
    let duration = try ContinuousClock().measure(work)
    let processor = Double(threadNanoseconds() - before) / 1e6
    return (Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15, processor)
}

func threadNanoseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

func shown(_ milliseconds: Double) -> String {
    padded(String((milliseconds * 1_000).rounded() / 1_000), 10)
}

print(
    padded("query", 28) + padded("cold", 10) + padded("cpu", 10) + padded("again", 10) + padded("cpu", 10)
        + "rows matched")
for (name, query) in BoardQueries.all where name.hasPrefix(text("--only")) {
    var cold: [(wall: Double, processor: Double)] = []
    var again = cold
    var matched = 0
    for _ in 0..<(text("--part") == "again" ? 1 : runs) {
        engine.forgetQueries()
        cold.append(try milliseconds { matched = try engine.board(query, now: CustomerSample.now).matched })
    }
    for _ in 0..<(text("--part") == "cold" ? 1 : runs) {
        again.append(try milliseconds { matched = try engine.board(query, now: CustomerSample.now).matched })
    }
    let times = [cold, again].map { times in
        shown(times.map(\.wall).sorted()[times.count / 2]) + shown(times.map(\.processor).sorted()[times.count / 4])
    }
    print(padded(name, 28) + times.joined() + "\(matched)")
}
