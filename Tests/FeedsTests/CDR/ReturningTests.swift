import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Unique ids and Call-IDs that come again, against the obvious count.
@Suite struct ReturningTests {
    private static let start: Int64 = 1_748_934_000

    private static func stamp(_ seconds: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (day, rest) = (seconds / 86_400, seconds % 86_400)
        // The days of June and July 2025, counted from the 1st of June.
        let date = day - 20_240
        return
            "2025-0\(date < 30 ? 6 : 7)-\(two(date % 30 + 1)) \(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    private struct Call {
        var id: Int
        var setup: Int64
        var seconds: Int64
        var isAnswered: Bool

        func row(_ format: CDRFormat) -> String {
            let (end, answer) = (setup + seconds, isAnswered ? setup + 1 : 0)
            let talk = isAnswered ? seconds - 1 : 0
            let cause = isAnswered ? "NORMAL_CLEARING" : "USER_BUSY"
            switch format {
            case .freeswitchJSON:
                return #"{"variables":{"uuid":"\#(id)","start_epoch":"\#(setup)","answer_epoch":"\#(answer)","#
                    + #""end_epoch":"\#(end)","duration":"\#(seconds)","billsec":"\#(talk)","hangup_cause":"\#(cause)"}}"#
            case .cgratesCSV:
                let times = isAnswered ? stamp(answer) : "0001-01-01 00:00:00"
                return "1,x,*default,*voice,\(id),*rated,t,call,a,a,1,\(stamp(setup)),\(times),\(talk)s,0,P,S"
            case .freeswitchCSV:
                let times = "\"\(stamp(setup))\",\"\(isAnswered ? stamp(answer) : "")\",\"\(stamp(end))\""
                return
                    "\"n\",\"1\",\"2\",\"c\",\(times),\"\(seconds)\",\"\(talk)\",\"\(cause)\",\"\(id)\",\"\",\"a\",\"\",\"\""
            default: return "\(id),a,\(setup),\(isAnswered ? "\(answer)" : ""),\(end),\(talk),\(isAnswered ? 200 : 486)"
            }
        }
    }

    /// Few ids, each with calls one after the other; rows repeated, in any order, with garbage between them.
    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6, 7, 8)) func idsThatReturn(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for format in [CDRFormat.csv, .freeswitchJSON, .freeswitchCSV, .cgratesCSV] {
            var calls: [Call] = []
            for id in 1...5 {
                var time = Self.start + Int64.random(in: 0..<60, using: &generator)
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    let seconds = Int64.random(in: 1...90, using: &generator)
                    calls.append(Call(id: id, setup: time, seconds: seconds, isAnswered: .random(using: &generator)))
                    time += seconds + [10, 15, 60, 3_600, 86_400].randomElement(using: &generator)!
                }
            }
            var rows = calls.flatMap { call in
                [String](repeating: call.row(format), count: Int.random(in: 1...2, using: &generator))
            }
            let distinct = Set(rows).count
            #expect(distinct == calls.count)
            rows.shuffle(using: &generator)
            var garbage = 0
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                rows.insert("~\(garbage)", at: Int.random(in: 0...rows.count, using: &generator))
                garbage += 1
            }
            if format == .csv { rows.insert("id,account,setup_at,answer_at,end_at,talk,code", at: 0) }
            var board = NaiveBoard { _ in "" }
            var keys: [Set<CallKey>] = []
            for _ in 0..<2 {
                // Fed twice, by two runs.
                var reader = try Sample.read(rows.joined(separator: "\n") + "\n", format)
                #expect(reader.counters.errors == garbage, "\(format): \(reader.takeErrors())")
                let batch = reader.takeRecords()
                #expect(
                    batch.count == calls.count
                        && reader.counters.duplicates == rows.count - garbage - calls.count
                            - (format == .csv ? 1 : 0),
                    "\(format)")
                keys.append(Set(batch.key))
                board.add(batch)
            }
            #expect(keys[0].count == calls.count && keys[0] == keys[1], "\(format)")
            let answered = calls.filter(\.isAnswered)
            #expect(board.all.attempts == calls.count && board.all.answered == answered.count, "\(format)")
            #expect(board.all.talkSeconds == answered.reduce(0) { $0 + $1.seconds - 1 }, "\(format)")
        }
    }

    /// The row of another export, which cut or rounded the times.
    @Test func roundedTimesAreTheSameCall() throws {
        let header = "id,setup_at,end_at\n"
        for (one, other) in [("1748934029.750", "1748934029"), ("1748934029.750", "1748934030")] {
            var reader = try Sample.read(header + "1,\(one),1748934040.5\n1,\(other),1748934040\n", .csv)
            #expect(reader.takeRecords().count == 1 && reader.counters.duplicates == 1)
        }
        var exact = try Sample.read(header + "1,1748934029.750,1748934040\n", .csv)
        var cut = try Sample.read(header + "1,1748934029,1748934040\n", .csv)
        #expect(exact.takeRecords().key == cut.takeRecords().key)
    }

    /// A hundred ring attempts and the answered row, in any order, with other calls between them.
    @Test(arguments: Seeds.of(1, 2, 3, 4)) func aQueueIsOneCall(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func row(_ id: String, _ start: Int64, _ seconds: Int64, _ disposition: String) -> String {
            let (end, isAnswered) = (start + seconds, disposition == "ANSWERED")
            return #""acc","1","2","c","x","PJSIP/trunk-0001","","Queue","q","\#(Self.stamp(start))","#
                + #""\#(isAnswered ? Self.stamp(start + 5) : "")","\#(Self.stamp(end))",\#(seconds),"#
                + #"\#(isAnswered ? seconds - 5 : 0),"\#(disposition)","DOCUMENTATION","\#(id)""#
        }
        var rows = (0..<100).map { row("\(Self.start).1", Self.start + Int64($0) * 20, 15, "NO ANSWER") }
        rows.append(row("\(Self.start).1", Self.start + 2_000, 65, "ANSWERED"))
        let others = Int.random(in: 0...2_000, using: &generator)
        for number in 0..<others {
            rows.append(row("\(Self.start).\(number + 2)", Self.start + Int64(number), 3, "BUSY"))
        }
        rows.shuffle(using: &generator)
        var reader = try Sample.read(rows.joined(separator: "\n") + "\n", .asterisk)
        var board = NaiveBoard { _ in "" }
        board.add(reader.takeRecords())
        #expect(board.all.attempts == others + 1 && board.all.answered == 1 && board.all.talkSeconds == 60)
        #expect(reader.counters.continued == 100 && reader.counters.errors == 0)
        #expect(Consistency.holds(reader.counters))
    }

    /// Call-IDs with a constant From tag that come again; with other To tags or the same; some BYEs lost.
    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6, 7, 8)) func callIDsThatReturn(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var rows: [(time: Int64, text: String)] = []
        var (attempts, answered, talk) = (0, 0, Int64(0))
        for id in 0..<6 {
            var time = Self.start + Int64.random(in: 0..<100, using: &generator)
            for number in 0..<Int.random(in: 1...6, using: &generator) {
                func add(_ method: String, _ tags: String, _ code: Int) {
                    rows.append((time, "\(method)|\(tags)|call-\(id)|\(code)|x|\(time)|192.0.2.1|u|1|1"))
                }
                let isConstant = Bool.random(using: &generator)
                let tags = isConstant ? "f|t" : "f|t\(number)"
                attempts += 1
                if Bool.random(using: &generator) {
                    add("INVITE", "f|c\(number)", 401)
                    time += Int64.random(in: 0...120, using: &generator)
                }
                if Bool.random(using: &generator) {
                    answered += 1
                    add("INVITE", tags, 200)
                    let seconds = Int64.random(in: 1...200, using: &generator)
                    time += seconds
                    // A lost BYE: the next call is told by its To tag.
                    if isConstant || Bool.random(using: &generator) {
                        talk += seconds
                        add(
                            "BYE",
                            Bool.random(using: &generator)
                                ? tags : tags.split(separator: "|").reversed().joined(separator: "|"), 200)
                    }
                } else {
                    add("INVITE", tags, 486)
                }
                time += [11, 60, 3_600, 86_400].randomElement(using: &generator)!
            }
        }
        rows.sort { $0.time < $1.time }
        // In their order and in any other, each row once or twice, with garbage between them; by one run and by
        // another.
        for isShuffled in [false, true] {
            var texts = rows.map(\.text)
            var garbage = 0
            if isShuffled {
                texts += texts.filter { _ in Bool.random(using: &generator) }
                garbage = Int.random(in: 0...5, using: &generator)
                texts += (0..<garbage).map { "~\($0)" }
                texts.shuffle(using: &generator)
            }
            let text = texts.joined(separator: "\n") + "\n"
            var switchboard = NaiveSwitchboard()
            for _ in 0..<2 {
                var reader = try Sample.read(text, .kamailioAcc)
                #expect(reader.counters.calls == attempts && reader.counters.errors == garbage)
                #expect(Consistency.holds(reader.counters))
                switchboard.add(reader.takeEvents())
                reader.beginFile()
                Array(text.utf8).withUnsafeBytes { reader.read($0) }
                reader.finish(atEnd: true)
                #expect(reader.counters.calls == attempts, "the same file once more")
                switchboard.add(reader.takeEvents())
            }
            let all = switchboard.board { _ in "" }[""] ?? Tally()
            #expect(all.attempts == attempts && all.answered == answered && all.talkMilliseconds == talk * 1_000)
            #expect(all.codes[486, default: 0] == attempts - answered)
        }
    }

    /// The INVITE in one file, the BYE hours later in another.
    @Test func aByeInAnotherFile() throws {
        for hours in 0...3 {
            let start = Self.start + 3_590
            let end = start + Int64(hours) * 3_600 + 30
            var first = try Sample.read("INVITE|f|t|c|200|OK|\(start)|192.0.2.1|u|1|1\n", .kamailioAcc)
            var second = try Sample.read("BYE|t|f|c|200|OK|\(end)|192.0.2.9|u|1|1\n", .kamailioAcc)
            var switchboard = NaiveSwitchboard()
            switchboard.add(first.takeEvents())
            switchboard.add(second.takeEvents())
            #expect(switchboard.board { _ in "" }[""]?.talkMilliseconds == (end - start) * 1_000)
        }
    }
}
