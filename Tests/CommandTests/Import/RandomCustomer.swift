import Randomness
import SwiftProtobuf
import Terminal
import Wire

@testable import busyhour

/// Customers as a server may have them, with texts that CSV has to look after.
enum RandomCustomer {
    private static let pieces = [
        "=", "'", "+", "-1", "@", "＝", ";", ",", "|", "\"", "\n", "\r", "\t", " ", "\u{A0}", "a", "Ä", "ß", "!", "😀",
        "1e5", "#", "#NAME?", "NULL", "\\N", "4.4E+11", "#####", "Err:502", "e", "1,234", "sep=;", "\\", "\u{301}",
    ]

    static func text(upTo count: Int = 5, _ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    }

    /// An entry of a list has no blanks at its ends and is not empty.
    private static func entry(_ random: inout SeededGenerator) -> String { "x" + text(&random) + "x" }

    private static func list<Element>(
        _ random: inout SeededGenerator, _ element: (inout SeededGenerator) -> Element
    ) -> [Element] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in element(&random) }
    }

    private static func amount(_ random: inout SeededGenerator) -> Int64 {
        let known: [Int64] = [0, -1, 1, .min, .max, 12_500_000, -1_234_000, 1_234_567_000, 999_000, 1_000, -100]
        return Bool.random(using: &random)
            ? known.randomElement(using: &random)! : .random(in: -9_999_999_999...9_999_999_999, using: &random)
    }

    static func make(_ number: Int, _ random: inout SeededGenerator) -> Busyhour_V1_Customer {
        var customer = Busyhour_V1_Customer()
        customer.id = UInt32(number)
        customer.name =
            ["=", "'=", "''-", "N ", "#", "'#", "#####", "ÄÖ"].randomElement(using: &random)! + text(&random)
            + ["", "\(number)"].randomElement(using: &random)!
        // A name has more than blanks and digits.
        if customer.name.allSatisfy({ $0.isWhitespace }) { customer.name += "x" }
        (customer.currency, customer.status, customer.country) = ("EUR", "Pending Approval", "DE")
        (customer.creditMicros, customer.debitLimitMicros) = (amount(&random), amount(&random))
        (customer.channels, customer.flowSpeed) = (.random(in: 0 ... .max, using: &random), 1)
        customer.shortCallSeconds = .random(in: 0...9, using: &random)
        (customer.company, customer.accountManager) = (text(&random), text(&random))
        customer.notes = text(&random)
        customer.portalAccess = .random(using: &random)
        customer.tags = list(&random, entry)
        customer.routes = list(&random) { random in
            var route = Busyhour_V1_Route(entry(&random))
            route.enabled = Bool.random(using: &random)
            return route
        }
        customer.auth = list(&random) { .init(.sip, entry(&$0)) }
        customer.contacts = list(&random) { random in
            .with { contact in
                (contact.name, contact.kind) = (text(&random), text(&random))
                contact.email = text(&random)
                contact.mobile = ["", "+4915550100011", "004915550100012"].randomElement(using: &random)!
            }
        }
        (customer.createdAt, customer.updatedAt) = (1_700_000_000_000_000, .random(in: 0...9, using: &random))
        (customer.version, customer.lastCall) = (3, 0)
        return customer
    }
}

extension ExportColumn {
    /// What a cell of the column is, in one word.
    var reference: CustomerColumn { (CustomerColumn.all + CustomerColumn.firstContact).first { $0.name == rawValue }! }
}
