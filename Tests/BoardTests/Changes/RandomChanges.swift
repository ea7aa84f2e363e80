import Randomness

@testable import Board

/// Random changes of an engine, and the same done the obvious way to a list of customers.
struct RandomChanges {
    var generator: SeededGenerator
    /// What the engine should have: a row each, nil once deleted.
    var model: [Customer?]
    /// The whole model before each change, by its number.
    private(set) var before: [UInt32: [Customer?]] = [:]
    private var deleted: [Int: Customer] = [:]
    private var auth: RandomAuth

    init(seed: UInt64, _ customers: [Customer]) {
        generator = SeededGenerator(seed: seed)
        model = customers
        auth = RandomAuth(seed: seed &+ 1)
    }

    /// Does one change. Returns what it was.
    mutating func step(_ engine: Engine, now: Int64) throws -> PreparedChange? {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: return try delete(engine, now: now)
        case 1, 2: return try undo(engine, now: now)
        default: return try edit(engine, now: now)
        }
    }

    private mutating func edit(_ engine: Engine, now: Int64) throws -> PreparedChange? {
        var edit = CustomerEdit()
        let ids = model.indices.filter { model[$0] != nil && Int.random(in: 0..<4, using: &generator) == 0 }
        guard !ids.isEmpty else { return nil }
        let chosen = Bool.random(using: &generator) ? [ids[0]] : ids
        edit.selection = .ids(chosen.map { UInt32($0) + 1 })
        var sets: [(inout Customer) -> Void] = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) { add(to: &edit, &sets, isOne: chosen.count == 1) }
        guard let prepared = try? engine.prepare(edit, now: now), prepared.errorCount == 0 else { return nil }
        try commit(prepared, engine)
        for row in chosen {
            guard let old = model[row] else { continue }
            var new = old
            for set in sets { set(&new) }
            guard new != old else { continue }
            new.version += 1
            new.updatedAtMicros = now
            model[row] = new
        }
        return prepared
    }

    private mutating func add(to edit: inout CustomerEdit, _ sets: inout [(inout Customer) -> Void], isOne: Bool) {
        let number = Int.random(in: 0...4, using: &generator)
        let text = ["", "Ada", "Zürich Ltd", "x"].randomElement(using: &generator)!
        let field = Int.random(in: 0..<(isOne ? 12 : 8), using: &generator)
        switch field {
        case 0:
            edit.assignments.append("channels=\(number)")
            sets.append { $0.channels = UInt32(number) }
        case 1:
            edit.assignments.append("credit+=\(number)")
            sets.append { $0.creditMicros += Int64(number) * 1_000_000 }
        case 2:
            edit.assignments.append("company='\(text)'")
            sets.append { $0.company = text }
        case 3:
            edit.assignments.append("tags+=t\(number)")
            sets.append { if !$0.tags.contains("t\(number)") { $0.tags.append("t\(number)") } }
        case 4:
            edit.assignments.append("tags-=t\(number)")
            sets.append { $0.tags.removeAll { $0 == "t\(number)" } }
        case 5:
            let status = CustomerStatus.allCases[number]
            edit.assignments.append("status=\(status.rawValue)")
            sets.append { $0.status = status }
        case 6:
            edit.assignments.append("portal_access=\(number > 2)")
            sets.append { $0.portalAccess = number > 2 }
        case 7:
            edit.assignments.append("notes=\(text)")
            sets.append { $0.notes = text }
        case 8:
            let name = "Name \(Int.random(in: 0..<12, using: &generator))"
            edit.assignments.append("name=\(name)")
            sets.append { $0.name = name }
        case 10:
            let entries = (0..<number).map { _ in auth.entry() }
            edit.assignments.append("auth=\(ListText.text(entries.map(\.listed)))")
            sets.append { $0.auth = entries }
        case 9:
            let user = "u\(Int.random(in: 0..<9, using: &generator))"
            edit.assignments.append("auth=sip:\(user)")
            sets.append { $0.auth = [.sip(user)] }
        default:
            edit.assignments.append("routes=r\(number)")
            sets.append { $0.routes = [Route(name: "r\(number)")] }
        }
    }

    private mutating func delete(_ engine: Engine, now: Int64) throws -> PreparedChange? {
        let there = model.indices.filter { model[$0] != nil }
        guard there.count > 3, let row = there.randomElement(using: &generator) else { return nil }
        let prepared = try engine.prepareDelete(.ids([UInt32(row) + 1]), expectedVersion: 0, who: "x", now: now)
        try commit(prepared, engine)
        deleted[row] = model[row]
        deleted[row]?.version += 1
        deleted[row]?.updatedAtMicros = now
        model[row] = nil
        return prepared
    }

    private mutating func undo(_ engine: Engine, now: Int64) throws -> PreparedChange? {
        guard let newest = engine.history(before: 0, limit: 1).first?.number, newest > 1 else { return nil }
        let number = UInt32.random(
            in: max(2, Int64(newest) - 12 > 0 ? newest - min(newest, 12) : 2)...newest, using: &generator)
        guard number > 1, let undone = engine.change(number),
            let prepared = try? engine.prepareUndo(customerID: 0, number: number, who: "y", now: now),
            prepared.errorCount == 0
        else { return nil }
        try commit(prepared, engine)
        // The obvious way: every field of the undone change has what it had before it.
        guard let old = before[number] else { return prepared }
        for row in undone.rows.rows.map(Int.init) {
            if undone.fields.contains(where: { $0.field == .deleted }) {
                if model[row] == nil {
                    model[row] = deleted[row]
                } else {
                    deleted[row] = model[row]
                    model[row] = nil
                    deleted[row]?.version += 1
                    deleted[row]?.updatedAtMicros = now
                    continue
                }
            } else if let was = old[row], var customer = model[row] {
                for field in undone.fields.map(\.field) {
                    if field.isNumber {
                        customer.set(field, to: was.number(field))
                    } else {
                        customer.set(field, to: was.value(field))
                    }
                }
                model[row] = customer
            }
            model[row]?.version += 1
            model[row]?.updatedAtMicros = now
        }
        return prepared
    }

    private mutating func commit(_ prepared: PreparedChange, _ engine: Engine) throws {
        let result = engine.commit(prepared, idempotencyKey: [])
        if result.number != 0 { before[result.number] = model }
    }
}
