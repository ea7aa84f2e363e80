// The server's state. People see the health first, then possible problems.

import Terminal
import Wire

struct StatusReport: Report {
    var status: Busyhour_V1_StatusResponse

    func lines(_ page: Page) -> [String] {
        var lines = [headline]
        lines += facts(page).map { name, value in
            name + String(repeating: " ", count: 20 - name.count) + VisibleText.clean(value)
        }
        lines += ["", "feeds"] + feedTable.lines(page, hint: "see --format json")
        for feed in status.feeds where !feed.errorsByName.isEmpty {
            lines.append("errors of \(VisibleText.clean(feed.name)): \(Self.list(feed.errorsByName))")
        }
        lines += agentLines(page)
        if !status.requestErrors.isEmpty { lines.append("errors of requests: \(Self.list(status.requestErrors))") }
        if !status.money.isEmpty {
            lines += ["", "money since \(page.time(status.moneySince))"]
            lines += money.table.lines(page, hint: "see --format json")
        }
        if !status.unattributedSources.isEmpty {
            lines += ["", "sources that match no customer"] + sourceTable(page).lines(page, hint: "see --format json")
        }
        return lines
    }

    private var money: MoneyReport { MoneyReport(sums: status.money, sinceMicros: status.moneySince) }

    private var headline: String {
        let uptime =
            status.clock == "events" ? "" : ", up \(Timestamp.duration(seconds: seconds(since: status.startedAt)))"
        return VisibleText.clean("\(status.health)  busyhourd \(status.version)\(uptime), clock \(status.clock)")
    }

    private func facts(_ page: Page) -> [(String, String)] {
        clockFacts + detailFacts + [
            ("now", page.time(status.now)),
            ("started at", page.time(status.startedAt)),
            ("customers", Number.grouped(status.customers)),
            ("active calls", Number.grouped(status.activeCalls)),
            ("recent calls kept", Number.grouped(status.tombstones)),
            ("finished calls", finishedText),
            ("memory", Number.fixed(Double(status.residentBytes) / 1_048_576, decimals: 1) + " MiB"),
            ("connections", Number.grouped(status.connections)),
            ("statistics saved", page.timeOrDash(status.statisticsSaved)),
            ("windows whole from", page.timeOrDash(status.coverageFrom)),
            ("scheduled changes", scheduledText(page)),
            ("producers", Number.grouped(status.producers)),
            ("lost by producers", Number.grouped(status.lostByProducers)),
            ("requests", Number.grouped(status.requests)),
            ("unattributed calls", Number.grouped(status.unattributed)),
            ("late, future", "\(Number.grouped(status.late)), \(Number.grouped(status.future))"),
            ("timed out", Number.grouped(status.timedOut)),
            ("no final response", Number.grouped(status.noResponse)),
            (
                "libraries",
                status.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            ),
        ]
    }

    /// The calls that `calls --ended` searches.
    private var finishedText: String {
        let mebibytes = Number.fixed(Double(status.finishedCallBytes) / 1_048_576, decimals: 1)
        return "\(Number.grouped(status.finishedCalls)), \(mebibytes) MiB"
    }

    private func scheduledText(_ page: Page) -> String {
        let next = status.nextScheduled == 0 ? "" : ", the next \(page.time(status.nextScheduled))"
        let failed =
            status.failedChanges == 0
            ? "" : "; \(Number.grouped(status.failedChanges)) could not be carried out: `busyhour customer scheduled`"
        return "\(Number.grouped(status.scheduled))\(next)\(failed)"
    }

    private var clockFacts: [(String, String)] {
        guard status.clockBehindMicros > 0 else { return [] }
        return [
            ("clock behind by", Timestamp.duration(seconds: status.clockBehindMicros / 1_000_000)),
            ("calls meanwhile", Number.grouped(status.callsMeanwhile)),
        ]
    }

    private var detailFacts: [(String, String)] {
        status.detailsRefused == 0
            ? [] : [("details refused", "of \(Number.grouped(status.detailsRefused)) calls, for lack of room")]
    }

    private var feedTable: TextTable {
        var table = TextTable([
            .init("feed"), .init("received", .right), .init("calls", .right), .init("duplicates", .right),
            .init("not calls", .right),
        ])
        // Most feeds have none of these.
        let rare =
            ([("joined", \.joined), ("rerated", \.rerated), ("costs", \.costs)]
            as [(String, KeyPath<Busyhour_V1_FeedStatus, UInt64>)])
            .filter { _, count in status.feeds.contains { $0[keyPath: count] > 0 } }
        table.columns += rare.map { .init($0.0, .right) }
        table.columns += [.init("errors", .right), .init("address")]
        table.rows = status.feeds.map { feed in
            var row: [TextTable.Cell] = [
                .init(feed.name), .init(Number.grouped(feed.received)), .init(Number.grouped(feed.calls)),
                .init(Number.grouped(feed.duplicates)), .init(Number.grouped(feed.notCalls)),
            ]
            row += rare.map { .init(Number.grouped(feed[keyPath: $0.1])) }
            row += [
                .init(Number.grouped(feed.errors), colour: feed.errors > 0 ? .yellow : nil), .init(feed.address),
            ]
            return row
        }
        return table
    }

    private func sourceTable(_ page: Page) -> TextTable {
        var table = TextTable([.init("source"), .init("attempts", .right), .init("last seen")])
        table.rows = status.unattributedSources.map { source in
            [
                .init(source.source), .init(Number.grouped(source.attempts)),
                .init(page.time(source.lastSeen)),
            ]
        }
        return table
    }

    private func seconds(since start: Int64) -> Int64 {
        let (micros, overflow) = status.now.subtractingReportingOverflow(start)
        return overflow ? 0 : micros / 1_000_000
    }

    private static func list(_ counts: [String: UInt64]) -> String {
        counts.sorted { $0.key < $1.key }
            .map { "\(VisibleText.clean($0.key)) \(Number.grouped($0.value))" }.joined(separator: ", ")
    }
}

extension StatusReport {
    var json: JSONValue {
        .object([
            .init("health", .text(status.health)), .init("version", .text(status.version)),
            .init("now", .time(status.now)), .init("clock", .text(status.clock)),
            .init("started_at", .time(status.startedAt)),
            .init("statistics_saved", status.statisticsSaved == 0 ? .null : .time(status.statisticsSaved)),
            .init("coverage_from", status.coverageFrom == 0 ? .null : .time(status.coverageFrom)),
            .init("scheduled", .unsigned(status.scheduled)), .init("next_scheduled", .time(status.nextScheduled)),
            .init("failed_changes", .unsigned(status.failedChanges)),
            .init("producers", .unsigned(status.producers)),
            .init("lost_by_producers", .unsigned(status.lostByProducers)),
            .init("finished_calls", .unsigned(status.finishedCalls)),
            .init("finished_call_bytes", .unsigned(status.finishedCallBytes)),
            .init("details_refused", .unsigned(status.detailsRefused)),
            .init("clock_behind_seconds", .integer(status.clockBehindMicros / 1_000_000)),
            .init("calls_meanwhile", .unsigned(status.callsMeanwhile)),
            .init("customers", .unsigned(status.customers)),
            .init("active_calls", .unsigned(status.activeCalls)), .init("tombstones", .unsigned(status.tombstones)),
            .init("resident_bytes", .unsigned(status.residentBytes)),
            .init("feeds", .array(status.feeds.map(Self.json))),
            .init("money", money.json),
            .init("agents", .array(status.agents.map(Self.json))),
            .init("unattributed", .unsigned(status.unattributed)),
            .init("unattributed_sources", .array(status.unattributedSources.map(Self.json))),
            .init("late", .unsigned(status.late)), .init("future", .unsigned(status.future)),
            .init("timed_out", .unsigned(status.timedOut)), .init("no_response", .unsigned(status.noResponse)),
            .init("connections", .unsigned(status.connections)), .init("requests", .unsigned(status.requests)),
            .init("request_errors", .counts(status.requestErrors)),
            .init(
                "libraries",
                .object(status.libraries.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) })),
        ])
    }

    private static func json(_ feed: Busyhour_V1_FeedStatus) -> JSONValue {
        .object([
            .init("name", .text(feed.name)), .init("address", .text(feed.address)),
            .init("received", .unsigned(feed.received)), .init("calls", .unsigned(feed.calls)),
            .init("duplicates", .unsigned(feed.duplicates)), .init("not_calls", .unsigned(feed.notCalls)),
            .init("joined", .unsigned(feed.joined)), .init("rerated", .unsigned(feed.rerated)),
            .init("costs", .unsigned(feed.costs)),
            .init("errors", .unsigned(feed.errors)), .init("errors_by_name", .counts(feed.errorsByName)),
            .init("credit_notes", .unsigned(feed.credits)),
        ])
    }

    private static func json(_ source: Busyhour_V1_UnattributedSource) -> JSONValue {
        .object([
            .init("source", .text(source.source)), .init("attempts", .unsigned(source.attempts)),
            .init("last_seen", .time(source.lastSeen)),
        ])
    }
}
