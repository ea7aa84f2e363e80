// Where the time of calls goes, in process: finished calls and live events, heard and folded, as rows on standard
// output.
//
//     Ingest [--calls N] [--only records|events] [--runs N] [--tick BATCHES]
//
// For `perf record`, and for comparing two checkouts. With `--tick` the clock ticks after so many batches, as it does
// in a server; without, everything is folded once at the end, as in the table of docs/benchmarks.md.

import Board
import CallEvents
import Foundation
import Workload

func option(_ name: String) -> String? {
    guard let place = CommandLine.arguments.firstIndex(of: name), place + 1 < CommandLine.arguments.count else {
        return nil
    }
    return CommandLine.arguments[place + 1]
}

let calls = option("--calls").flatMap(Int.init) ?? 10_000_000
let runs = option("--runs").flatMap(Int.init) ?? 3
let ticks = option("--tick").flatMap(Int.init) ?? .max
let only = option("--only")

/// Processor time of this thread: others on the machine change it less than the time that passes.
func seconds(_ work: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    work()
    return now() - start
}

func engine() -> Engine {
    var configuration = EngineConfiguration()
    configuration.clock = .events
    let engine = Engine(configuration: configuration)
    _ = engine.createCustomers(Workload.drafts(), dryRun: false, idempotencyKey: [], now: Workload.now)
    return engine
}

/// Prints nanoseconds each for pass and folding, millions a second of both, and bytes that each left in the engine.
func measure(_ work: String, _ count: Int, _ batches: Int, _ ingest: (Engine, Int) -> Void) {
    for _ in 0..<runs {
        let engine = engine()
        let idle = engine.byteSize
        var folding = 0.0
        let pass = seconds {
            for batch in 0..<batches {
                ingest(engine, batch)
                if batch % ticks == ticks - 1 { folding += seconds { engine.advance(now: Workload.now) } }
            }
        }
        let last = seconds { engine.advance(now: Workload.now) }
        let each = 1e9 / Double(count)
        print(
            String(
                format: "%@: %.1f ns heard, %.1f ns folded, %.2f M/s, %.1f bytes each", work,
                (pass - folding) * each,
                (folding + last) * each, 1e3 / ((pass + last) * each), Double(engine.byteSize - idle) / Double(count)
            ))
    }
}

var workload = Workload(seed: 20_261_122)
if only != "events" {
    let batches = workload.records(calls, batch: 4_096)
    measure("finished calls", calls, batches.count) { _ = $0.ingest(batches[$1], now: Workload.now) }
}
if only != "records" {
    let batches = workload.events(calls: calls / 4, batch: 4_096)
    let count = batches.reduce(0) { $0 + $1.count }
    measure("live events", count, batches.count) { _ = $0.ingest(batches[$1], now: Workload.now) }
}
