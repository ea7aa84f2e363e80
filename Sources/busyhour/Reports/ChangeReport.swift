// What a change did, or would do.

import Terminal
import Wire

struct ChangeReport: Report {
    enum Verb: String { case change, delete, undo }

    var answer: Busyhour_V1_ChangeResponse
    var isDryRun: Bool
    var verb: Verb

    /// - Throws: `Refusal` with all errors.
    init(_ answer: Busyhour_V1_ChangeResponse, isDryRun: Bool, verb: Verb) throws(Refusal) {
        guard answer.errorCount == 0 else { throw Refusal(lines: Self.errors(answer)) }
        (self.answer, self.isDryRun, self.verb) = (answer, isDryRun, verb)
    }

    private static func errors(_ answer: Busyhour_V1_ChangeResponse) -> [String] {
        let lines = answer.errors.map { error in
            error.customerID == 0 || answer.matched == 1
                ? error.message : "customer \(error.customerID): \(error.message)"
        }
        let more = answer.errorCount - UInt64(answer.errors.count)
        let conclusion =
            answer.errorCount == 1 && answer.matched == 1
            ? []
            : [
                "nothing was changed: \(Number.grouped(answer.errorCount)) errors in \(Number.grouped(answer.matched)) customers"
            ]
        return lines + (more > 0 ? ["\(Number.grouped(more)) more errors"] : []) + conclusion
    }

    func lines(_ page: Page) -> [String] {
        if answer.calledOff != 0 { return [calledOff] }
        guard isDryRun else { return answer.beginsAt != 0 && answer.change != 0 ? scheduled(page) : [done] }
        if verb == .delete { return whoWouldGo(page) }
        let what = ["change": "change", "delete": "delete", "undo": "change back"][verb.rawValue] ?? verb.rawValue
        let asOf = answer.beginsAt == 0 ? "" : ", as of now; it begins \(page.time(answer.beginsAt))"
        var lines = ["would \(what) \(Self.customers(answer.changed)) of \(Number.grouped(answer.matched))\(asOf)"]
        lines += answer.notices
        lines += answer.counts.map { "  \($0.field): \(Self.customers($0.customers))" }
        guard !answer.differences.isEmpty else { return lines }
        var table = TextTable([
            .init("id", .right), .init("name", .left), .init("field", .left), .init("now", .left), .init("then", .left),
        ])
        table.rows = zip(answer.differences, names).map { difference, name in
            [
                String(difference.customerID), name, difference.field, Self.shown(difference.old),
                Self.shown(difference.new),
            ]
            .map { .init($0) }
        }
        lines += table.lines(page, hint: "see --format json or csv")
        let left = answer.counts.reduce(0) { $0 + $1.customers } - UInt64(answer.differences.count)
        return left > 0 ? lines + ["\(Number.grouped(left)) more differences; --show N shows more"] : lines
    }

    private var done: String {
        if answer.change == 0 { return "nothing to change: \(Self.customers(answer.matched)) matched" }
        switch verb {
        case .change:
            return "changed \(Self.customers(answer.changed)) of \(Number.grouped(answer.matched)); "
                + "`busyhour customer undo --change \(answer.change)` takes it back"
        case .delete:
            return "deleted \(customers); `busyhour customer undo --change \(answer.change)` brings "
                + "\(answer.changed == 1 ? "it" : "them") back within 30 days"
        case .undo: return "changed back \(Self.customers(answer.changed)), as change \(answer.change)"
        }
    }

    private func scheduled(_ page: Page) -> [String] {
        [
            "scheduled as change \(answer.change) for \(page.time(answer.beginsAt)), as of now for "
                + "\(Self.customers(answer.matched)); `busyhour customer undo --change \(answer.change)` calls it off"
        ] + answer.notices
    }

    private var calledOff: String {
        let of = "what was to come of change \(answer.calledOff)"
        return isDryRun ? "would call off \(of)" : "called off \(of), as change \(answer.change)"
    }

    private static func customers(_ count: UInt64) -> String {
        "\(Number.grouped(count)) customer\(count == 1 ? "" : "s")"
    }

    /// The number of customers and, as far as the server sent them and they are readable, their names.
    var customers: String {
        let who = zip(answer.differences, names).prefix(Self.namedCustomers).map { "\($0.customerID) '\($1)'" }
        let more = answer.changed - min(answer.changed, UInt64(who.count))
        return Self.customers(answer.changed)
            + (who.isEmpty ? "" : VisibleText.clean(": " + who.joined(separator: ", ")))
            + (who.isEmpty || more == 0 ? "" : " and \(Number.grouped(more)) more")
    }

    private static let namedCustomers = 10

    private func whoWouldGo(_ page: Page) -> [String] {
        var table = TextTable([.init("id", .right), .init("name", .left)])
        table.rows = zip(answer.differences, names).map { [.init(String($0.customerID)), .init($1)] }
        let left = answer.changed - min(answer.changed, UInt64(answer.differences.count))
        return ["would delete \(Self.customers(answer.changed))"]
            + (answer.differences.isEmpty ? [] : table.lines(page, hint: "see --format json or csv"))
            + (left > 0 ? ["\(Number.grouped(left)) more; --show N shows more"] : [])
    }

    private static func shown(_ value: String) -> String { value.isEmpty ? "-" : value }

    /// The name of the customer of each difference.
    private var names: [String] {
        var index = -1
        var last: UInt32 = 0
        return answer.differences.map { difference in
            if difference.customerID != last { index += 1 }
            last = difference.customerID
            return answer.names.indices.contains(index) ? answer.names[index] : ""
        }
    }

    var json: JSONValue {
        .object([
            .init("change", answer.change == 0 ? .null : .unsigned(UInt64(answer.change))),
            .init("dry_run", .bool(isDryRun)), .init("matched", .unsigned(answer.matched)),
            .init("begins_at", .time(answer.beginsAt)),
            .init("called_off", answer.calledOff == 0 ? .null : .unsigned(UInt64(answer.calledOff))),
            .init("notices", .array(answer.notices.map { .text($0) })),
            .init("changed", .unsigned(answer.changed)),
            .init("unchanged", .unsigned(answer.matched - min(answer.matched, answer.changed))),
            .init("counts", .object(answer.counts.map { .init($0.field, .unsigned($0.customers)) })),
            .init("differences", .array(zip(answer.differences, names).map(Self.json))),
        ])
    }

    private static func json(_ difference: Busyhour_V1_FieldDifference, _ name: String) -> JSONValue {
        .object([
            .init("id", .unsigned(UInt64(difference.customerID))), .init("name", .text(name)),
            .init("field", .text(difference.field)), .init("old", .text(difference.old)),
            .init("new", .text(difference.new)),
        ])
    }

    var csv: [[CSVText.Cell]] {
        [["id", "name", "field", "old", "new"].map { .text($0) }]
            + zip(answer.differences, names).map { difference, name in
                [
                    .number(String(difference.customerID)), .text(name), .text(difference.field), .text(difference.old),
                    .text(difference.new),
                ]
            }
    }
}
