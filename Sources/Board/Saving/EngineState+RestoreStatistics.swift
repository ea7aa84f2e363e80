import CallEvents
import Columnar

extension EngineState {
    /// Restores the tables of `StatisticsSnapshot.tables`. The customers exist already, and no call was observed yet.
    /// On an error the state is unchanged.
    mutating func restoreStatistics(_ tables: [SavedTable]) throws(RestoreError) {
        precondition(nowMicros == 0 && calls.count == 0, "statistics are restored before any call is heard")
        let numbers = try EngineState.numbers(try tables[.numbers])
        let (now, folded) = (numbers[.nowMicros] ?? 0, numbers[.foldedSecond] ?? .min)
        let ringStart = numbers[.ringStart] ?? .max
        // Seconds have 32 bits; a ring begins at most an hour and a slot before the first call.
        let seconds = -90_000..<Int64(UInt32.max)
        guard (0..<seconds.upperBound * 1_000_000).contains(now), folded == .min || folded == now / 1_000_000,
            ringStart == .max || seconds.contains(ringStart)
        else { throw try tables[.numbers].fault("has a time that cannot be") }
        let customerCount = customers.count
        var timeline = Timeline(weights: OutcomeWeights(outcomes))
        timeline.grow(to: customerCount)
        try timeline.restore(tables, nowSecond: folded, ringStart: ringStart)
        timeline.ancientBefore = numbers[.ancientBefore] ?? .min
        var calls = try CallTable(try tables[.calls], customers: customerCount, nowSecond: now / 1_000_000)
        try calls.restoreTraces(tables)
        try calls.restoreClaims(tables, customers: customerCount)
        try calls.restoreSessions(tables)
        let seen = try SeenCalls(try tables[.seenCalls])
        let recent = try RecentCalls(
            outcomeCodes, limit: configuration.keptCalls, try tables[.recentCalls],
            details: tables.first { $0.id == SavedTableID.recentDetails.rawValue }, next: numbers[.recentNext] ?? 0,
            appended: numbers[.recentAppended] ?? 0, customers: customerCount)
        let details = try CallDetailTable(
            tables.first { $0.id == SavedTableID.callDetails.rawValue }, calls: calls.numberCount)
        let unattributed = try UnattributedSources(try tables[.sources], total: numbers[.unattributed] ?? 0)
        let hosts = try EngineState.hosts(try tables[.hosts])
        let lost = UInt64(clamping: numbers[.lostByProducers] ?? 0)
        let producers = try ProducerTable(tables.first { $0.id == SavedTableID.producers.rawValue }, lost: lost)
        let money = try MoneyBook(
            tables.first { $0.id == SavedTableID.money.rawValue }, sinceMicros: numbers[.moneySince] ?? 0,
            currencies: customers.currencies)
        let raised = try WarningTable.raised(
            tables.first { $0.id == SavedTableID.raisedWarnings.rawValue }, customers: customerCount)
        try restoreGauges(try tables[.gauges], calls)
        self.timeline = timeline
        // Versions of restored data start from scratch.
        forgetQueries()
        self.calls = calls
        self.seen = seen
        self.recent = recent
        self.details = details
        callIDs = CallIDBook(finishedCalls: recent.limit)
        self.unattributed = unattributed
        // A customer's address is no switch; it may have become the customer's since.
        switches.formUnion(hosts.switches.filter { !auth.hasEntry(of: AddressBlock($0, length: 128)) && !isTrunk($0) })
        nextHops = hosts.nextHops
        nowMicros = now
        nowSecond = now / 1_000_000
        activeCalls = Int(numbers[.activeCalls] ?? 0)
        late = numbers[.late] ?? 0
        future = numbers[.future] ?? 0
        timedOut = numbers[.timedOut] ?? 0
        noResponse = numbers[.noResponse] ?? 0
        self.producers = producers
        self.money = money
        warnings.restore(raised, customers: customerCount)
        warnings.dispersions = SavedNumber.dispersions.map { own in
            AnswerDispersion(value: Double(numbers[own.value] ?? 0) / 1e12, weight: Double(numbers[own.weight] ?? 0))
        }
        coverage.beganMicros = numbers[.began] ?? 0
        coverage.fromMicros = numbers[.coverageFrom] ?? 0
        coverage.hasUnnumbered = numbers[.hasUnnumbered] != 0
        takesCostsOnly = numbers[.takesCostsOnly] == 1
        if numbers[.wantsCallIDs] == 1 { wantCallIDs() }
        coverage.statistics = numbers[.isWhole] == 1 ? .whole : .cut
    }

    private static func numbers(_ table: SavedTable) throws(RestoreError) -> [SavedNumber: Int64] {
        let (names, values) = (try table.text(1), try table.signed64(2))
        var numbers: [SavedNumber: Int64] = [:]
        for row in 0..<min(table.rowCount, 256) {
            if let number = SavedNumber(rawValue: names[row]) { numbers[number] = values[row] }
        }
        return numbers
    }

    private static func hosts(
        _ table: SavedTable
    ) throws(RestoreError) -> (switches: Set<IPAddress>, nextHops: Set<IPAddress>) {
        let (kinds, high, low) = (try table.unsigned8(1), try table.signed64(2), try table.signed64(3))
        guard table.rowCount <= 4 * BoardLimits.unattributedSources else { throw table.fault("has too many hosts") }
        var hosts: (switches: Set<IPAddress>, nextHops: Set<IPAddress>) = ([], [])
        for row in 0..<table.rowCount {
            let address = IPAddress(high: UInt64(bitPattern: high[row]), low: UInt64(bitPattern: low[row]))
            if kinds[row] == 0 { hosts.switches.insert(address) } else { hosts.nextHops.insert(address) }
        }
        return hosts
    }

    private mutating func restoreGauges(
        _ table: SavedTable, _ calls: borrowing CallTable
    ) throws(RestoreError) {
        var (active, lastCall) = (try table.signed32(1), try table.signed64(2))
        guard table.rowCount <= customers.count else { throw table.fault("has customers that there are not") }
        active.grow(to: customers.count)
        lastCall.grow(to: customers.count)
        // The calls themselves give which of them come to their customers.
        var inbound = Column<Int32>()
        inbound.grow(to: customers.count)
        for call in calls.all where call.isInbound && call.isCustomers && call.isLive {
            inbound[Int(call.customer)] += 1
        }
        customers.restoreActive(active, inbound: inbound)
        customers.lastCallMicros = lastCall
    }
}
