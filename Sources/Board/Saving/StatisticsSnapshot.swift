// The statistics at one instant: windows, peaks, live calls, seen calls, gauges. They are not journalled: when
// saved now and then, a crash loses what came since, and `engineMicros` shows from when on they are complete.

import CallEvents
import Columnar

/// Taking one folds what is new, retains columns, facts and finished calls, and copies the tracked calls (64 bytes
/// each) and the keys of the younger generation of seen calls. Any thread may read it.
public struct StatisticsSnapshot: Sendable {
    /// The engine's time: everything up to it is included.
    public let engineMicros: Int64

    private let timeline: TimelineSnapshot
    private let calls: CallTableSnapshot
    private let seen: SeenCallsSnapshot
    private let recent: RecentCalls
    private let details: CallDetailSnapshot
    private let sources: UnattributedSources
    private let active: Column<Int32>
    private let lastCallMicros: Column<Int64>
    private let switches: Set<IPAddress>
    private let nextHops: Set<IPAddress>
    private let numbers: [SavedNumber: Int64]
    private let producers: ProducerTable
    private let money: MoneyBook
    private let raised: [(kind: WarningKind, atMicros: Column<Int64>)]

    /// How far each producer is included.
    public var marks: [ProducerID: ProducerMarks] {
        producers.entries.mapValues { ProducerMarks(epoch: $0.epoch, applied: $0.applied) }
    }

    /// - Parameters:
    ///   - state: folded up to its clock.
    ///   - isLast: no more events will be observed.
    init(_ state: borrowing EngineState, isLast: Bool) {
        engineMicros = state.nowMicros
        timeline = TimelineSnapshot(state.timeline)
        calls = CallTableSnapshot(state.calls)
        seen = SeenCallsSnapshot(state.seen)
        recent = state.recent
        details = CallDetailSnapshot(state.details, state.calls)
        sources = state.unattributed
        active = state.customers.active
        lastCallMicros = state.customers.lastCallMicros
        switches = state.switches
        nextHops = state.nextHops
        producers = state.producers
        money = state.money
        raised = state.warnings.raisedTimes
        var numbers: [SavedNumber: Int64] = [
            .nowMicros: state.nowMicros, .foldedSecond: timeline.nowSecond, .ringStart: timeline.ringStart,
            .ancientBefore: timeline.ancientBefore,
            .activeCalls: Int64(state.activeCalls), .late: state.late, .future: state.future,
            .timedOut: state.timedOut, .noResponse: state.noResponse, .unattributed: state.unattributed.total,
            .recentNext: 0, .recentAppended: Int64(state.recent.appended),
            .began: state.coverage.beganMicros, .coverageFrom: state.coverage.fromMicros,
            .hasUnnumbered: state.coverage.hasUnnumbered ? 1 : 0, .isWhole: isLast ? 1 : 0,
            .lostByProducers: Int64(clamping: state.producers.lost), .moneySince: state.money.sinceMicros,
            .wantsCallIDs: state.callIDs.isWanted ? 1 : 0, .takesCostsOnly: state.takesCostsOnly ? 1 : 0,
        ]
        for (dispersion, own) in zip(state.warnings.dispersions, SavedNumber.dispersions) {
            numbers[own.value] = Int64(dispersion.value * 1e12)
            numbers[own.weight] = Int64(min(dispersion.weight, 1e15))
        }
        self.numbers = numbers
    }

    /// Costs one copy of all facts and calls into columns, 2 ns per fact.
    public func tables() -> [SavedTable] {
        let tables =
            [numberTable, gauges] + timeline.tables + calls.tables + [seen.table, sources.table, hosts]
            + recent.tables + details.tables + [producers.table, money.table, WarningTable.table(raised: raised)]
        // In the order of a snapshot's root hash.
        return tables.sorted { $0.id < $1.id }
    }

    private var numberTable: SavedTable {
        let names = SavedNumber.allCases
        return SavedTable(
            .numbers,
            [
                SavedColumn(1, "name", SavedValues(names.map(\.rawValue))),
                SavedColumn(2, "value", .signed64(Column(names.map { numbers[$0] ?? 0 }))),
            ])
    }

    private var gauges: SavedTable {
        SavedTable(
            .gauges,
            [
                SavedColumn(1, "active", .signed32(active)),
                SavedColumn(2, "last_call_micros", .signed64(lastCallMicros)),
            ])
    }

    private var hosts: SavedTable {
        let all = switches.map { (UInt8(0), $0) } + nextHops.map { (UInt8(1), $0) }
        return SavedTable(
            .hosts,
            [
                SavedColumn(1, "kind", .unsigned8(Column(all.map(\.0)))),
                SavedColumn(2, "address_high", .signed64(Column(all.map { Int64(bitPattern: $0.1.high) }))),
                SavedColumn(3, "address_low", .signed64(Column(all.map { Int64(bitPattern: $0.1.low) }))),
            ])
    }
}

/// Single numbers, by their name in files.
enum SavedNumber: String, CaseIterable {
    case nowMicros = "now_micros"
    case foldedSecond = "folded_second"
    case ringStart = "ring_start"
    case ancientBefore = "ancient_before"
    case activeCalls = "active_calls"
    case late
    case future
    case timedOut = "timed_out"
    case noResponse = "no_response"
    case unattributed
    case recentNext = "recent_next"
    case recentAppended = "recent_appended"
    case began = "began_micros"
    case coverageFrom = "coverage_from_micros"
    case hasUnnumbered = "has_unnumbered"
    /// 1: saved when the server ended.
    case isWhole = "is_whole"
    case lostByProducers = "lost_by_producers"
    case moneySince = "money_since_micros"
    /// 1: records with Call-IDs were seen.
    case wantsCallIDs = "wants_call_ids"
    /// 1: costs were told alone.
    case takesCostsOnly = "takes_costs_only"
    // How much ASR differs from time to time, 10^-12, and what that was told by, customer-seconds.
    case dispersion5m = "asr_dispersion_5m"
    case dispersion15m = "asr_dispersion_15m"
    case dispersion1h = "asr_dispersion_1h"
    case dispersion2h = "asr_dispersion_2h"
    case dispersion4h = "asr_dispersion_4h"
    case dispersionWeight5m = "asr_dispersion_weight_5m"
    case dispersionWeight15m = "asr_dispersion_weight_15m"
    case dispersionWeight1h = "asr_dispersion_weight_1h"
    case dispersionWeight2h = "asr_dispersion_weight_2h"
    case dispersionWeight4h = "asr_dispersion_weight_4h"

    /// By `DropWindow`.
    static let dispersions: [(value: SavedNumber, weight: SavedNumber)] = [
        (.dispersion5m, .dispersionWeight5m), (.dispersion15m, .dispersionWeight15m),
        (.dispersion1h, .dispersionWeight1h), (.dispersion2h, .dispersionWeight2h),
        (.dispersion4h, .dispersionWeight4h),
    ]
}
