// Files of which random cells are damaged, as programs damage them: each such cell is named, and nothing is stored.

import Foundation
import Randomness
import Testing

@Suite struct DamagedFileTests {
    /// What is an error in any column.
    private static let anywhere = [
        "#NAME?", "#REF!", "#####", "########", "#N/A", "#WERT!", "#VALUE!", "Err:502", "#DIV/0!", "4.42079E+11",
        "1,2E+15",
        "NULL", "\\N", "(null)", "=A1+B1", "=SUM(A1:A3)", "a\u{FFFD}b", "\u{FFFD}", "a\u{0}b", "\u{0}", "M\u{7}ller",
        "a\u{200B}b", "a\u{202E}b",
    ]

    private static let numbers = [
        "-1", "1.5", "1,5", "99999999999", "4294967296", "1e3", "x", "1 000", "0x10", "1.000", "12a", "١٢", "--1", "+",
    ]

    /// By field.
    private static func damage(_ field: String, decimalComma: Bool) -> [String] {
        switch field {
        case "name": ["12345", " \u{A0} ", String(repeating: "n", count: 300)]
        case "currency": ["EURO", "E", "XXQ", "€", "US Dollar", "978"]
        case "status": ["Aktiv", "Activ", "1", "Dialing", "deleted"]
        case "country": ["Germany", "UK", "D", "DEU", "49", "XX"]
        case "credit", "debit_limit":
            ["1e3", "12.3456789", "abc", "1.2.3,4,5", "12,34,5", "€5", "(5.00)", "--5", "5-", "1..5", "99999999999999"]
                + (decimalComma ? ["1.5", "1,234.50"] : ["1,234", "12,345"])
        case "channels", "flow_speed", "short_call_seconds": numbers
        case "portal_access": ["maybe", "2", "ja", "-", "truee"]
        case "contact_email":
            ["a@", "@b.example", "a b@c.example", "ann", "a@b", "a@@b.example", "a@b..example", "<a@b.example>"]
        case "contact_mobile":
            [
                "4.91551E+11", "0155 5010001", "+49", "+49155x", "15550100011", "+0155501000", "+999 1234567",
                "++491555010001",
            ]
        case "auth":
            [
                "ip:300.1.1.1", "tel:5", "ip:", "1.2.3.4", "account:4.4E+11", "ip:10.0.0.0/33", "sip:", "alice",
                "ip:10.0.0.1;x",
            ]
        case "routes": ["!", "a;!!b"]
        default: []
        }
    }

    private static func customers(_ server: RunningServer) throws -> [NSDictionary] {
        let list = try server.busyhour("customer", "list", "--format", "json")
        return try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [NSDictionary] ?? []
    }

    @Test(arguments: Seeds.few() + Seeds.fixed(1, 2)) func damagedCellsAreNamedAndNothingIsStored(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: path) }
        for trial in 0..<6 {
            let server = try RunningServer()
            let note: Comment = "seed \(seed), trial \(trial)"
            let file = RandomCustomerFile(rows: 40, &random)
            var rows = file.rows
            var damaged: [String: String] = [:]
            for index in rows.indices where Bool.random(using: &random) {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let field = RandomCustomerFile.fields.randomElement(using: &random)!
                    let ways = Self.damage(field, decimalComma: file.decimalComma)
                    let isOwn = !ways.isEmpty && Bool.random(using: &random)
                    let text = (isOwn ? ways : Self.anywhere).randomElement(using: &random)!
                    rows[index].cells[field] = text
                    damaged["\(file.number(index)) \(file.letter(field))"] = "\(field): \(text)"
                }
            }
            let arguments = ["import", path.path] + (file.decimalComma ? ["--decimal-comma"] : [])
            try file.bytes(rows, &random).write(to: path)
            let refused = try server.busyhour(arguments: arguments + ["--format", "json"])
            #expect(refused.exitCode == (damaged.isEmpty ? 0 : 1), "\(note) \(refused.errors)")
            let answer = try JSONSerialization.jsonObject(with: Data(refused.output.utf8)) as? [String: Any]
            let errors = try #require(answer?["errors"] as? [[String: Any]])
            let named = Set(errors.map { "\($0["row"] ?? "") \($0["column"] ?? "")" })
            let unnamed = damaged.filter { !named.contains($0.key) }
            #expect(unnamed.isEmpty, note)
            let wronglyNamed = errors.filter { damaged["\($0["row"] ?? "") \($0["column"] ?? "")"] == nil }
            #expect(wronglyNamed.isEmpty, note)
            let messages = errors.map { $0["message"] as? String ?? "" }
            let withoutRemedy = messages.filter { !$0.contains("; ") && !$0.contains("? write it without the comma") }
            #expect(withoutRemedy.isEmpty, note)
            #expect(try Self.customers(server).isEmpty, note)

            // What is left when the bad rows are taken out is stored as it is.
            let bad = Set(damaged.keys.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } })
            let good = file.rows.indices.filter { !bad.contains(file.number($0)) }.map { file.rows[$0] }
            try file.bytes(good, &random).write(to: path)
            let made = try server.busyhour(arguments: arguments)
            #expect(made.exitCode == 0, "\(note) \(made.errors)")
            let stored = try Self.customers(server)
            #expect(stored.count == good.count, note)
            for (customer, row) in zip(stored, good) {
                for field in row.told.allKeys as? [String] ?? [] {
                    let (kept, told) = (customer[field] as? NSObject, row.told[field] as? NSObject)
                    #expect(kept == told, "\(note) \(field)")
                }
            }
        }
    }
}
