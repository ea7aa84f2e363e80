// Edits that begin later between the board and the wire.

import Board
import Wire

extension Busyhour_V1_PlannedEdit {
    init(_ edit: CustomerEdit) {
        self.init()
        beginAt = edit.beginAtMicros
        undoAt = edit.undoAtMicros
        set = edit.written
        switch edit.selection {
        case .ids(let ids):
            customers = UInt64(ids.count)
            selection.ids = Array(ids.prefix(Limits.shownPlannedIDs))
        case .name(let name): selection.name = name
        case .query(let query):
            (selection.where, selection.search) = (query.filter, query.search)
            (selection.status, selection.window) = (query.status, query.window.name)
            selection.all = query.filter.isEmpty && query.search.isEmpty && query.status.isEmpty
        }
    }
}

extension Busyhour_V1_ScheduledEntry {
    init(_ change: ScheduledChange) {
        self.init()
        self.change = change.number
        at = change.atMicros
        askedAt = change.askedAtMicros
        who = change.who
        if let edit = change.edit {
            self.edit = Busyhour_V1_PlannedEdit(edit)
        } else {
            customers = UInt64(change.customerCount)
            fields = change.fields.map(\.name)
        }
    }
}

extension Busyhour_V1_ChangeEntry {
    /// Includes how it relates to what begins later.
    init(_ change: Change, _ differences: [ShownChange], _ engine: Engine) {
        self.init(change, differences)
        kind = change.kind.name
        let later = change.later
        (of, carriedOutBy, calledOffBy) = (later.of, later.carriedOutBy, later.calledOffBy)
        (lateMicros, failed, remark) = (later.lateMicros, later.hasFailed, later.remark)
        if let edit = engine.plannedEdit(of: change) { planned = Busyhour_V1_PlannedEdit(edit) }
    }
}

extension Change.Kind {
    /// The name on the wire.
    var name: String { self == .calledOff ? "called_off" : "\(self)" }
}
