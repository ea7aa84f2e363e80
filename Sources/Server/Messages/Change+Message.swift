// Edits, deletes and histories between the board and the wire.

import Board
import Wire

extension CustomerEdit {
    init(_ message: Busyhour_V1_EditCustomersRequest, _ host: EngineHost) throws(RequestError) {
        self.init()
        selection = try Selection(message.selection, who: message.who, host)
        assignments = message.set
        expectedVersion = message.expectedVersion
        beginAtMicros = message.beginAt
        undoAtMicros = message.undoAt
        who = EngineHost.who(message.who)
        guard message.fields.count <= ChangedField.allCases.count else {
            throw RequestError(.invalidArgument, "\(message.fields.count) fields are named; name each once")
        }
        for name in message.fields {
            guard let field = ChangedField(name: name), !fields.contains(field) else {
                throw RequestError(.invalidArgument, "'\(name)' is no field that can be set, or is named twice")
            }
            fields.append(field)
        }
        do throws(CustomerError) {
            if !fields.isEmpty { values = try Customer(message.values, index: 0) }
        } catch {
            throw RequestError(.invalidArgument, error.message)
        }
    }
}

extension CustomerEdit.Selection {
    init(_ message: Busyhour_V1_Selection, who: String, _ host: EngineHost) throws(RequestError) {
        let hasQuery =
            message.all || !message.layout.isEmpty || !message.where.isEmpty || !message.search.isEmpty
            || !message.status.isEmpty
        let ways = [!message.ids.isEmpty, !message.name.isEmpty, hasQuery].count { $0 }
        guard ways == 1 else {
            throw RequestError(
                .invalidArgument,
                ways == 0
                    ? "no customer is named; give ids, a name or a condition"
                    : "customers are named in several ways; give ids, a name or a condition")
        }
        if hasQuery {
            var request = Busyhour_V1_BoardRequest()
            (request.layout, request.who, request.where) = (message.layout, who, message.where)
            (request.search, request.status, request.window) = (message.search, message.status, message.window)
            self = .query(try host.customersQuery(request))
        } else {
            self = message.name.isEmpty ? .ids(message.ids) : .name(message.name)
        }
    }
}

extension RequestError {
    init(_ refusal: ChangeRefusal) {
        switch refusal {
        case .invalid(let error): self.init(error)
        case .notFound(let message): self.init(.notFound, message)
        case .conflict(let message): self.init(.conflict, message)
        }
    }
}

extension Busyhour_V1_ChangeResponse {
    init(_ result: ChangeResult) {
        self.init()
        change = result.number
        matched = UInt64(result.matched)
        changed = UInt64(result.changed)
    }

    init(_ prepared: PreparedChange) {
        self.init()
        matched = UInt64(prepared.matched)
        changed = UInt64((prepared.preview ?? prepared.change).customerCount)
        notices = prepared.notices
        selection = prepared.selectionHash
        calledOff = prepared.change.kind == .calledOff ? prepared.change.later.of : 0
        errors = prepared.errors.map(Busyhour_V1_RowError.init)
        errorCount = UInt64(prepared.errorCount)
    }

    mutating func show(_ change: Change, limit: Int, _ engine: Engine) {
        guard limit > 0 else { return }
        counts = change.countByField.map { field, count in
            var message = Busyhour_V1_FieldCount()
            message.field = field
            message.customers = UInt64(count)
            return message
        }
        var last: UInt32 = 0
        for shown in change.shown(limit: limit) {
            differences.append(Busyhour_V1_FieldDifference(shown))
            if shown.customerID != last { names.append(engine.nameEver(of: shown.customerID)) }
            last = shown.customerID
        }
    }
}

extension Busyhour_V1_FieldDifference {
    init(_ shown: ShownChange) {
        self.init()
        customerID = shown.customerID
        field = shown.field
        old = shown.old
        new = shown.new
    }
}

extension Busyhour_V1_ChangeEntry {
    init(_ change: Change, _ differences: [ShownChange]) {
        self.init()
        self.change = change.number
        at = change.atMicros
        who = change.who
        kind = "\(change.kind)"
        customers = UInt64(change.customerCount)
        undoes = change.undoes
        undoneBy = change.undoneBy
        undoAt = change.undoAtMicros
        let note = change.note
        (set, byCondition) = (note.assignments, note.isByCondition)
        (self.where, search, status) = (note.filter, note.search, note.status)
        (file, rows) = (note.file, note.fileRows)
        (leftOut, leftOutFor) = (UInt64(note.leftOutCount), note.leftOutFor)
        self.differences = differences.map(Busyhour_V1_FieldDifference.init)
    }
}
