// Customers with their stored fields, by the names of the contract.

import Terminal
import Wire

/// One customer, a field a line.
struct CustomerReport: Report {
    var customer: Busyhour_V1_Customer
    /// For people: what is to come that names the customer.
    var scheduled = Busyhour_V1_ScheduledResponse()
    /// What has become of its money.
    var money = MoneyReport()

    func lines(_ page: Page) -> [String] {
        let fields = CustomerColumn.all.filter { $0.name != "contacts" }.map { ($0.name, $0.text(customer)) }
        let contacts = customer.contacts.map { contact in
            (
                "contact",
                [contact.name, contact.email, contact.mobile, contact.kind].filter { !$0.isEmpty }.joined(
                    separator: ", ")
            )
        }
        var toCome = scheduled.entries.map {
            ("scheduled", "\(Timestamp.short(micros: $0.at))  \(PlannedText.what($0)) (change \($0.change))")
        }
        let more = scheduled.total - min(scheduled.total, UInt64(toCome.count))
        if more > 0 { toCome.append(("scheduled", "\(Number.grouped(more)) more; see `busyhour customer scheduled`")) }
        return (fields + contacts + money.facts + toCome).map { name, text in
            name + String(repeating: " ", count: max(1, 20 - name.count))
                + (text.isEmpty ? "-" : VisibleText.clean(text))
        }
    }

    var json: JSONValue { CustomerColumn.json(customer, and: [.init("money", money.json)]) }
    var csv: [[CSVText.Cell]] { CustomersReport(customers: [customer]).csv }
}

/// A new customer: people get the id alone.
struct CreatedCustomerReport: Report {
    var customer: Busyhour_V1_Customer

    func lines(_ page: Page) -> [String] { [String(customer.id)] }
    var json: JSONValue { CustomerColumn.json(customer) }
    var csv: [[CSVText.Cell]] { CustomersReport(customers: [customer]).csv }
}

/// Customers, one a line.
struct CustomersReport: Report {
    var customers: [Busyhour_V1_Customer] = []

    func lines(_ page: Page) -> [String] {
        let shown = [
            "id", "name", "status", "currency", "credit", "debit_limit", "channels", "flow_speed", "country", "auth",
        ]
        let columns = shown.compactMap { name in CustomerColumn.all.first { $0.name == name } }
        var table = TextTable(columns.map { .init($0.name, $0.isNumber ? .right : .left) })
        table.rows = customers.map { customer in
            columns.map { column in
                let text = column.text(customer)
                return .init(text.isEmpty ? "-" : text)
            }
        }
        let noun = customers.count == 1 ? "customer" : "customers"
        return ["\(Number.grouped(customers.count)) \(noun)"] + table.lines(page, hint: "see --format json or csv")
    }

    var json: JSONValue { .array(jsonRows) }
    var jsonRows: [JSONValue] { customers.map(CustomerColumn.json) }

    /// As `import` reads it.
    var csv: [[CSVText.Cell]] {
        [CustomerColumn.all.map { .text($0.name) }]
            + customers.map { customer in CustomerColumn.all.map { $0.csv(customer) } }
    }
}
