// The queries of a customer board over a million customers, one thread, in process: median and least milliseconds.
//
//     Queries [--rows N] [--runs R]
//
// `cold`: everything has changed since the last query, so nothing that was kept may be used; `again`: nothing has.

import Board
import CallEvents

let arguments = CommandLine.arguments

func option(_ name: String, _ standard: Int) -> Int {
    guard let flag = arguments.firstIndex(of: name), flag + 1 < arguments.count else { return standard }
    return Int(arguments[flag + 1]) ?? standard
}

let rows = option("--rows", 1_000_000)
let runs = option("--runs", 9)
var table = CustomerSample(seed: 20_261_122)
let engine = table.engine(rows)
print("\(rows) customers, \(engine.byteSize / rows) octets each; median milliseconds of \(runs) runs")

func milliseconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
}

func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

func shown(_ milliseconds: Double) -> String {
    padded(String((milliseconds * 1_000).rounded() / 1_000), 10)
}

print(padded("query", 28) + padded("cold", 10) + padded("least", 10) + padded("again", 10) + padded("least", 10) + "rows matched")
for (name, query) in BoardQueries.all {
    var cold: [Double] = []
    var again: [Double] = []
    var matched = 0
    for _ in 0..<runs {
        engine.forgetQueries()
        cold.append(try milliseconds { matched = try engine.board(query, now: CustomerSample.now).matched })
    }
    for _ in 0..<runs {
        again.append(try milliseconds { matched = try engine.board(query, now: CustomerSample.now).matched })
    }
    let times = [cold, again].map { $0.sorted() }.map { shown($0[runs / 2]) + shown($0[0]) }
    print(padded(name, 28) + times.joined() + "\(matched)")
}
