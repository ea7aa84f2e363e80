import Board

/// What the boards of all seeds warned of.
struct Summary {
    private struct Row {
        var count = 0
        var calls = 0.0
        var seen = 0
        var best = 0.0
        var bestWithoutHour = 0.0
        var delays: [Int] = []
    }

    private struct Key: Hashable {
        var calls: Int
        var left: Double
        var minutes: Int
    }

    private var calls = 0
    private var customers = 0
    private var raised: [WarningKind: Int] = [:]
    private var warned: [WarningKind: Int] = [:]
    private var rightly: [WarningKind: Int] = [:]
    private var falseDrops: [String] = []
    private var keys: [Key] = []
    private var rows: [Key: Row] = [:]
    private var looks = (seconds: 0.0, count: 0, longest: 0.0)
    /// Falls that the test at best sees nearly always, and how many of them are seen.
    private var plain = (count: 0, seen: 0)

    mutating func add(_ day: Day, _ traffic: Traffic, _ sizes: [(calls: Int, cases: [Case])], seed: Int) {
        calls += day.calls
        customers += traffic.profiles.count { $0.fall == nil }
        for kind in Day.quality {
            raised[kind, default: 0] += day.raised[kind] ?? 0
            warned[kind, default: 0] += day.customers[kind]?.count ?? 0
            rightly[kind, default: 0] += day.rightly[kind] ?? 0
        }
        falseDrops += day.falseDrops.map { "seed \(seed), \($0)" }
        looks.seconds += day.looks
        looks.count += day.lookCount
        looks.longest = max(looks.longest, day.longestLook)
        for (calls, cases) in sizes {
            for own in cases {
                let key = Key(calls: calls, left: own.left, minutes: own.minutes)
                if rows[key] == nil { keys.append(key) }
                for id in own.members { add(id, key, day, traffic) }
            }
        }
    }

    private mutating func add(_ id: Int, _ key: Key, _ day: Day, _ traffic: Traffic) {
        let profile = traffic.profiles[id - 1]
        guard let fall = profile.fall else { return }
        var row = rows[key] ?? Row()
        // A window tells of a fall when it is over, too.
        let first = day.drops[UInt32(id)]?.first { (fall.start..<fall.end + 3_600).contains($0) }
        if let first { row.delays.append(first - fall.start) }
        let calls = traffic.calls(of: id)
        let best = Oracle(level: 1e-6, knowsHour: true).seen(profile, fall, calls: calls)
        row.count += 1
        row.calls += calls
        row.seen += first == nil ? 0 : 1
        row.best += best
        row.bestWithoutHour += Oracle(level: 1e-6, knowsHour: false).seen(profile, fall, calls: calls)
        rows[key] = row
        guard best > 0.999 else { return }
        plain.count += 1
        plain.seen += first == nil ? 0 : 1
    }

    func tell(days: Int, seeds: Int) {
        let each = customers / max(1, seeds)
        print("\(calls) calls in \(days * seeds) days, of \(each) customers of which nothing is wrong:\n")
        print("| warning | raised | of customers | of these truly beyond the threshold |\n|---|---|---|---|")
        for kind in Day.quality {
            let (raised, rightly) = (raised[kind] ?? 0, rightly[kind] ?? 0)
            let share = raised == 0 ? "-" : "\(rightly) (\(Self.percent(Double(rightly) / Double(raised))))"
            print("| \(kind.name) | \(raised) | \(warned[kind] ?? 0) | \(share) |")
        }
        for reason in falseDrops.prefix(50) { print("false: \(reason)") }
        print(
            "\n| calls in 24 h | ASR falls to | for | seen | seen at best | at best, not knowing the hour's ASR | seen after, "
                + "median |\n|---|---|---|---|---|---|---|")
        for key in keys { tell(key) }
        let all = rows.values.reduce((count: 0, seen: 0)) { ($0.count + $1.count, $0.seen + $1.seen) }
        print(
            "\n\(all.seen) of \(all.count) falls are seen, \(plain.seen) of the \(plain.count) that the best test sees in 999 of 1000 "
                + "cases.")
        let mean = looks.seconds / Double(max(1, looks.count)) * 1e6
        print("A look: \(Int(mean)) us in the mean, \(Int(looks.longest * 1e6)) us at most.")
    }

    private func tell(_ key: Key) {
        guard let row = rows[key], row.count > 0 else { return }
        let count = Double(row.count)
        let delays = row.delays.sorted()
        let median = delays.isEmpty ? "-" : "\(delays[delays.count / 2] / 60) min"
        print(
            "| \(Int(row.calls / count)) | \(Int(key.left * 100)) % of the usual | \(key.minutes) min "
                + "| \(Self.percent(Double(row.seen) / count)) | \(Self.percent(row.best / count)) "
                + "| \(Self.percent(row.bestWithoutHour / count)) | \(median) |")
    }

    private static func percent(_ part: Double) -> String { "\(Int((100 * part).rounded())) %" }
}
