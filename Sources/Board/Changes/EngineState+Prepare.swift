// From a request to a change ready to commit: rows are selected, values computed from the customers' present values,
// and everything is checked. Nothing changes here.

import Columnar

extension EngineState {
    /// - Parameter isAhead: other customers' present values may be free by then; a conflict is only a notice.
    mutating func prepare(
        _ edit: CustomerEdit, isAhead: Bool = false, now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        if edit.beginAtMicros != 0 { return try preparePlan(edit, now: now) }
        advance(now: now)
        let window = edit.selection.window
        let assignments = try EngineState.assignments(edit, window)
        let rows = try rows(edit.selection, now: now)
        try checkVersion(edit, assignments, rows)
        prepareColumns(assignments)
        var check = CustomerCheck(table: customers, auth: auth, isAhead: isAhead)
        let edits = edits(edit, assignments, rows, &check)
        var changed = [Bool](repeating: false, count: rows.count)
        for edit in edits { edit.mark(&changed) }
        var prepared = PreparedChange()
        prepared.matched = rows.count
        prepared.change = next(.edited, who: edit.who, now: now)
        let places = changed.indices.filter { changed[$0] }
        let isWhole = places.count == rows.count
        let changedRows = isWhole ? rows : places.map { rows[$0] }
        prepared.change.rows = RowSet(changedRows)
        prepared.change.fields = edits.compactMap { edit in
            let change = FieldChange(
                field: edit.field, old: isWhole ? edit.old : edit.old.picked(places),
                new: isWhole ? edit.new : edit.new.picked(places))
            return change.old == change.new ? nil : change
        }
        prepared.change.note = ChangeNote(edit, customers: rows.count)
        checkValues(prepared.change, changedRows, &check)
        (prepared.errors, prepared.errorCount, prepared.notices) = (check.errors, check.errorCount, check.notices)
        if edit.undoAtMicros != 0 { try schedule(&prepared.change, at: edit.undoAtMicros, now: now) }
        return prepared
    }

    private func schedule(_ change: inout Change, at micros: Int64, now: Int64) throws(ChangeRefusal) {
        guard micros > now, micros - now <= BoardLimits.scheduleMicros else {
            throw .invalid(
                QueryError(
                    "a change is set back within \(BoardLimits.scheduleMicros / 86_400_000_000) days from now, not before"
                ))
        }
        change.undoAtMicros = micros
        try checkRoom(for: change)
    }

    /// A waiting change is retained however old it is, so their total size has a limit.
    func checkRoom(for change: Change) throws(ChangeRefusal) {
        guard changes.pendingBytes + change.byteSize <= BoardLimits.changeLogBytes else {
            throw .conflict("too many changes wait for their time; undo some, or set this one back by hand")
        }
    }

    /// Deletes customers, all of them or none.
    mutating func prepareDelete(
        _ selection: CustomerEdit.Selection, expectedVersion: UInt32, expectedSelection: UInt64 = 0, who: String,
        now: Int64
    ) throws(ChangeRefusal) -> PreparedChange {
        advance(now: now)
        var edit = CustomerEdit()
        (edit.selection, edit.expectedVersion) = (selection, expectedVersion)
        let rows = try rows(selection, now: now)
        try checkVersion(edit, [], rows)
        var prepared = PreparedChange()
        prepared.matched = rows.count
        prepared.selectionHash = rows.reduce(1) { ByteHash.step($0, UInt64($1)) }
        guard expectedSelection == 0 || expectedSelection == prepared.selectionHash else {
            throw .conflict("other customers match now than before, \(rows.count); check the selection and try again")
        }
        prepared.change = next(.deleted, who: who, now: now)
        prepared.change.rows = RowSet(rows)
        prepared.change.fields = [deletion(rows, atMicros: prepared.change.atMicros)]
        prepared.change.note = ChangeNote(selection)
        return prepared
    }

    /// The next change, still empty.
    func next(_ kind: Change.Kind, who: String, now: Int64) -> Change {
        var change = Change()
        change.number = changes.lastNumber + 1
        // Wall-clock time: when it was made, not the time of the calls.
        change.atMicros = max(1, now)
        change.kind = kind
        change.who = String(decoding: who.utf8.prefix(BoardLimits.whoBytes), as: UTF8.self)
        return change
    }

    func deletion(_ rows: [UInt32], atMicros: Int64) -> FieldChange {
        FieldChange(
            field: .deleted, old: customers.values(.deleted, rows),
            new: .numbers(PackedNumbers(repeating: atMicros, count: rows.count)))
    }

    // MARK: - Which customers

    /// Rows of existing customers, ascending.
    mutating func rows(
        _ selection: CustomerEdit.Selection, now: Int64
    ) throws(ChangeRefusal) -> [UInt32] {
        switch selection {
        case .name(let name):
            guard let row = customers.row(named: name) else { throw .notFound(absence(named: name)) }
            return [UInt32(row)]
        case .ids(let ids):
            guard !ids.isEmpty else { throw .invalid(QueryError("no customer is named; give ids or a condition")) }
            var rows: [UInt32] = []
            for id in ids.sorted() where rows.last != id &- 1 {
                guard let row = customers.row(id: id) else { throw .notFound(absence(of: id)) }
                rows.append(UInt32(row))
            }
            return rows
        case .query(let query):
            do throws(QueryError) {
                return try rows(query)
            } catch {
                throw .invalid(error)
            }
        }
    }

    /// Why there is no customer with this id.
    func absence(of id: UInt32) -> String {
        guard id >= 1, Int(id) <= customers.count else { return "no customer with id \(id)" }
        return "customer \(id) '\(customers.names[Int(id) - 1])' is deleted; "
            + "`busyhour customer undo \(id)` brings it back within 30 days"
    }

    mutating func rows(_ query: BoardQuery) throws(QueryError) -> [UInt32] {
        let plan = try BoardPlan(query, nowMicros: nowMicros)
        for window in Window.allCases where plan.reads({ $0.name == "cps_peak" && $1 == window }) {
            timeline.refreshPeaks(window)
        }
        if plan.searches { searchIndex.update(customers) }
        let setups = setupsColumn(isRead: plan.reads { metric, _ in metric.name == "cps" })
        let cells = RowCells(self, setups: setups, delays: delays(of: plan.rowQuantileWindows) { $1($0) })
        var selector = RowSelector(
            self, test(plan) { cells.cell($0, $1) }, cached: [], deltaLogs, { [self] in column($0, setups: setups) })
        var rows: [UInt32] = []
        var words = [UInt64](repeating: 0, count: ChunkSize.rows / 64 + 1)
        for chunk in 0..<customers.chunkCount {
            let inChunk = customers.statuses.rows(inChunk: chunk)
            words.withUnsafeMutableBufferPointer { words in
                let words = UnsafeMutableBufferPointer(rebasing: words[..<((inChunk.count + 63) >> 6)])
                guard selector.select(chunk, rows: inChunk.count, into: words) > 0 else { return }
                RowFilter.forEachBit(words) { rows.append(UInt32(inChunk.lowerBound + $0)) }
            }
        }
        return rows
    }

    // MARK: - Assignments

    private static func assignments(_ edit: CustomerEdit, _ window: Window) throws(ChangeRefusal) -> [Assignment] {
        guard edit.assignments.count <= BoardLimits.assignments else {
            throw .invalid(QueryError("at most \(BoardLimits.assignments) assignments are done at a time"))
        }
        var assignments: [Assignment] = []
        do throws(QueryError) {
            for text in edit.assignments {
                let assignment = try Assignment(text, window: window)
                if assignment.setsAll,
                    assignments.contains(where: { $0.field == assignment.field })
                        || edit.fields.contains(assignment.field)
                {
                    throw QueryError("\(assignment.field.name) is set twice; leave one out", expression: text)
                }
                assignments.append(assignment)
            }
        } catch {
            throw .invalid(error)
        }
        guard !assignments.isEmpty || !edit.fields.isEmpty else {
            throw .invalid(QueryError("nothing is set; give field=value, as channels=30"))
        }
        return assignments
    }

    /// Refuses an edit based on an older version, and shows the newest one.
    private func checkVersion(
        _ edit: CustomerEdit, _ assignments: [Assignment], _ rows: [UInt32]
    ) throws(ChangeRefusal) {
        guard edit.expectedVersion != 0 else { return }
        guard rows.count == 1, let row = rows.first.map(Int.init) else {
            throw .invalid(QueryError("a version is that of one customer; leave it out, or edit one"))
        }
        let version = customers.versions[row]
        guard version != edit.expectedVersion else { return }
        let fields = edit.fields + assignments.map(\.field).filter { !edit.fields.contains($0) }
        var seen: Set<ChangedField> = []
        let values = fields.filter { seen.insert($0).inserted }.map { field in
            let now =
                field.isNumber
                ? field.shown(customers.numbers(field, [UInt32(row)])[0]) : customers.value(field, row).shown
            let wanted = field.isNumber ? field.shown(edit.values.number(field)) : edit.values.value(field).shown
            let yours =
                edit.fields.contains(field)
                ? "\(field.name)=\(wanted)" : edit.assignments[assignments.firstIndex { $0.field == field } ?? 0]
            return "\(field.name) is \(now) now, you set \(yours)"
        }
        let who = lastChange(of: UInt32(row)).map { ", by \($0)" } ?? ""
        throw .conflict(
            "customer \(row + 1) '\(customers.names[row])' is at version \(version)\(who), not \(edit.expectedVersion)"
                + (values.isEmpty ? "" : ": " + values.joined(separator: "; ")) + "; reload the customer and try again")
    }

    private func lastChange(of row: UInt32) -> String? {
        var who: String?
        changes.forEachNewestFirst { change in
            if change.rows.contains(row) || change.hasCreated(row: row) { who = change.who }
            return who == nil
        }
        return who.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Prepares values that expressions read and columns do not hold.
    private mutating func prepareColumns(_ assignments: [Assignment]) {
        for window in Window.allCases {
            let reads = { (column: BoardColumn) in
                if case .metric(let metric, window) = column { metric.name == "cps_peak" } else { false }
            }
            if assignments.contains(where: { $0.expression?.reads(reads) ?? false }) { timeline.refreshPeaks(window) }
        }
    }

    private func edits(
        _ edit: CustomerEdit, _ assignments: [Assignment], _ rows: [UInt32], _ check: inout CustomerCheck
    ) -> [FieldEdit] {
        let expressions = assignments.compactMap(\.expression)
        let isSetupRead = expressions.contains { $0.reads { $0.isMetric("cps") } }
        let windows = Set(
            Window.allCases.filter { window in expressions.contains { $0.reads { $0.isQuantile(of: window) } } })
        let cells = RowCells(
            self, setups: setupsColumn(isRead: isSetupRead), delays: delays(of: windows) { $1($0) })
        var edits: [FieldEdit] = []
        let given = edit.fields.map { field in
            (
                field,
                field.isNumber ? Assignment.Value.number(edit.values.number(field)) : .value(edit.values.value(field))
            )
        }
        for (field, value) in given + assignments.map({ ($0.field, $0.value) }) {
            if !edits.contains(where: { $0.field == field }) { edits.append(FieldEdit(field, customers, rows)) }
            let place = edits.firstIndex { $0.field == field } ?? 0
            let cell = { (column: BoardColumn, row: Int) in cells.cell(column, row) }
            edits[place].assign(value, rows, cell: cell) { message, row in
                check.report(field.name, message, row: row, index: Int(row))
            }
        }
        return edits
    }

    // MARK: - Checks

    func checkValues(_ change: Change, _ rows: [UInt32], _ check: inout CustomerCheck) {
        let limit = ColumnarLimits.dictionaryValues
        for field in change.fields {
            guard case .coded(let codes, let values) = field.new else { continue }
            // More values than a column can hold; only a program gets there.
            if let column = customers.dictionary(field.field), column.values.count + values.count > limit {
                check.report(
                    field.field.name, "there would be more than \(limit) different values", row: rows[0], index: 0)
                continue
            }
            if field.field == .name || field.field == .auth || field.field == .contacts {
                for (place, row) in rows.enumerated() {
                    check.check(field.field, values[Int(codes[place])], row: row, index: Int(row))
                }
            } else {
                checkOnce(field.field, codes, values, rows, &check)
            }
        }
        if change.fields.contains(where: { $0.field.isMoney }) { checkSums(change, rows, &check) }
    }

    /// Checks each different value once, for the first customer that gets it.
    private func checkOnce(
        _ field: ChangedField, _ codes: PackedNumbers, _ values: [FieldValue], _ rows: [UInt32],
        _ check: inout CustomerCheck
    ) {
        var isChecked = [Bool](repeating: false, count: values.count)
        var left = values.count
        for (place, row) in rows.enumerated() where left > 0 {
            let code = Int(codes[place])
            if isChecked[code] { continue }
            isChecked[code] = true
            left -= 1
            check.check(field, values[code], row: row, index: Int(row))
        }
    }

    private func checkSums(_ change: Change, _ rows: [UInt32], _ check: inout CustomerCheck) {
        let credits = change.fields.first { $0.field == .credit }?.new
        let limits = change.fields.first { $0.field == .debitLimit }?.new
        for (place, row) in rows.enumerated() {
            let credit = credits?.number(place) ?? customers.creditMicros[Int(row)]
            let limit = limits?.number(place) ?? customers.debitLimitMicros[Int(row)]
            if credit.addingReportingOverflow(limit).overflow {
                check.checkSum(credit: credit, debitLimit: limit, row: row, index: Int(row))
            }
        }
    }
}

extension CustomerEdit.Selection {
    fileprivate var window: Window { if case .query(let query) = self { query.window } else { .fifteenMinutes } }
}

extension Assignment {
    fileprivate var expression: Expression? { if case .expression(let expression) = value { expression } else { nil } }

    /// Whether it replaces whatever was there or set before.
    fileprivate var setsAll: Bool {
        switch value {
        case .expression, .number, .value: true
        case .adding, .removing, .contact: false
        }
    }
}

extension BoardColumn {
    fileprivate func isMetric(_ name: String) -> Bool {
        if case .metric(let metric, _) = self { metric.name == name } else { false }
    }

    fileprivate func isQuantile(of window: Window) -> Bool {
        if case .metric(let metric, window) = self, case .pddQuantile = metric.formula { true } else { false }
    }
}
