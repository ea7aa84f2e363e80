import Board

/// A board that lives through a day, and what it warned of.
struct Day {
    static let quality: [WarningKind] = [.asrLow, .asrDrop, .acdLow, .pddHigh, .shortCallRatio]
    static let start: Int64 = 1_764_000_000_000_000

    /// How often each kind was raised.
    private(set) var raised: [WarningKind: Int] = [:]
    /// By customer, the seconds of the day at which an `asr_drop` was raised.
    private(set) var drops: [UInt32: [Int]] = [:]

    /// - Parameters:
    ///   - step: seconds between two looks at all customers.
    ///   - warmUp: seconds at the beginning of which nothing is counted: there is no day before them.
    init(_ traffic: consuming Traffic, step: Int, warmUp: Int, seconds: Int) {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        let engine = Engine(configuration: configuration)
        let drafts = (1...traffic.customers).map { number in
            var customer = Customer()
            (customer.name, customer.currency) = ("customer number \(number)", "USD")
            customer.creditMicros = 1_000_000_000_000
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: Self.start)
        var known: [WarningKind: Set<UInt32>] = [:]
        for second in stride(from: 0, to: seconds, by: step) {
            let now = Self.start + Int64(second + step) * 1_000_000
            _ = engine.ingest(traffic.records(second..<second + step, start: Self.start), now: now)
            engine.advance(now: now)
            // A round through all customers takes at most so many looks.
            for _ in 0..<100 { engine.watch(now: now) }
            for kind in Self.quality {
                let list = engine.raisedWarnings(
                    customerID: 0, kind: kind, withMuted: true, limit: traffic.customers, now: now)
                let ids = Set(list.warnings.map(\.customerID))
                if second >= warmUp {
                    let new = ids.subtracting(known[kind] ?? [])
                    raised[kind, default: 0] += new.count
                    if kind == .asrDrop { for id in new { drops[id, default: []].append(second + step) } }
                }
                known[kind] = ids
            }
        }
    }
}
