import Randomness

/// Calls as a plain `csv`, and the same in a random layout with its map.
struct RandomCDRFile {
    private(set) var plain = "id,account,setup_at,answer_at,end_at,talk,disposition,cost\n"
    private(set) var text = ""
    private(set) var map = ""
    private(set) var filter: String?
    private(set) var timeZone = "UTC"

    private struct Call {
        var id: String
        var account: String
        /// Seconds since 1970.
        var setup: Int
        var answer: Int?
        var end: Int
        var cost: Int
    }

    init(_ random: inout SeededGenerator) {
        let calls = (0..<Int.random(in: 1...40, using: &random)).map { number -> Call in
            let setup = 1_795_000_000 + Int.random(in: 0..<500_000, using: &random)
            let isAnswered = Bool.random(using: &random)
            let ringing = Int.random(in: 1...40, using: &random)
            let end = setup + ringing + (isAnswered ? Int.random(in: 1...9_000, using: &random) : 0)
            return Call(
                id: "c\(number)-\(Int.random(in: 0...9, using: &random))",
                account: ["acme", "b; c", "d,e", "0049-30"].randomElement(using: &random)!, setup: setup,
                answer: isAnswered ? setup + ringing : nil, end: end, cost: Int.random(in: 0...9_999, using: &random))
        }
        for call in calls {
            plain +=
                "\(call.id),\"\(call.account)\",\(call.setup),\(call.answer.map(String.init) ?? ""),\(call.end),"
                + "\(call.end - (call.answer ?? call.end)),\(call.answer == nil ? "NO ANSWER" : "ANSWERED"),"
                + "\(call.cost / 100).\(Self.padded(call.cost % 100, 2))\n"
        }
        write(calls, &random)
    }

    private mutating func write(_ calls: [Call], _ random: inout SeededGenerator) {
        let mark = [",", ";", "\t", "|"].randomElement(using: &random)!
        let timeSpelling = Int.random(in: 0..<8, using: &random)
        let spelling = Int.random(in: 0..<6, using: &random)
        let zone = [0, 3, -5].randomElement(using: &random)!
        timeZone = zone == 0 ? "UTC" : "\(zone < 0 ? "-" : "+")0\(abs(zone)):00"
        let hasTypes = Bool.random(using: &random)
        let isFiltered = Bool.random(using: &random)
        var columns: [(field: String, title: String, type: String, cell: (Call) -> String)] = [
            ("id", "Call Ref", "varchar(40)", { $0.id }), ("account", "Trunk-Name", "text", { $0.account }),
            ("setup_at", "Start Time", "timestamp", { Self.time($0.setup, timeSpelling, zone) }),
            ("answer_at", "ANSWER", "timestamp", { $0.answer.map { Self.time($0, timeSpelling, zone) } ?? "" }),
            ("end_at", "Hangup", "timestamp", { Self.time($0.end, timeSpelling, zone) }),
            (
                "talk", spelling == 2 ? "Talk ms" : "Minutes of talk or so", "integer",
                { call in Self.length(call.answer.map { call.end - $0 } ?? 0, spelling) }
            ),
            (
                "disposition", "Result", "char(9)",
                {
                    [$0.answer == nil ? "no answer" : "Answered", $0.answer == nil ? "NO_ANSWER" : "ANSWER"][
                        spelling % 2]
                }
            ),
            ("cost", "Price", "numeric(9,2)", { "\($0.cost / 100).\(Self.padded($0.cost % 100, 2))" }),
            ("", "Note", "text", { "about \($0.id)" }), ("", "kind", "text", { _ in "Stop" }),
        ]
        columns.shuffle(using: &random)
        func cell(_ text: String) -> String {
            text.contains(mark) || text.contains(",") || text.contains("\"") ? "\"\(text)\"" : text
        }
        func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: mark) + "\n" }
        let titles = line(columns.map(\.title))
        if Int.random(in: 0..<3, using: &random) == 0 { text += "Calls of November\n\n" }
        text += titles
        if hasTypes { text += line(columns.map(\.type)) }
        for (index, call) in calls.enumerated() {
            let cells = columns.map { $0.cell(call) }
            if isFiltered {
                text += line(columns.indices.map { columns[$0].title == "kind" ? "Start" : cells[$0] })
            }
            text += line(cells)
            if index == calls.count / 2, Bool.random(using: &random) { text += titles }
        }
        if Bool.random(using: &random) { text += "Total" + mark + "\(calls.count)\n" }
        if isFiltered { filter = "KIND = 'stop'" }
        map = columns.enumerated().filter { !$0.element.field.isEmpty }.map { index, column in
            let name = [column.title, column.title.uppercased(), String(index + 1)].randomElement(using: &random)!
            return "\(column.field)=\(name)"
        }.shuffled(using: &random).joined(separator: ",")
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }

    /// A time in one of eight spellings, local to a zone of whole hours where it does not tell its own.
    private static func time(_ seconds: Int, _ spelling: Int, _ zone: Int) -> String {
        let local = seconds + zone * 3_600
        let (days, rest) = (local / 86_400, local % 86_400)
        let clock = [rest / 3_600, rest / 60 % 60, rest % 60].map { padded($0, 2) }.joined(separator: ":")
        // November 2026 from day 20,758 on.
        let (month, day) = days < 20_788 ? (11, days - 20_757) : (12, days - 20_787)
        let date = (year: "2026", month: padded(month, 2), day: padded(day, 2))
        let offset = "\(zone < 0 ? "-" : "+")0\(abs(zone))"
        return switch spelling {
        case 0: "\(seconds)"
        case 1: "\(seconds)000"
        case 2: "\(date.year)-\(date.month)-\(date.day) \(clock)"
        case 3: "\(date.year)/\(date.month)/\(date.day) \(clock).000"
        case 4: "\(date.day).\(date.month).\(date.year) \(clock)"
        case 5: "\(date.year)-\(date.month)-\(date.day)T\(clock)\(offset):00"
        case 6: "*\(clock).000 \(offset)00 \(month == 11 ? "Nov" : "DEC") \(day) 2026"
        default: "\(seconds).000000"
        }
    }

    private static func length(_ seconds: Int, _ spelling: Int) -> String {
        switch spelling {
        case 0: "\(seconds)"
        case 1: "\(seconds / 3_600):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        case 2: "\(seconds * 1_000)"
        case 3: "\(seconds / 60):\(padded(seconds % 60, 2))"
        case 4: "\(seconds)s"
        default: "\(seconds).000"
        }
    }
}
