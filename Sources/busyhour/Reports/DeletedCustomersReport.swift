// Deleted customers that can be restored: when, by which change, and until when.

import Terminal
import Wire

struct DeletedCustomersReport: Report {
    var customers: [Busyhour_V1_DeletedCustomer] = []

    func lines(_ page: Page) -> [String] {
        var table = TextTable([
            .init("id", .right), .init("name", .left), .init("deleted", .left), .init("who", .left),
            .init("change", .right), .init("back until", .left),
        ])
        table.rows = customers.map { customer in
            [
                String(customer.id), customer.name, page.time(customer.deletedAt),
                customer.who.isEmpty ? "-" : customer.who, customer.change == 0 ? "-" : String(customer.change),
                page.time(customer.until),
            ].map { .init($0) }
        }
        let noun = customers.count == 1 ? "deleted customer" : "deleted customers"
        let how =
            customers.isEmpty
            ? [] : ["`busyhour customer undo ID` brings one back, `busyhour customer undo --change N` all of a change"]
        return ["\(Number.grouped(customers.count)) \(noun)"] + table.lines(page, hint: "see --format json or csv")
            + how
    }

    var json: JSONValue { .array(jsonRows) }

    var jsonRows: [JSONValue] {
        customers.map { customer in
            .object([
                .init("id", .unsigned(UInt64(customer.id))), .init("name", .text(customer.name)),
                .init("deleted_at", .time(customer.deletedAt)), .init("who", .optional(customer.who)),
                .init("change", customer.change == 0 ? .null : .unsigned(UInt64(customer.change))),
                .init("customers", customer.change == 0 ? .null : .unsigned(customer.customers)),
                .init("until", .time(customer.until)),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["id", "name", "deleted_at", "who", "change", "until"].map { .text($0) }]
            + customers.map { customer in
                [
                    .number(String(customer.id)), .text(customer.name),
                    .text(Timestamp.text(micros: customer.deletedAt)),
                    .text(customer.who), customer.change == 0 ? .text("") : .number(String(customer.change)),
                    .text(Timestamp.text(micros: customer.until)),
                ]
            }
    }
}
