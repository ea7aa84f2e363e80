// What warnings of quality are worth: how many are raised in a day in which nothing is wrong, and which falls of ASR are missed
// or seen late.
//
//     WarningQuality [--customers 100000] [--calls 10000000] [--spread 4] [--step 15] [--seed 1]
//
// `--spread` is the standard deviation of a customer's ASR from one quarter of an hour to the next, in points.

import Board
import Foundation

func number(_ name: String, _ standard: Double) -> Double {
    guard let flag = CommandLine.arguments.firstIndex(of: name), flag + 1 < CommandLine.arguments.count else {
        return standard
    }
    return Double(CommandLine.arguments[flag + 1]) ?? standard
}

let customers = Int(number("--customers", 100_000))
let step = Int(number("--step", 15))
let traffic = Traffic(
    customers: customers, callsOfDay: Int(number("--calls", 10_000_000)), spread: number("--spread", 4) / 100,
    seed: UInt64(number("--seed", 1)))

// A day of which nothing is wrong, after six hours that are its day before.
let quiet = Day(traffic, step: step, warmUp: 21_600, seconds: 108_000)
print("| warning | raised in a day, of \(customers) customers of which nothing is wrong |\n|---|---|")
for kind in Day.quality { print("| \(kind.name) | \(quiet.raised[kind] ?? 0) |") }

// Falls at noon, each of every so many customers of a size.
struct Case {
    var rank: Int
    var left: Double
    var minutes: Int
}
var cases: [Case] = []
for rank in [20, 200, 1_000, 4_000] where rank + 120 <= customers {
    for left in [0, 0.3, 0.6] {
        for minutes in [15, 60, 180] { cases.append(Case(rank: rank, left: left, minutes: minutes)) }
    }
}
var faulty = traffic
let noon = 43_200
var members: [[UInt32]] = []
for (index, own) in cases.enumerated() {
    // Ten customers a case, next to each other in size.
    let place = index % 9
    let ids = (0..<10).map { UInt32(own.rank + place + $0 * 9) }
    for id in ids { faulty.falls[id] = Fall(customerID: id, left: own.left, start: noon, end: noon + own.minutes * 60) }
    members.append(ids)
}
let day = Day(faulty, step: step, warmUp: 21_600, seconds: noon + 4 * 3_600)
print("\n| calls in 24 h | ASR falls to | for | missed | seen after, median |\n|---|---|---|---|---|")
for (own, ids) in zip(cases, members) {
    // An hour's window tells of a fall when it is over, too.
    let delays = ids.compactMap { id in
        day.drops[id]?.first { (noon..<noon + own.minutes * 60 + 3_600).contains($0) }.map { $0 - noon }
    }.sorted()
    let median = delays.isEmpty ? "-" : String(format: "%.0f min", Double(delays[delays.count / 2]) / 60)
    print(
        "| \(Int(traffic.calls(of: ids[0]))) | \(Int(own.left * 100)) % of the usual | \(own.minutes) min "
            + "| \(ids.count - delays.count) of \(ids.count) | \(median) |")
}
