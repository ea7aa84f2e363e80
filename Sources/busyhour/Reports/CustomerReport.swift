// Customers with their stored fields, by the names of the contract.

import CallEvents
import Terminal
import Wire

/// One customer, a field per line, then its figures and its warnings.
struct CustomerReport: Report {
    var customer: Busyhour_V1_Customer
    /// For people: scheduled changes that name the customer.
    var scheduled = Busyhour_V1_ScheduledResponse()
    /// The outcome of its money.
    var money = MoneyReport()
    /// A board of this customer alone; nil: not asked for.
    var board: BoardReport?
    var warnings = Busyhour_V1_WarningsResponse()

    func lines(_ page: Page) -> [String] {
        let fields = CustomerColumn.all.filter { $0.name != "contacts" }.map { ($0.name, $0.text(customer, page)) }
        let contacts = customer.contacts.map { contact in
            (
                "contact",
                [contact.name, contact.email, contact.mobile, contact.kind].filter { !$0.isEmpty }.joined(
                    separator: ", ")
            )
        }
        var toCome = scheduled.entries.map {
            ("scheduled", "\(page.time($0.at))  \(PlannedText.what($0, page.zone)) (change \($0.change))")
        }
        let more = scheduled.total - min(scheduled.total, UInt64(toCome.count))
        if more > 0 { toCome.append(("scheduled", "\(Number.grouped(more)) more; see `busyhour customer scheduled`")) }
        let stored = (fields + contacts + money.facts(page) + toCome).map(Self.line)
        let figures = CustomerFigures(board: board, customer: customer).facts(page).map(Self.line)
        return stored + (figures.isEmpty ? [] : [""] + figures) + warningLines(page)
    }

    private static func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 20 - name.count)) + (text.isEmpty ? "-" : VisibleText.clean(text))
    }

    private func warningLines(_ page: Page) -> [String] {
        warnings.warnings.isEmpty ? [] : [""] + warnings.warnings.map { Self.line("warning", Self.text($0, page)) }
    }

    /// `credit_low (warn): 300.5, since 2026-03-04 05:06:07Z, seen by anna`.
    private static func text(_ warning: Busyhour_V1_Warning, _ page: Page) -> String {
        let mark = WarningsReport.mark(warning, page)
        let parts = [
            warning.hasMeasured_p ? Number.fixed(warning.measured, decimals: 1) : "", warning.reason,
            warning.raisedAt == 0 ? "" : "since \(page.time(warning.raisedAt))", mark == "-" ? "" : mark,
        ].filter { !$0.isEmpty }
        let head = "\(warning.warning) (\(warning.level))"
        return parts.isEmpty ? head : head + ": " + parts.joined(separator: ", ")
    }

    var json: JSONValue {
        CustomerColumn.json(
            customer,
            and: [
                .init("money", money.json), .init("figures", CustomerFigures(board: board, customer: customer).json),
                .init("warnings", .array(WarningsReport(answer: warnings).jsonRows)),
            ])
    }

    var csv: [[CSVText.Cell]] { CustomersReport(customers: [customer]).csv }
}

/// A new customer: people get only the id.
struct CreatedCustomerReport: Report {
    var customer: Busyhour_V1_Customer

    func lines(_ page: Page) -> [String] { [String(customer.id)] }
    var json: JSONValue { CustomerColumn.json(customer) }
    var csv: [[CSVText.Cell]] { CustomersReport(customers: [customer]).csv }
}

/// Customers, one per line.
struct CustomersReport: Report {
    var customers: [Busyhour_V1_Customer] = []
    /// How many there are that match; nil: these.
    var matched: UInt64?

    func lines(_ page: Page) -> [String] {
        let shown = [
            "id", "name", "status", "currency", "credit", "debit_limit", "channels", "flow_speed", "country", "auth",
        ]
        let columns = shown.compactMap { name in CustomerColumn.all.first { $0.name == name } }
        var table = TextTable(columns.map { .init($0.name, $0.isNumber ? .right : .left) })
        table.rows = customers.map { customer in
            columns.map { column in
                if let micros = column.money?(customer) {
                    let digits = page.moneyDigits ?? CurrencyCode.decimals(customer.currency)
                    return .init(Money.text(micros: micros, decimals: digits))
                }
                let text = column.text(customer, page)
                return .init(text.isEmpty ? "-" : text)
            }
        }
        for (place, column) in columns.enumerated() where column.money != nil { table.alignAmounts(column: place) }
        let total = matched ?? UInt64(customers.count)
        let noun = total == 1 ? "customer" : "customers"
        let countShown = total == UInt64(customers.count) ? "" : ", \(Number.grouped(customers.count)) shown"
        return ["\(Number.grouped(total)) \(noun)\(countShown)"] + table.lines(page, hint: "see --format json or csv")
    }

    var json: JSONValue { .array(jsonRows) }
    var jsonRows: [JSONValue] { customers.map(CustomerColumn.json) }

    /// As read by `import`.
    var csv: [[CSVText.Cell]] {
        [CustomerColumn.all.map { .text($0.name) }]
            + customers.map { customer in CustomerColumn.all.map { $0.csv(customer) } }
    }
}
