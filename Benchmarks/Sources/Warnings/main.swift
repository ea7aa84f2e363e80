// What warnings cost: 100,000 customers with an hour of calls, looked at once a second while 5 % of them have new
// calls.
//
//     Warnings [--customers 100000] [--seconds 30]

import Board
import CallEvents
import Foundation
import Workload

func number(_ name: String, _ standard: Int) -> Int {
    guard let flag = CommandLine.arguments.firstIndex(of: name), flag + 1 < CommandLine.arguments.count else {
        return standard
    }
    return Int(CommandLine.arguments[flag + 1]) ?? standard
}

let customers = number("--customers", Workload.customers)
let rounds = number("--seconds", 30)

var configuration = EngineConfiguration()
configuration.clock = .events
let engine = Engine(configuration: configuration)
let drafts = Workload.drafts(customers).enumerated().map { index, draft in
    var draft = draft
    draft.creditMicros = Int64(index % 40) * 1_000_000
    (draft.channels, draft.flowSpeed) = (30, 10)
    return draft
}
_ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: Workload.now)
var workload = Workload(seed: 20_261_126)
for batch in workload.records(2_000_000, batch: 8_192) { _ = engine.ingest(batch, now: Workload.now) }

/// One finished call of each twentieth customer.
@MainActor func calls(_ round: Int, _ now: Int64) -> CallRecordBatch {
    var batch = CallRecordBatch()
    for id in stride(from: 1 + round % 20, through: customers, by: 20) {
        batch.party.append(UInt32(batch.parties.count))
        batch.parties.append(Party(customerID: UInt32(id)))
        let isAnswered = id % 3 == 0
        batch.setupMicros.append(now - 8_000_000)
        batch.ringMilliseconds.append(1_000)
        batch.answerMilliseconds.append(isAnswered ? 3_000 : CallRecordBatch.never)
        batch.endMilliseconds.append(8_000)
        batch.talkMilliseconds.append(CallRecordBatch.never)
        batch.code.append(isAnswered ? 200 : 486)
        batch.q850.append(0)
    }
    return batch
}

var spent: [Double] = []
var longest = 0.0
for round in 0..<rounds {
    let now = Workload.now + Int64(round + 1) * 1_000_000
    _ = engine.ingest(calls(round, now), now: now)
    engine.advance(now: now)
    var sum = 0.0
    // As a server does, fifty times a second.
    for _ in 0..<50 {
        let took = ContinuousClock().measure { engine.watch(now: now) }
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        sum += seconds
        longest = max(longest, seconds)
    }
    spent.append(sum)
}
let raised = engine.raisedWarnings(customerID: 0, kind: nil, withMuted: false, limit: 1, now: Workload.now).total
let share = spent.reduce(0, +) / Double(rounds) * 100
print(
    "| warnings of \(customers) customers looked at each second, 5 % of them with new calls; \(raised) are raised (at most "
        + String(format: "%.1f ms at a time) | %.1f %% of a core | 5 %% of a core |", longest * 1_000, share))
