import Board
import Foundation

/// A board that lives through some days, and what it warned of after the first.
struct Day {
    static let quality: [WarningKind] = [.asrLow, .asrDrop, .acdLow, .pddHigh, .shortCallRatio]
    static let start: Int64 = 1_764_028_800_000_000
    static let seconds = 86_400

    /// How often each kind was raised of customers whose ASR does not fall, how many customers that were, and how often
    /// it was so.
    private(set) var raised: [WarningKind: Int] = [:]
    private(set) var customers: [WarningKind: Set<UInt32>] = [:]
    private(set) var rightly: [WarningKind: Int] = [:]
    /// The reasons of drops that were none.
    private(set) var falseDrops: [String] = []
    /// By customer, the seconds at which an `asr_drop` was raised.
    private(set) var drops: [UInt32: [Int]] = [:]
    private(set) var calls = 0
    /// The longest look, seconds of processor time.
    private(set) var longestLook = 0.0
    private(set) var looks = 0.0
    private(set) var lookCount = 0

    private let engine: Engine

    /// - Parameters:
    ///   - step: seconds between two looks at all customers.
    ///   - days: that are counted, after a first one.
    ///   - level: of `asr_drop`.
    init(_ traffic: inout Traffic, step: Int, days: Int, level: Double) throws {
        var configuration = EngineConfiguration()
        configuration.clock = .events
        engine = Engine(configuration: configuration)
        let drafts = (1...traffic.customers).map { number in
            var customer = Customer()
            (customer.name, customer.currency) = ("customer number \(number)", "USD")
            customer.creditMicros = 1_000_000_000_000
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: Self.start)
        engine.save(try engine.settings(setting: ["asr_drop.level=\(level)"], customerID: 0))
        var known: [WarningKind: Set<UInt32>] = [:]
        let began = Date()
        var second = 0
        let end = (1 + days) * Self.seconds
        while second < end {
            // Nothing is counted in the first day: it is the day before.
            let isCounted = second >= Self.seconds
            let own = isCounted ? step : 60
            let now = Self.start + Int64(second + own) * 1_000_000
            let batch = traffic.records(second..<second + own, start: Self.start)
            calls += isCounted ? batch.count : 0
            _ = engine.ingest(batch, now: now)
            engine.advance(now: now)
            look(now)
            for kind in Self.quality { note(kind, at: second + own, traffic, now, isCounted: isCounted, &known) }
            second += own
            if second % 3_600 == 0 { Self.tell(second, of: end, known, since: began) }
        }
    }

    /// As many looks as a server has in these seconds, as far as they do anything: a round through all customers takes
    /// a hundred, and going through the slots of a day some thousands.
    private mutating func look(_ now: Int64) {
        for _ in 0..<2_000 {
            let before = Self.processorSeconds
            engine.watch(now: now)
            let seconds = Self.processorSeconds - before
            longestLook = max(longestLook, seconds)
            looks += seconds
            lookCount += 1
        }
    }

    private mutating func note(
        _ kind: WarningKind, at second: Int, _ traffic: Traffic, _ now: Int64, isCounted: Bool,
        _ known: inout [WarningKind: Set<UInt32>]
    ) {
        let list = engine.raisedWarnings(
            customerID: 0, kind: kind, withMuted: true, limit: traffic.customers, now: now
        ).warnings
        let old = known[kind] ?? []
        for warning in list where isCounted && !old.contains(warning.customerID) {
            let id = warning.customerID
            if kind == .asrDrop { drops[id, default: []].append(second) }
            guard traffic.profiles[Int(id) - 1].fall == nil else { continue }
            raised[kind, default: 0] += 1
            customers[kind, default: []].insert(id)
            if traffic.isBeyond(kind, id, second) { rightly[kind, default: 0] += 1 }
            if kind == .asrDrop { falseDrops.append("customer \(id): \(warning.reason)") }
        }
        known[kind] = Set(list.map(\.customerID))
    }

    /// Of this thread: what others do meanwhile is not in it.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func tell(_ second: Int, of end: Int, _ known: [WarningKind: Set<UInt32>], since began: Date) {
        let raised = quality.map { "\($0.name) \(known[$0]?.count ?? 0)" }.joined(separator: ", ")
        let elapsed = Int(Date().timeIntervalSince(began))
        let line = "hour \(second / 3_600) of \(end / 3_600) after \(elapsed) s; raised now: \(raised)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
