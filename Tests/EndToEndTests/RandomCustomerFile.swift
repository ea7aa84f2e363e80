// A file of customers as an operator may have saved it: valid, with what it says of each customer.

import Foundation
import Randomness

struct RandomCustomerFile {
    struct Row {
        /// Cells by field, as they are written.
        var cells: [String: String]
        /// What `customer list --format json` shows of it.
        var told: NSDictionary
    }

    static let fields = [
        "name", "currency", "status", "credit", "debit_limit", "channels", "flow_speed", "portal_access", "country",
        "company", "account_manager", "tags", "auth", "routes", "short_call_seconds", "notes", "contact_name",
        "contact_email", "contact_mobile", "contact_kind",
    ]

    /// The fields in the order of the columns.
    var columns: [String] = []
    var rows: [Row] = []
    var separator = ","
    var decimalComma = false
    private var hasSeparatorLine = false
    private var lineEnd = "\n"
    private var encoding = String.Encoding.utf8
    private var hasMark = false

    init(rows count: Int, _ random: inout SeededGenerator) {
        columns = Self.fields.shuffled(using: &random)
        separator = [",", ";", "\t", "|"].randomElement(using: &random)!
        hasSeparatorLine = .random(using: &random)
        lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &random)!
        encoding = [.utf8, .utf8, .utf16LittleEndian, .utf16BigEndian].randomElement(using: &random)!
        hasMark = .random(using: &random)
        decimalComma = .random(using: &random)
        rows = (0..<count).map { Self.row($0, decimalComma, &random) }
    }

    /// The number of a row as a spreadsheet shows it.
    func number(_ index: Int) -> Int { index + 2 + (hasSeparatorLine ? 1 : 0) }

    /// The letter of a field's column.
    func letter(_ field: String) -> String {
        String(UnicodeScalar(UInt8(65 + (columns.firstIndex(of: field) ?? 25))))
    }

    /// - Parameter quotes: whether a cell stands in quotes that needs none.
    func bytes(_ rows: [Row], _ random: inout SeededGenerator) -> Data {
        func cell(_ text: String) -> String {
            let isPlain = !text.unicodeScalars.contains { "\"\r\n,;\t|".unicodeScalars.contains($0) }
            return isPlain && Int.random(in: 0..<4, using: &random) > 0
                ? text : "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        }
        var lines = hasSeparatorLine ? ["sep=\(separator)"] : []
        lines.append(columns.joined(separator: separator))
        for row in rows { lines.append(columns.map { cell(row.cells[$0] ?? "") }.joined(separator: separator)) }
        let text = lines.joined(separator: lineEnd) + lineEnd
        return (hasMark ? "\u{FEFF}" : "").data(using: encoding)! + text.data(using: encoding)!
    }

    // ---- a customer -----------------------------------------------------------------------------------------

    private static func row(_ index: Int, _ decimalComma: Bool, _ random: inout SeededGenerator) -> Row {
        let pieces = ["Ä", "ß", "ł", "€", "a", "x", "\"", ",", ";", "'", "#1", "E4", " ", "(b)", "N", "-"]
        func word() -> String {
            "x" + (0..<3).map { _ in pieces.randomElement(using: &random)! }.joined() + "y"
        }
        func entry() -> String { word().filter { $0 != ";" } }
        let (credit, micros) = amount(decimalComma, &random)
        let (debit, debitMicros) = amount(decimalComma, &random)
        let name = "Kunde \(index) " + word()
        let (company, manager, notes, contact) = (word(), word(), word() + "\n" + word(), word())
        let (tags, route, kind) = ([entry(), "b\(index)"], entry(), "noc")
        let currency = ["EUR", "USD", "CHF", "JPY"].randomElement(using: &random)!
        let status = ["Active", "Inactive", "Pending", "Pending Approval", "Penalty"].randomElement(using: &random)!
        let country = ["DE", "US", "JP", "GB"].randomElement(using: &random)!
        let (channels, flow, short) = (index * 7, index % 5, index % 30)
        let portal = Bool.random(using: &random)
        let flag = portal ? ["yes", "true", "1", "ON"] : ["no", "false", "0", "Off"]
        func folded(_ text: String) -> String { Bool.random(using: &random) ? text.lowercased() : text }
        let cells = [
            "name": name, "currency": folded(currency), "status": folded(status), "credit": credit,
            "debit_limit": debit, "channels": "\(channels)", "flow_speed": "\(flow)",
            "portal_access": flag.randomElement(using: &random)!, "country": folded(country), "company": company,
            "account_manager": manager, "tags": tags.joined(separator: ";"),
            "auth": "ip:10.7.\(index / 200).\(index % 200);sip:user\(index)", "routes": "\(route);!off",
            "short_call_seconds": "\(short)", "notes": notes, "contact_name": contact,
            "contact_email": "a\(index)@müller.example", "contact_mobile": "+49155501\(10_000 + index)",
            "contact_kind": kind,
        ]
        let told: NSDictionary = [
            "name": name, "currency": currency, "status": status, "credit": text(micros),
            "debit_limit": text(debitMicros),
            "channels": channels, "flow_speed": flow, "portal_access": portal, "country": country, "company": company,
            "account_manager": manager, "tags": tags,
            "auth": [["ip": "10.7.\(index / 200).\(index % 200)"], ["sip": "user\(index)"]],
            "routes": [["name": route, "enabled": true], ["name": "off", "enabled": false]],
            "short_call_seconds": short, "notes": notes,
            "contacts": [
                [
                    "name": contact, "email": "a\(index)@müller.example", "mobile": "+49155501\(10_000 + index)",
                    "kind": kind,
                ]
            ],
        ]
        return Row(cells: cells, told: told)
    }

    /// As a spreadsheet may write it, and what it is.
    private static func amount(_ decimalComma: Bool, _ random: inout SeededGenerator) -> (text: String, micros: Int64) {
        let micros = Int64.random(in: -5_000_000_000_000...5_000_000_000_000, using: &random) / 10_000 * 10_000
        let (units, hundredths) = (micros.magnitude / 1_000_000, micros.magnitude % 1_000_000 / 10_000)
        let sign = micros < 0 ? "-" : ""
        let decimals = (hundredths < 10 ? "0" : "") + "\(hundredths)"
        let (group, mark) = decimalComma ? (".", ",") : (",", ".")
        var grouped = ""
        for (place, digit) in "\(units)".reversed().enumerated() {
            if place > 0 && place % 3 == 0 { grouped = group + grouped }
            grouped = "\(digit)" + grouped
        }
        let whole = Bool.random(using: &random) ? grouped : "\(units)"
        return (sign + whole + mark + decimals, micros)
    }

    private static func text(_ micros: Int64) -> String {
        let (units, hundredths) = (micros.magnitude / 1_000_000, micros.magnitude % 1_000_000 / 10_000)
        return (micros < 0 ? "-" : "") + "\(units)." + (hundredths < 10 ? "0" : "") + "\(hundredths)"
    }
}
