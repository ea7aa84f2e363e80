// What warnings of quality are worth: how many are raised in a day in which nothing is wrong, and which falls of ASR are missed
// or seen late, beside what could be seen at best.
//
//     WarningQuality [--customers 100000] [--calls 10000000] [--spread 3.5] [--step 60] [--seed 1]
//
// `--spread` is the standard deviation of a customer's ASR from time to time, in points, of half of the customers; `--step` the
// seconds between two looks at all customers. Progress goes to standard error.

import Board
import Foundation

func number(_ name: String, _ standard: Double) -> Double {
    guard let flag = CommandLine.arguments.firstIndex(of: name), flag + 1 < CommandLine.arguments.count else {
        return standard
    }
    return Double(CommandLine.arguments[flag + 1]) ?? standard
}

struct Case {
    var left: Double
    var minutes: Int
    var members: [Int] = []
}

/// Some customers of each size have a fall, each at another time of the second day.
func makeFalls(_ traffic: inout Traffic) -> [(calls: Int, cases: [Case])] {
    var sizes: [(calls: Int, cases: [Case])] = []
    for calls in [10_000, 3_000, 1_000, 500, 200] {
        var cases: [Case] = []
        for left in [0, 0.3, 0.6] {
            for minutes in [15, 60, 180] { cases.append(Case(left: left, minutes: minutes)) }
        }
        // Nine cases with ten customers each, about as large as is said.
        guard var id = (1...traffic.customers).first(where: { traffic.calls(of: $0) < Double(calls) * 1.3 }) else {
            continue
        }
        for place in 0..<9 * 10 where id <= traffic.customers {
            while id < traffic.customers, traffic.profiles[id - 1].isDialler || traffic.profiles[id - 1].fall != nil {
                id += 1
            }
            let index = place % 9
            let start = Day.seconds + 36_000 + Int(Hash.mix(UInt64(id)) % 28_800)
            traffic.profiles[id - 1].fall = Fall(
                left: cases[index].left, start: start, end: start + cases[index].minutes * 60)
            cases[index].members.append(id)
            id += 1
        }
        sizes.append((calls, cases))
    }
    return sizes
}

let step = Int(number("--step", 60))
var traffic = Traffic(
    customers: Int(number("--customers", 100_000)), callsOfDay: Int(number("--calls", 10_000_000)),
    spread: number("--spread", 3.5) / 100, seed: UInt64(number("--seed", 1)))
let sizes = makeFalls(&traffic)
let day = Day(&traffic, step: step)

let others = traffic.profiles.count { $0.fall == nil }
print("\(day.calls) calls in a day, of \(others) customers of which nothing is wrong:\n")
print("| warning | raised | of customers | of these truly beyond the threshold |\n|---|---|---|---|")
for kind in Day.quality {
    let (raised, rightly) = (day.raised[kind] ?? 0, day.rightly[kind] ?? 0)
    let share = raised == 0 ? "-" : "\(rightly) (\(Int((100 * Double(rightly) / Double(raised)).rounded())) %)"
    print("| \(kind.name) | \(raised) | \(day.customers[kind]?.count ?? 0) | \(share) |")
}
for reason in day.falseDrops.prefix(20) { print("false: \(reason)") }

print(
    "\n| calls in 24 h | ASR falls to | for | seen | seen at best | at best, not knowing the hour's ASR | seen after, median |"
        + "\n|---|---|---|---|---|---|---|")
func percent(_ part: Double) -> String { "\(Int((100 * part).rounded())) %" }
for (_, cases) in sizes {
    for own in cases where !own.members.isEmpty {
        var (seen, best, without, calls): (Double, Double, Double, Double) = (0, 0, 0, 0)
        var delays: [Int] = []
        for id in own.members {
            guard let fall = traffic.profiles[id - 1].fall else { continue }
            // A window tells of a fall when it is over, too.
            let first = day.drops[UInt32(id)]?.first { (fall.start..<fall.end + 3_600).contains($0) }
            if let first { delays.append(first - fall.start) }
            seen += first == nil ? 0 : 1
            calls += traffic.calls(of: id)
            best += Oracle(level: 1e-6, knowsHour: true).seen(
                traffic.profiles[id - 1], fall, calls: traffic.calls(of: id))
            without += Oracle(level: 1e-6, knowsHour: false).seen(
                traffic.profiles[id - 1], fall, calls: traffic.calls(of: id))
        }
        let count = Double(own.members.count)
        delays.sort()
        let median = delays.isEmpty ? "-" : "\(delays[delays.count / 2] / 60) min"
        print(
            "| \(Int(calls / count)) | \(Int(own.left * 100)) % of the usual | \(own.minutes) min | \(percent(seen / count)) "
                + "| \(percent(best / count)) | \(percent(without / count)) | \(median) |")
    }
}
let mean = day.looks / Double(max(1, day.lookCount)) * 1e6
print("\nA look: \(Int(mean)) us in the mean, \(Int(day.longestLook * 1e6)) us at most.")
