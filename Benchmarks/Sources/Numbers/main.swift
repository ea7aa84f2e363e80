// The numbers of docs/benchmarks.md: a table in Markdown on standard output.
//
//     Numbers --server PATH-OF-BUSYHOURD [--quick]

import Board
import CallEvents
import Client
import Foundation
import Wire
import Workload

let arguments = CommandLine.arguments
let quick = arguments.contains("--quick")
guard let flag = arguments.firstIndex(of: "--server"), flag + 1 < arguments.count else {
    FileHandle.standardError.write(Data("usage: Numbers --server PATH-OF-BUSYHOURD [--quick]\n".utf8))
    exit(2)
}
let callCount = quick ? 1_000_000 : 10_000_000
let eventCalls = quick ? 300_000 : 3_000_000

func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
}

func millions(_ count: Int, _ seconds: Double) -> String { String(format: "%.2f M/s", Double(count) / seconds / 1e6) }

func row(_ work: String, _ reached: String, _ goal: String) { print("| \(work) | \(reached) | \(goal) |") }

func engine(_ drafts: [Customer]) -> Engine {
    var configuration = EngineConfiguration()
    configuration.clock = .events
    let engine = Engine(configuration: configuration)
    _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: Workload.now)
    return engine
}

var workload = Workload(seed: 20_261_122)
print("| work | reached | to reach |\n|---|---|---|")

do {
    let idle = engine(Workload.drafts())
    row("memory of an idle customer with its name", "\(idle.byteSize / Workload.customers) B", "250 B")
    let active = engine(Workload.drafts(10_000))
    // One call in each window's own part: 30 s, 3 min, 10 min, 30 min, 3 h and 30 h ago.
    for age: Int64 in [108_000, 10_800, 1_800, 600, 180, 30] {
        var batch = CallRecordBatch()
        for id in 1...10_000 {
            batch.parties.append(Party(customerID: UInt32(id)))
            batch.party.append(UInt32(id - 1))
            batch.setupMicros.append(Workload.now - age * 1_000_000)
            batch.ringMilliseconds.append(2_000)
            batch.answerMilliseconds.append(5_000)
            batch.endMilliseconds.append(25_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(200)
            batch.q850.append(16)
        }
        _ = active.ingest(batch, now: Workload.now)
        active.advance(now: Workload.now)
    }
    row("memory of a customer active in all windows", "\(active.byteSize / 10_000) B", "2 KB")
}

/// The median of three runs, each in a new engine. How long an engine takes for memory that the process has not touched
/// yet depends on the machine more than on the work; the last engine is handed on.
func median(_ run: (Engine) -> Void) -> (seconds: Double, engine: Engine) {
    var engines: [Engine] = []
    let times = (0..<3).map { _ in
        engines = [engine(Workload.drafts())]
        return seconds {
            run(engines[0])
            engines[0].advance(now: Workload.now)
        }
    }
    return (times.sorted()[1], engines[0])
}

do {
    let batches = workload.records(callCount, batch: 4_096)
    let (time, engine) = median { engine in
        for batch in batches { _ = engine.ingest(batch, now: Workload.now) }
    }
    row("finished calls in process, 100,000 customers, all windows, one core", millions(callCount, time), "50 M/s")
    var query = BoardQuery()
    query.groupBy = ["country"]
    query.columns = ["attempts", "asr", "acd", "pdd"]
    // Before each, calls come in: nothing that was summed up before still holds.
    var times = workload.records(4_096 * 15, batch: 4_096).map { batch in
        _ = engine.ingest(batch, now: Workload.now)
        engine.advance(now: Workload.now)
        return seconds { _ = try? engine.board(query, now: Workload.now) }
    }
    times.sort()
    row("15-minute board by country, in process", String(format: "%.2f ms", times[times.count / 2] * 1e3), "0.3 ms")
}

do {
    let batches = workload.events(calls: eventCalls, batch: 4_096)
    let events = batches.reduce(0) { $0 + $1.count }
    let time = median { engine in
        for batch in batches { _ = engine.ingest(batch, now: Workload.now) }
    }.seconds
    row("live events in process", millions(events, time), "15 M/s")
}

let remote = try await RemoteNumbers.start(server: arguments[flag + 1])
try await remote.create(Workload.customers)
let recordBatches = workload.records(callCount, batch: 4_096)
let recordTime = try await remote.ingest(recordBatches)
row("finished calls over RPC, batches of 4,096", millions(callCount, recordTime), "12 M/s")
let eventBatches = workload.events(calls: eventCalls, batch: 4_096)
let eventTime = try await remote.ingest(eventBatches)
row("live events over RPC, batches of 4,096", millions(eventBatches.reduce(0) { $0 + $1.count }, eventTime), "5 M/s")
await remote.stop()
