// What warnings of quality are worth: how many are raised in days in which nothing is wrong, and which falls of ASR are
// missed or seen late, beside what could be seen at best.
//
//     WarningQuality [--customers 100000] [--calls 10000000] [--spread 3.5] [--step 60] [--seed 1] [--seeds 1]
//         [--days 1] [--level 1e-6]
//
// Each of `--seeds` boards, from `--seed` on, lives through a first day and `--days` that are counted; falls are in the
// first of these. `--level` is that of `asr_drop`.
// `--spread` is the standard deviation of a customer's ASR from time to time, in points, of half of the customers;
// `--step` the seconds between two looks at all customers. Progress goes to standard error.

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

let seeds = Int(number("--seed", 1))..<Int(number("--seed", 1)) + max(1, Int(number("--seeds", 1)))
let days = max(1, Int(number("--days", 1)))
var summary = Summary()
for seed in seeds {
    var traffic = Traffic(
        customers: Int(number("--customers", 100_000)), callsOfDay: Int(number("--calls", 10_000_000)),
        spread: number("--spread", 3.5) / 100, seed: UInt64(seed))
    let sizes = makeFalls(&traffic)
    let day = try Day(
        &traffic, step: Int(number("--step", 60)), days: days,
        level: number("--level", WarningKind.asrDrop.standard.level))
    summary.add(day, traffic, sizes, seed: seed)
}
summary.tell(days: days, seeds: seeds.count)
