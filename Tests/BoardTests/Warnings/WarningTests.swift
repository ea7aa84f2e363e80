import CallEvents
import Columnar
import Randomness
import Testing

@testable import Board

/// Warnings come and go by events and by time, with thresholds that differ, and people may mark them.
@Suite struct WarningTests {
    private let start: Int64 = 1_700_000_000_000_000
    private let minute: Int64 = 60_000_000

    private func watch(_ engine: Engine, _ now: Int64) {
        for _ in 0..<12 { engine.watch(now: now) }
    }

    private func names(_ engine: Engine, _ id: UInt32, _ now: Int64) -> Set<String> {
        watch(engine, now)
        return Set(engine.state.warningNames(Int(id) - 1))
    }

    /// Calls that ended just before a time.
    private func call(
        _ engine: Engine, _ id: UInt32, _ count: Int, answered: Int = 0, seconds: UInt32 = 100, pdd: UInt32 = 500,
        cost: Int64 = 0, at now: Int64
    ) {
        var batch = CallRecordBatch()
        batch.parties = PartyList([Party(customerID: id)])
        for number in 0..<count {
            let isAnswered = number < answered
            batch.party.append(0)
            batch.setupMicros.append(now - Int64(seconds + 5) * 1_000_000 - Int64(number))
            batch.ringMilliseconds.append(pdd)
            batch.answerMilliseconds.append(isAnswered ? pdd : CallRecordBatch.never)
            batch.endMilliseconds.append(isAnswered ? pdd + seconds * 1_000 : pdd + 1_000)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : 503)
            batch.q850.append(0)
            batch.costMicros.append(isAnswered ? cost : 0)
        }
        _ = engine.ingest(batch, now: now)
    }

    private func live(_ engine: Engine, _ id: UInt32, _ count: Int, at now: Int64) {
        var batch = CallEventBatch()
        batch.parties.append(Party(customerID: id))
        for number in 0..<count {
            batch.append(
                .setup, key: CallKey(high: UInt64(bitPattern: now), low: UInt64(id) << 32 | UInt64(number)),
                timeMicros: now, party: 0, sequence: 1)
        }
        _ = engine.ingest(batch, now: now)
    }

    private func engine(_ count: Int, edit: (inout Customer) -> Void = { _ in }) -> Engine {
        makeEngine(customers: count, now: start) { customer in
            customer.creditMicros = 1_000_000_000
            customer.routes = [Route(name: "r")]
            edit(&customer)
        }
    }

    /// What a condition marks, against the list that people see.
    @Test(arguments: Seeds.of(9)) func warningsOfAConditionAreThoseThatAreListed(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let engine = makeEngine(customers: 120, now: start) { customer in
            if Bool.random(using: &random) { customer.auth = [] }
            if Bool.random(using: &random) { customer.routes = [Route(name: "r")] }
            customer.creditMicros = [0, 5_000_000, 1_000_000_000].randomElement(using: &random) ?? 0
        }
        watch(engine, start + minute)
        for _ in 0..<40 {
            let (low, high) = (Int.random(in: 0...60, using: &random), Int.random(in: 40...121, using: &random))
            var query = BoardQuery()
            query.filter = "id > \(low) AND id < \(high)"
            let kind = ([nil] + WarningKind.allCases).randomElement(using: &random) ?? nil
            let now = start + minute
            let listed = engine.raisedWarnings(
                customerID: 0, kind: kind, ids: try engine.ids(query, now: now), withMuted: true, limit: 1_000, now: now
            )
            let found = try engine.warnings(kind: kind, of: query, marked: false, now: now)
            #expect(
                found.map { "\($0.customerID) \($0.warning)" }.sorted()
                    == listed.warnings.map { "\($0.customerID) \($0.warning)" }.sorted())
            let marks = found.filter { _ in Bool.random(using: &random) }.map {
                WarningMark(customerID: $0.customerID, warning: $0.warning, kind: .acknowledged, who: "", atMicros: now)
            }
            let unmarked = engine.unmarked(marks)
            let before = engine.warningMarkCount
            engine.mark(marks)
            #expect(engine.warningMarkCount == before + unmarked, "seed \(seed)")
            let marked = try engine.warnings(kind: kind, of: query, marked: true, now: now)
            let own = engine.state.warnings.marks.keys.filter {
                (kind == nil || $0.kind == kind) && $0.row + 1 > low && $0.row + 1 < high
            }
            #expect(
                Set(marked.map { "\($0.customerID) \($0.warning)" }) == Set(own.map { "\($0.row + 1) \($0.kind)" }),
                "seed \(seed)")
        }
    }

    @Test func qualityIsJudgedByEnoughCallsAndWithHysteresis() throws {
        let engine = engine(3)
        var now = start + minute
        call(engine, 1, 49, answered: 1, at: now)
        #expect(names(engine, 1, now).isEmpty, "too few calls")
        now += 1_000_000
        call(engine, 1, 11, answered: 4, at: now)
        call(engine, 2, 60, answered: 40, seconds: 3, pdd: 9_000, at: now)
        call(engine, 3, 120, answered: 120, seconds: 100, at: now)
        #expect(names(engine, 1, now) == ["asr_low"])
        #expect(engine.state.warningNames(2).isEmpty)
        // Delays are gone through every ten seconds, and then the customer is looked at.
        now += 10_000_000
        #expect(names(engine, 2, now) == ["acd_low"])
        now += 1_000_000
        #expect(names(engine, 2, now) == ["acd_low", "pdd_high"])
        let raised = try #require(
            engine.raisedWarnings(customerID: 1, kind: nil, withMuted: false, limit: 9, now: now).warnings.first)
        #expect(
            raised.warning == .asrLow && raised.raisedAtMicros == start + minute + 1_000_000
                && raised.value.map { $0 < 10 } == true)
        // 42 % is neither below what raises it nor above what clears it.
        now += 1_000_000
        call(engine, 1, 34, answered: 34, at: now)
        #expect(names(engine, 1, now) == ["asr_low"])
        call(engine, 1, 10, answered: 10, at: now)
        #expect(names(engine, 1, now + 1_000_000).isEmpty)
        call(engine, 3, 200, answered: 50, seconds: 2, at: now)
        #expect(names(engine, 3, now + 2_000_000).isSuperset(of: ["short_call_ratio"]))
    }

    /// Of a customer just at a threshold, chance puts every other figure beyond it.
    @Test func aFewCallsBeyondAThresholdMayBeChance() throws {
        let engine = engine(5)
        let now = start + minute
        call(engine, 1, 60, answered: 20, at: now)
        call(engine, 2, 100, answered: 60, seconds: 29, at: now)
        call(engine, 3, 100, answered: 100, seconds: 40, pdd: 2_000, at: now)
        call(engine, 3, 6, answered: 6, seconds: 40, pdd: 7_000, at: now)
        call(engine, 4, 300, answered: 250, seconds: 40, at: now)
        call(engine, 4, 50, answered: 46, seconds: 2, at: now)
        watch(engine, now)
        for step in 1...3 { watch(engine, now + Int64(step) * 10_000_000) }
        for row in 0..<4 { #expect(engine.state.warningNames(row).isEmpty, "row \(row)") }
        // As it is measured, for who wants it so.
        engine.save(
            try engine.settings(
                setting: ["asr_low", "acd_low", "pdd_high", "short_call_ratio"].map { $0 + ".level=0.5" }, customerID: 0
            )
        )
        for step in 4...6 { watch(engine, now + Int64(step) * 10_000_000) }
        #expect(engine.state.warningNames(0) == ["asr_low"] && engine.state.warningNames(1) == ["acd_low"])
        #expect(engine.state.warningNames(2) == ["pdd_high"] && engine.state.warningNames(3) == ["short_call_ratio"])
    }

    /// Since when, and what lies between raising and clearing, outlive a restart; what no longer holds does not.
    @Test func whatIsRaisedSurvivesARestart() throws {
        let engine = engine(3)
        var now = start + minute
        call(engine, 1, 60, answered: 4, at: now)
        call(engine, 2, 60, answered: 4, at: now)
        #expect(names(engine, 1, now) == ["asr_low"] && names(engine, 2, now) == ["asr_low"])
        let raised = now
        now += 1_000_000
        call(engine, 1, 62, answered: 47, at: now)
        #expect(names(engine, 1, now) == ["asr_low"], "41.8 % is neither low nor clear")
        let tables = engine.statistics(now: now).tables()
        for later in [1_000_000, 20 * minute] {
            let restored = Engine()
            try restored.restore(engine.snapshot().tables())
            try restored.restoreStatistics(tables)
            restored.watchAll(now: now + later)
            let warnings = restored.raisedWarnings(
                customerID: 0, kind: .asrLow, withMuted: false, limit: 9, now: now + later
            ).warnings
            #expect(warnings.map(\.customerID) == (later == 1_000_000 ? [1, 2] : []))
            #expect(warnings.allSatisfy { $0.raisedAtMicros == raised })
        }
        // Older files do not have them: they are raised again.
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        try restored.restoreStatistics(tables.filter { $0.id != SavedTableID.raisedWarnings.rawValue })
        restored.watchAll(now: now + 1_000_000)
        let anew = restored.raisedWarnings(customerID: 0, kind: .asrLow, withMuted: false, limit: 9, now: now).warnings
        #expect(anew.map(\.customerID) == [2] && anew[0].raisedAtMicros == now + 1_000_000)
    }

    @Test func aDropIsSeenAgainstTheDay() {
        let engine = engine(1)
        var now = start
        for hour in 0..<5 {
            now = start + Int64(hour) * 60 * minute
            call(engine, 1, 100, answered: 80, at: now)
        }
        now += 60 * minute
        call(engine, 1, 60, answered: 33, at: now)
        #expect(names(engine, 1, now).isEmpty, "so few calls may come to that by chance")
        now += 1_000_000
        call(engine, 1, 240, answered: 77, at: now)
        #expect(names(engine, 1, now) == ["asr_drop"])
        // The customer gets a lower level of its own, at which the same fall raises no warning.
        engine.save(try! engine.settings(setting: ["asr_drop.level=1e-30"], customerID: 1))
        call(engine, 1, 100, answered: 80, at: now)
        #expect(names(engine, 1, now + 1_000_000) == [] as Set<String>)
        for bad in [
            "asr_drop.level=0", "asr_drop.level=0.5", "asr_drop.level=x", "asr_low.level=0.6", "gone_silent.level=1e-6",
        ] {
            #expect(throws: QueryError.self) { try engine.settings(setting: [bad], customerID: 0) }
        }
    }

    /// The worst first: by level, then traffic, then age; counted by kind; low credit is not said beside none at all.
    @Test func theListIsOrderedAndCounted() throws {
        let engine = engine(4)
        let now = start + minute
        call(engine, 1, 60, answered: 14, at: now)
        call(engine, 2, 90, answered: 21, at: now)
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([3, 4]), ["credit=0"])
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        watch(engine, now)
        func list(_ kind: WarningKind? = nil, ids: Set<UInt32>? = nil, since: Int64 = 0) -> RaisedWarnings {
            engine.raisedWarnings(
                customerID: 0, kind: kind, ids: ids, sinceMicros: since, withMuted: false, limit: 2, now: now)
        }
        #expect(list().warnings.map(\.customerID) == [3, 4] && list().total == 4)
        #expect(list().counts.map(\.kind) == [.creditExhausted, .asrLow] && list().counts.map(\.count) == [2, 2])
        #expect(list(.creditLow).total == 2 && list(.asrLow).warnings.map(\.customerID) == [2, 1])
        #expect(list(since: now + 1).total == 0 && list(ids: [1]).total == 1)
        var query = BoardQuery()
        query.filter = "asr < 40 AND bids > 60"
        #expect(try engine.ids(query, now: now) == [2])
    }

    @Test func silenceRaisesAndCallsClear() throws {
        let engine = engine(2)
        call(engine, 1, 25, answered: 20, at: start + minute)
        call(engine, 2, 19, answered: 15, at: start + minute)
        #expect(names(engine, 1, start + 14 * minute).isEmpty)
        let silent = start + 20 * minute
        #expect(names(engine, 1, silent) == ["gone_silent"] && names(engine, 2, silent).isEmpty)
        var query = BoardQuery()
        query.filter = "warnings HAS gone_silent"
        query.columns = ["id", "warnings"]
        for _ in 0..<2 {
            let answer = try engine.board(query, now: silent)
            #expect(
                answer.columns[0].values == .integers([1]) && answer.columns[1].values == .textLists([["gone_silent"]]))
        }
        live(engine, 1, 1, at: silent + minute)
        watch(engine, silent + minute)
        #expect(try engine.board(query, now: silent + minute).matched == 0, "what was kept of the query is not shown")
        // After a day without calls a customer no longer counts as one that had some.
        #expect(names(engine, 2, start + 48 * 60 * minute).isEmpty)
    }

    @Test func limitsStatusesAndStuckCalls() {
        let engine = engine(3) { customer in
            customer.channels = 10
            customer.flowSpeed = 2
        }
        let now = start + minute
        live(engine, 1, 9, at: now)
        var found = names(engine, 1, now + 1_000_000)
        #expect(found.isSuperset(of: ["channels_near_limit", "cps_over_limit"]))
        found = names(engine, 1, now + 3_000_000)
        #expect(found.contains("channels_near_limit") && !found.contains("cps_over_limit"))
        live(engine, 2, 1, at: now + 4_000_000)
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([2]), ["status=Penalty"])
        _ = engine.commit(try! engine.prepare(edit, now: now + 5_000_000), idempotencyKey: [])
        #expect(engine.state.warningNames(1) == ["status_mismatch"], "at once, not with the next second")
    }

    @Test func creditIsWatched() throws {
        let engine = engine(4) { $0.creditMicros = 20_000_000 }
        var now = start + minute
        func set(_ id: UInt32, _ assignments: String...) throws {
            var edit = CustomerEdit()
            (edit.selection, edit.assignments) = (.ids([id]), assignments)
            _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        }
        try set(1, "credit=9.99")
        #expect(engine.state.warningNames(0) == ["credit_low"])
        try set(1, "credit=11")
        #expect(engine.state.warningNames(0) == ["credit_low"], "not yet above what clears it")
        try set(1, "credit=12.5")
        #expect(engine.state.warningNames(0).isEmpty)
        try set(1, "credit=0")
        #expect(engine.state.warningNames(0) == ["credit_exhausted", "credit_low"])
        try set(1, "debit_limit=100")
        #expect(engine.state.warningNames(0).isEmpty)
        try set(2, "debit_limit=-20")
        #expect(engine.state.warningNames(1) == ["credit_exhausted", "credit_low", "debit_limit_negative_buffer_hit"])
        // Twenty units, of which one and a half go a minute.
        call(engine, 3, 45, answered: 45, cost: 500_000, at: now)
        #expect(names(engine, 3, now) == ["credit_runway"])
        let runway = try #require(
            engine.raisedWarnings(customerID: 3, kind: .creditRunway, withMuted: false, limit: 1, now: now).warnings
                .first)
        #expect(runway.value.map { abs($0 - 20 / 1.5) < 0.01 } == true)
        now += minute
        live(engine, 3, 41, at: now)
        #expect(names(engine, 3, now).isSuperset(of: ["credit_overcommitted"]))
    }

    @Test func thresholdsAreSetForAllAndForOne() throws {
        let engine = engine(2)
        let now = start + minute
        for id in UInt32(1)...2 { call(engine, id, 60, answered: 11, at: now) }
        #expect(names(engine, 1, now) == ["asr_low"])
        engine.save(try engine.settings(setting: ["asr_low.raise=15", "asr_low.clear=18"], customerID: 0))
        #expect(names(engine, 1, now + 1_000_000).isEmpty)
        engine.save(try engine.settings(setting: ["asr_low.raise=35", "asr_low.clear=40"], customerID: 2))
        #expect(names(engine, 2, now + 2_000_000) == ["asr_low"] && names(engine, 1, now + 2_000_000).isEmpty)
        #expect(engine.warningSettings(customerID: 2).first { $0.name == "asr_low.raise" }?.value == "35")
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.warningSettings(customerID: 2) == engine.warningSettings(customerID: 2))
        engine.save(try engine.settings(setting: ["asr_low.on=false"], customerID: 2))
        #expect(names(engine, 2, now + 3_000_000).isEmpty)
        for bad in [
            "asr_low=3", "nonsense.raise=3", "asr_low.raise=x", "asr_low.on=2", "asr_low", "no_auth.raise=3",
            "asr_low.raise=99",
        ] {
            #expect(throws: QueryError.self) { try engine.settings(setting: [bad], customerID: 0) }
        }
        engine.save(try engine.settings(setting: ["asr_low.raise=", "asr_low.clear="], customerID: 0))
        #expect(engine.warningSettings(customerID: 0).first { $0.name == "asr_low.raise" }?.value == "40")
        // What is off as a rule, and follows from the fields.
        engine.save(try engine.settings(setting: ["no_contact_email.on=true"], customerID: 0))
        #expect(names(engine, 2, now + 4_000_000).contains("no_contact_email"))
    }

    @Test func marksHoldUntilTheyNeedNot() throws {
        let engine = engine(2)
        var now = start + minute
        call(engine, 1, 60, answered: 14, at: now)
        #expect(names(engine, 1, now) == ["asr_low"])
        engine.mark(WarningMark(customerID: 1, warning: .asrLow, kind: .acknowledged, who: "anna", atMicros: now))
        func first() -> RaisedWarning? {
            engine.raisedWarnings(customerID: 1, kind: nil, withMuted: true, limit: 1, now: now).warnings.first
        }
        #expect(first()?.mark?.who == "anna" && names(engine, 1, now + 1_000_000) == ["asr_low"])
        let restored = Engine()
        try restored.restore(engine.snapshot().tables())
        #expect(restored.warningMarkCount == 1)
        call(engine, 1, 60, answered: 60, at: now)
        now += 2_000_000
        #expect(names(engine, 1, now).isEmpty && engine.warningMarkCount == 0)
        let until = now + minute
        engine.mark(
            WarningMark(customerID: 2, warning: .noAuth, kind: .muted, who: "ben", atMicros: now, untilMicros: until))
        var edit = CustomerEdit()
        (edit.selection, edit.assignments) = (.ids([2]), ["auth="])
        _ = engine.commit(try engine.prepare(edit, now: now), idempotencyKey: [])
        var query = BoardQuery()
        query.filter = "warnings HAS no_auth"
        #expect(try engine.board(query, now: now).matched == 0 && names(engine, 2, now + 1_000_000).isEmpty)
        #expect(names(engine, 2, until) == ["no_auth"])
        #expect(try engine.board(query, now: until).matched == 1)
    }

    /// Marks are gone through only when one is due: each ends at its own time, in whatever order they were put.
    @Test(arguments: Seeds.of(3)) func mutedOnesEndAtTheirTimes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let engine = engine(40)
        var untils: [UInt32: Int64] = [:]
        for id in UInt32(1)...40 {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let kind: WarningMark.Kind = Int.random(in: 0..<5, using: &random) == 0 ? .removed : .muted
                let until = start + Int64.random(in: 1...30, using: &random) * minute
                engine.mark(
                    WarningMark(
                        customerID: id, warning: .noRouting, kind: kind, who: "", atMicros: start, untilMicros: until))
                untils[id] = kind == .muted ? until : nil
            }
        }
        for step in 0...31 {
            let now = start + Int64(step) * minute
            engine.watch(now: now)
            let muted = Set(engine.state.warnings.marks.keys.map { $0.row + 1 })
            #expect(muted == Set(untils.filter { $0.value > now }.keys), "minute \(step)")
            #expect(Set(engine.state.warnings.muted.keys.map { $0 + 1 }) == muted)
        }
    }
}
