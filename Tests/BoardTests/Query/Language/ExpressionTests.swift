import Randomness
import Testing

@testable import Board

@Suite struct ExpressionTests {
    /// Values of a made-up customer.
    private static let cells: [String: Cell] = [
        "name": .text("Zürich Voice"), "country": .null, "status": .text("Active"), "credit": .money(-1_500_000),
        "channels": .integer(30), "active": .integer(12), "asr": .number(37.5), "acd": .null,
        "tags": .texts(["vip", "eu"]), "portal_access": .boolean(true), "last_call": .time(1_700_000_000_000_000),
        "created_at": .time(1_600_000_000_000_000), "bids": .integer(.max), "attempts": .integer(0),
    ]

    private static func cell(_ column: BoardColumn) -> Cell {
        switch column {
        case .field(let field): cells[field.rawValue] ?? .null
        case .metric(let metric, _): cells[metric.name] ?? .null
        case .call: .null
        }
    }

    private func truth(_ text: String) throws -> Bool? {
        try ExpressionParser.filter(text, window: .fifteenMinutes)?.truth(Self.cell)
    }

    @Test(
        arguments: [
            ("asr < 40 AND credit < 0", true), ("asr < 40 AND acd < 40", nil), ("asr > 40 AND acd < 40", false),
            ("asr < 40 OR acd < 40", true), ("NOT acd < 40", nil), ("acd IS NULL", true), ("asr is not null", true),
            ("credit = -1.5", true), ("credit < -1.499999", true), ("credit BETWEEN -2 AND -1", true),
            ("credit NOT BETWEEN -2 AND -1", false), ("acd BETWEEN 1 AND 2", nil),
            ("status IN ('Active', 'Penalty')", true), ("status NOT IN ('Active')", false),
            ("country IN ('DE')", nil), ("channels IN (1, 30.0)", true), ("channels IN (1, NULL)", nil),
            ("name LIKE 'zurich%'", true), ("name LIKE 'ZÜRICH VOICE'", true), ("name LIKE '%RICH_VOI%'", true),
            ("name NOT LIKE '%tele%'", true), ("country LIKE '%'", nil), ("name LIKE '%\\%%' ESCAPE '\\'", false),
            ("tags HAS 'vip'", true), ("tags HAS eu AND NOT tags HAS 'us'", true), ("portal_access", true),
            ("portal_access = FALSE", false), ("last_call > '2023-01-01T00:00:00Z'", true),
            ("last_call - created_at = 100000000", true), ("active * 100 / channels >= 40", true),
            ("1 / 2 = 0.5", true), ("channels / attempts > 1", nil), ("bids + 1 > 0", nil), ("bids * 2 IS NULL", true),
            ("-9223372036854775808 < 0", true), ("- -9223372036854775808 IS NULL", true),
            ("credit * 2 = -3 AND credit / 2 = -0.75", true), ("credit / credit = 1", true),
            ("abs(credit) = 1.5 AND round(asr) = 38 AND floor(asr) = 37 AND ceil(asr) = 38", true),
            ("coalesce(acd, asr) = 37.5 AND nullif(asr, 37.5) IS NULL", true), ("lower(name) LIKE 'z%'", true),
            ("length(name) = 12 AND upper(status) = 'ACTIVE'", true),
            ("floor(credit) = -2 AND ceil(credit) = -1", true),
            ("asr <> 40 and (asr != 1 or acd = 3)", true), ("name = 'it''s'", false), ("NULL", nil),
            ("channels = 30.5", false), ("channels <> 30.5", true), ("30.5 > channels", true),
            ("attempts > -0.5", true),
            ("bids < 9223372036854775808", true), ("bids > 1e300", false), ("bids > -1e300", true),
            ("bids = 9223372036854775807.0", true), ("bids IN (9223372036854775808, 1.5)", false),
            ("credit < -1.4999995", true), ("credit = -1.5000000000000000001", false), ("credit >= -15e-1", true),
            ("credit <> -1.5000000000000000001", true), ("credit IN (1, -1.50)", true), ("-1.5 = credit", true),
            ("credit NOT IN (0.0000001)", true), ("acd IN (0.5, 0.5, 1)", nil), ("asr IN (37, 37.5, NULL)", true),
            ("channels IN (NULL, 1)", nil), ("(tags HAS 'vip') = TRUE", true),
            ("credit < 1e-999999999999999999999", true),
            ("asr_5m < 40 OR attempts_24h > 0", true), ("(((asr)))<40", true), ("credit < 1e18", true),
        ] as [(String, Bool?)])
    func truths(text: String, expected: Bool?) throws {
        #expect(try truth(text) == expected)
    }

    /// An amount that real numbers cannot tell from the next one.
    @Test(
        arguments: [
            ("= 12345678901.123457", true), ("= 12345678901.123456", false), ("< 12345678901.1234571", true),
            ("> 12345678901.1234569", true), ("IN (12345678901.123456, 12345678901.123458)", false),
            ("BETWEEN 12345678901.123457 AND 12345678901.123457", true), ("< 9223372036854.775807", true),
            ("> 9223372036854.775808", false), (">= -99999999999999999999999.9", true),
        ] as [(String, Bool)])
    func moneyIsComparedExactly(comparison: String, expected: Bool) throws {
        let filter = try ExpressionParser.filter("credit " + comparison, window: .all)
        #expect(filter?.truth { _ in .money(12_345_678_901_123_457) } == expected)
    }

    @Test func noResultIsNegativeZero() throws {
        for text in ["-(0.0)", "-0.0", "round(-0.3)", "ceil(-0.3)", "0.0 * (-1)", "-0.0 + 0", "abs(-0.0)"] {
            let value = try ColumnExpression(text, window: .all, scope: .customer).expression.value { _ in .null }
            guard case .number(let number) = value else {
                Issue.record("\(text) is \(value)")
                continue
            }
            #expect(number == 0 && number.sign == .plus, "\(text)")
        }
    }

    @Test(
        arguments: [
            ("0", 6, .at(0)), ("-0.000", 0, .at(0)), ("12.5", 6, .at(12_500_000)), ("12.5", 0, .above(12)),
            ("-12.5", 0, .above(-13)), ("1.5e1", 0, .at(15)), ("1e-7", 6, .above(0)), ("-1e-7", 6, .above(-1)),
            ("9223372036854775807", 0, .at(.max)), ("9223372036854775807.1", 0, .above(.max)),
            ("9223372036854775808", 0, .aboveAll), ("-9223372036854775808", 0, .at(.min)),
            ("-9223372036854775808.5", 0, .belowAll), ("1e400", 0, .aboveAll),
            ("-1e99999999999999999999", 0, .belowAll),
            ("1E-99999999999999999999", 0, .above(0)), (".5", 6, .at(500_000)), ("007.10", 1, .at(71)),
        ] as [(String, Int, Decimal.Place)])
    func decimalsAreExact(text: String, decimals: Int, place: Decimal.Place) {
        #expect(Decimal(text).place(decimals: decimals) == place)
    }

    @Test(
        arguments: [
            ("asrr < 1", 0, "did you mean 'asr'"), ("asr < 'x'", 6, "a number"), ("name = 5", 7, "a text in quotes"),
            ("(asr < 1", 8, "')'"), ("asr < 1 AND", 11, "a column's name"), ("name = 'x", 7, "no closing quote"),
            ("asr ? 1", 4, "unexpected '?' at position 5; put text in single quotes"), ("tags = 'x'", 0, "HAS"),
            ("asr < 1 2", 8, "AND, OR or the end"),
            ("name HAS x", 0, "tags or warnings"), ("asr AND credit < 1", 0, "a condition"), ("asr", 0, "no condition"),
            ("credit + 'x' > 1", 9, "does not go with"), ("name LIKE 5", 10, "a pattern"), ("asr LIKE '%'", 0, "texts"),
            ("asr IN (1", 9, "')'"), ("asr IN ()", 8, "column's name"), ("asr IN (acd)", 8, "a constant"),
            ("asr BETWEEN 1", 13, "AND"), ("asr IS 5", 7, "NULL"), ("asr NOT 5", 4, "BETWEEN"),
            ("last_call > 'yesterday'", 12, "a time as"), ("sum(credit) > 1", 0, "adds customers"),
            ("1.2.3 < asr", 0, "no number"), ("1e999 < asr", 0, "no number"), ("5x < asr", 0, "no number"),
            ("round(name) = 1", 6, "a number"), ("nullif(asr) = 1", 0, "2 arguments"),
            ("portal_access = 1", 16, "TRUE or FALSE"), ("credit + channels > 1", 9, "does not go with"),
            ("name LIKE 'a!' ESCAPE '!'", 10, "escape"), ("AND", 0, "a column's name"),
            ("asr < ", 6, "a column's name"), ("portal_access < TRUE", 16, "no order"),
            ("(asr < 1) BETWEEN TRUE AND TRUE", 18, "no order"), ("credit < 1 OR crédit > 1", 14, "no column"),
            ("name = 'é' AND asrr < 1", 15, "did you mean 'asr'"),
        ] as [(String, Int, String)])
    func errorsPointAtThePlace(text: String, position: Int, hint: String) {
        let error = #expect(throws: QueryError.self) { try truth(text) }
        #expect(error?.position == position && error?.message.contains(hint) == true, "\(String(describing: error))")
    }

    @Test func messagesAreShortLines() {
        for text in ["asr < \n\u{1B}[31m'", "'a\r\nb' < asr", "na\u{0}me", "asr < '\u{202E}x'", "1\u{2028}2", "'\u{7}"]
        {
            let error = #expect(throws: QueryError.self) { try truth(text) }
            let controls = error?.message.unicodeScalars.filter {
                [.control, .format].contains($0.properties.generalCategory)
            }
            #expect(controls?.isEmpty == true, "\(text.debugDescription)")
        }
        for text in [String(repeating: "x", count: 60_000), "asr < '\(String(repeating: "x", count: 60_000))'"] {
            let error = #expect(throws: QueryError.self) { try truth(text) }
            #expect((error?.message.count ?? .max) < 250)
        }
    }

    @Test func depthAndLengthAreBounded() throws {
        for text in [
            String(repeating: "(", count: 100_000) + "asr", String(repeating: "NOT ", count: 1_000) + "asr < 1",
            String(repeating: "- ", count: 1_000) + "asr < 1", String(repeating: "abs(", count: 1_000) + "asr",
            "asr < 1" + String(repeating: " ", count: 1_000_000),
        ] {
            #expect(throws: QueryError.self, "\(text.prefix(10))") { try truth(text) }
        }
        // Long is not deep.
        #expect(try truth(Array(repeating: "asr < 40", count: 5_000).joined(separator: " AND ")) == true)
        #expect(try truth(Array(repeating: "1", count: 200).joined(separator: " + ") + " = 200") == true)
        // Nor is what stands side by side.
        for part in ["(asr < 40)", "NOT asr > 40", "- asr < 0", "abs(asr) < 40", "((NOT (asr > 40)))"] {
            let texts = Array(repeating: part, count: BoardLimits.expressionDepth + 9)
            #expect(try truth(texts.joined(separator: " AND ")) == true, "\(part)")
            #expect(try truth(texts.joined(separator: " OR ")) == true, "\(part)")
        }
        let sums = Array(repeating: "sum(active)", count: BoardLimits.expressionDepth + 9).joined(separator: " + ")
        #expect(throws: Never.self) { try ColumnExpression(sums, window: .all, scope: .group(by: [])) }
        // A chain is deep: each operator is a level of the tree.
        for operation in ["+", "-", "*", "/"] {
            let chain = Array(repeating: "1", count: 32_000).joined(separator: operation)
            let error = #expect(throws: QueryError.self) { try truth(chain + " = 1") }
            #expect(error?.message.contains("in a row") == true)
        }
        // The deepest that is let through: a chain in each of as many parentheses as there may be.
        let nested = (0..<64).reduce("1") { text, _ in "(\(text))+1+1+1" } + " = 193"
        #expect(try truth(nested) == true)
    }

    /// Texts made of valid ones, cut and mixed, are read or refused and never end the process.
    @Test(arguments: Seeds.fixed(11)) func anythingIsReadOrRefused(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "asr", "<", "40", "AND", "(", ")", "name", "LIKE", "'%x'", "IN", ",", "credit", "-", "*", "/", "NOT",
            "NULL",
            "IS", "tags", "HAS", "1e308", "9223372036854775807", "sum(", "'", "ß", "BETWEEN", "coalesce(", ".5", "=",
        ]
        for _ in 0..<20_000 {
            let length = Int.random(in: 0..<12, using: &generator)
            let text = (0..<length).map { _ in parts.randomElement(using: &generator) ?? "" }.joined(separator: " ")
            _ = try? truth(text)
            _ = try? ColumnExpression(text, window: .all, scope: .group(by: [.country]))
        }
    }

    @Test func columnsHaveNames() throws {
        let scope = ExpressionParser.Scope.group(by: [.country])
        let cases = [
            ("asr", "asr"), ("sum(credit) AS money", "money"), ("load = active / channels", "load"),
            (" active*100 / channels ", "active*100 / channels"), ("country", "country"), ("count", "count"),
            ("count(*)", "count(*)"), ("avg(channels) as 'Channels each'", "Channels each"),
        ]
        for (text, name) in cases {
            #expect(try ColumnExpression(text, window: .all, scope: scope).name == name)
        }
        let refused = [
            ("name", "group by it"), ("short_call_seconds", "sum(short_call_seconds)"), ("sum(sum(credit))", "adds"),
            ("sum(name)", "a number"), ("asr x", "an operator"),
        ]
        for (text, hint) in refused {
            let error = #expect(throws: QueryError.self) {
                try ColumnExpression(text, window: .all, scope: scope)
            }
            #expect(error?.message.contains(hint) == true, "\(String(describing: error))")
        }
    }
}
