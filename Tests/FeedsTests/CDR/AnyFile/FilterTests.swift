import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Which rows are calls: filters against the obvious evaluation, and mistakes with their places.
@Suite struct FilterTests {
    private static let header = "id,type,Call Kind,talk,setup_at,last\n"

    private static func counted(_ rows: String, _ filter: String) throws -> Int {
        try MapTests.read(header + rows, filter: filter).counters.calls
    }

    @Test(arguments: [
        ("type = 'Stop'", 2), ("TYPE='stop'", 2), ("type != 'Stop'", 2), ("type <> 'Start' and talk > 5", 1),
        ("type in ('stop', 'x')", 2), ("not type in ('stop')", 2), ("type not in ('stop')", 2),
        ("\"Call Kind\" = 'a b'", 1),
        ("[call kind] like 'A%'", 2), ("callkind like '_ b'", 1), ("callkind not like 'a%'", 2), ("talk >= 5.0", 3),
        ("talk between 5 and 9", 2), ("last = true", 2), ("last = false", 1), ("last != true", 2), ("#2 = 'Stop'", 2),
        ("type = 'Stop' or type = 'Start' and talk = 5", 3), ("(type = 'Stop' or type = 'Start') and talk = 5", 2),
        ("type is null", 1), ("type is not null", 3), ("type = ''", 1), ("not (type = 'Stop' or talk = 5)", 1),
        ("talk = 5", 2), ("type > 'start'", 2), ("id like '%'", 4), ("id like '%4'", 1), ("type = 5", 0),
        ("type != 5", 4),
    ])
    func rowsThatAreCalls(_ filter: String, _ calls: Int) throws {
        let rows = """
            c1,Stop,a b,5,1795168800,t
            c2,STOP,,10,1795168800,true
            c3,Start,a,5,1795168800,f
            c4,,x,0,1795168800,

            """
        #expect(try Self.counted(rows, filter) == calls, "\(filter)")
    }

    @Test(arguments: [
        ("", 0), ("type", 4), ("type =", 6), ("type = Stop", 7), ("type = \"Stop\"", 7), ("type = 'Stop", 7),
        ("= 'a'", 0),
        ("type = 'a' type = 'b'", 11), ("(type = 'a'", 11), ("type in 'a'", 8), ("type in ('a'", 12), ("type in ()", 9),
        ("type like 5", 11), ("#0 = 1", 0), ("#x = 1", 0), ("type between 1", 14), ("type is 5", 8), ("not", 3),
        ("type not = 5", 9), ("a = 'b' and", 11),
    ])
    func mistakesHaveTheirPlace(_ filter: String, _ position: Int) {
        let error = #expect(throws: CDRFilterError.self) { try CDRFilter(filter) }
        #expect(error?.position == position, "\(filter): \(String(describing: error))")
        #expect(error?.message.isEmpty == false)
    }

    /// Each comparison with what is less, equal and greater: numbers, texts without case, and fields that are neither.
    @Test func everyComparison() throws {
        let operators: [(mark: String, holds: (Int) -> Bool)] = [
            ("=", { $0 == 0 }), ("==", { $0 == 0 }), ("!=", { $0 != 0 }), ("<>", { $0 != 0 }), ("<", { $0 < 0 }),
            ("<=", { $0 <= 0 }), (">", { $0 > 0 }), (">=", { $0 >= 0 }),
        ]
        let numbers: [(text: String, order: Int)] = [
            ("4.999999", -1), ("-5", -1), ("5", 0), ("5.0", 0), ("5.000000", 0), ("5.000001", 1), ("10", 1),
        ]
        let texts: [(text: String, order: Int)] = [
            ("", -1), ("a", -1), ("bac", -1), ("ba", -1), ("bb", 0), ("BB", 0), ("bB", 0), ("bbb", 1), ("bc", 1),
            ("C", 1),
        ]
        for (mark, holds) in operators {
            for (text, order) in numbers {
                let counted = try Self.counted("\"\(text)\",,,1,1795168800,\n", "id \(mark) 5")
                #expect(counted == (holds(order) ? 1 : 0), "\(text) \(mark) 5")
            }
            for (text, order) in texts {
                let counted = try Self.counted("x,\"\(text)\",,1,1795168800,\n", "type \(mark) 'Bb'")
                #expect(counted == (holds(order) ? 1 : 0), "\(text) \(mark) 'Bb'")
            }
            for text in ["", "x", "5x"] {
                let counted = try Self.counted("x,\(text),,1,1795168800,\n", "type \(mark) 5")
                #expect(counted == (mark == "!=" || mark == "<>" ? 1 : 0), "what is no number differs from each")
            }
            for (text, isTrue) in [
                ("true", true), ("T", true), ("1", true), ("yes", true), ("Y", true), ("false", false), ("f", false),
                ("0", false), ("No", false), ("n", false), ("", nil), ("x", nil), ("11", nil),
            ] as [(String, Bool?)] {
                for asked in [true, false] {
                    let counted = try Self.counted("x,\(text),,1,1795168800,\n", "type \(mark) \(asked)")
                    let isEqual = isTrue == asked
                    let right =
                        switch mark {
                        case "=", "==": isEqual
                        case "!=", "<>": !isEqual
                        default: false
                        }
                    #expect(counted == (right ? 1 : 0), "\(text) \(mark) \(asked)")
                }
            }
        }
        for (number, isBetween) in [("1.9", false), ("2", true), ("3", true), ("4", true), ("4.1", false)] {
            #expect(try Self.counted("x,\(number),,1,1795168800,\n", "type between 2 and 4") == (isBetween ? 1 : 0))
            #expect(try Self.counted("x,\(number),,1,1795168800,\n", "type not between 2 and 4") == (isBetween ? 0 : 1))
        }
    }

    @Test func depthAndLengthAreBounded() {
        let deep = String(repeating: "(", count: 10_000) + "a=1" + String(repeating: ")", count: 10_000)
        #expect(throws: CDRFilterError.self) { try CDRFilter(String(deep.prefix(4_000))) }
        #expect(throws: CDRFilterError.self) { try CDRFilter(deep) }
        #expect(throws: CDRFilterError.self) {
            try CDRFilter(String(repeating: "not ", count: 500) + "a=1")
        }
        // A pattern of many stars is no trap.
        let filter = "id like '" + String(repeating: "%a", count: 100) + "'"
        let row = String(repeating: "a", count: 20_000) + "b,x,,5,1795168800,\n"
        #expect(throws: Never.self) { try Self.counted(row, filter) }
    }

    @Test func columnsThatTheFileHasNot() throws {
        var reader = try MapTests.read(Self.header + "c1,Stop,,5,1795168800,\n", filter: "kind = 'x'")
        let errors = reader.takeErrors()
        #expect(errors.map(\.name) == [.map] && errors[0].message.contains("'Call Kind'"), "\(errors)")
        #expect(Consistency.holds(reader.counters) && reader.takeRecords().count == 0)
        #expect(throws: CDRUsageError.self) {
            try MapTests.read("", filter: "kind = 'x'", columns: ["id", "setup_at", "talk"])
        }
    }

    /// Columns whose names begin or end like a word of conditions, and words without a blank behind them.
    @Test(arguments: ["not", "and", "or", "is", "in", "between", "like", "null", "empty", "true", "false"])
    func columnsLikeWords(word: String) throws {
        for name in ["\(word)_x", "\(word)x", "\(word)2", "x_\(word)", "x\(word)", "\(word.uppercased())_X"] {
            for (text, columns) in [
                ("\(name) = 1", [name]), ("not \(name) = 1", [name]), ("a = 1 or \(name) = 2", ["a", name]),
                ("a is null and \(name) like 'b'", ["a", name]), ("(\(name) in (1))", [name]),
            ] {
                let filter = try CDRFilter(text)
                #expect(filter.columns == columns.map { .header($0) }, "\(text)")
            }
        }
    }

    @Test func wordsWithoutBlanks() throws {
        for (tight, loose) in [
            ("not(a=1)and(b='x')or(c is null)", "not (a = 1) and (b = 'x') or (c is null)"),
            ("a in(1,2)", "a in (1, 2)"), ("a between 1 and 2", "a  BETWEEN 1  and  2"), ("a like'x'", "a like 'x'"),
            ("a not in(1)", "not (a in (1))"),
        ] {
            let (one, other) = (try CDRFilter(tight), try CDRFilter(loose))
            #expect(one.root == other.root && one.columns == other.columns, "\(tight)")
        }
    }

    /// Random conditions over random rows.
    @Test(arguments: Seeds.of(1, 2, 3, 4)) func anyCondition(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = ["stop", "start", "", "a b", "5"]
        for _ in 0..<200 {
            let (text, holds) = Self.condition(depth: 0, words, &random)
            let rows = (0..<20).map { _ in
                (words.randomElement(using: &random)!, Int.random(in: 0...9, using: &random))
            }
            let file = rows.enumerated().map { index, row in
                "c\(index),\(row.0.uppercased()),,\(row.1),\(1_795_168_800 + index * 60),\n"
            }
            let right = rows.count(where: holds)
            #expect(try Self.counted(file.joined(), text) == right, "seed \(seed): \(text)")
        }
    }

    private static func condition(
        depth: Int, _ words: [String], _ random: inout SeededGenerator
    ) -> (String, ((String, Int)) -> Bool) {
        if depth < 4, Bool.random(using: &random) {
            let (one, isOne) = condition(depth: depth + 1, words, &random)
            let (other, isOther) = condition(depth: depth + 1, words, &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: return ("(\(one) and \(other))", { isOne($0) && isOther($0) })
            case 1: return ("(\(one) OR \(other))", { isOne($0) || isOther($0) })
            default: return ("not (\(one))", { !isOne($0) })
            }
        }
        let (word, number) = (words.randomElement(using: &random)!, Int.random(in: 0...9, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return ("type = '\(word)'", { $0.0 == word })
        case 1: return ("type <> '\(word)'", { $0.0 != word })
        case 2: return ("talk < \(number)", { $0.1 < number })
        case 3: return ("talk >= \(number).0", { $0.1 >= number })
        case 4: return ("talk in (\(number), 3)", { $0.1 == number || $0.1 == 3 })
        default: return ("type is null", { $0.0.isEmpty })
        }
    }
}
