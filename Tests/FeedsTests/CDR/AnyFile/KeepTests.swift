import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Several rows of one id: which of them is the call.
@Suite struct KeepTests {
    private static let header = "id,account,setup_at,answer_at,end_at,code,cost\n"

    private struct Row {
        var id: Int
        var setup: Int64
        var end: Int64
        var isAnswered: Bool
        var code: Int
        var cost: Int64

        var text: String {
            "\(id),a,\(setup),\(isAnswered ? "\(setup + 1)" : ""),\(end),\(code),0.\(100 + cost)\n"
        }
    }

    private static func rows(
        _ calls: Int, _ random: inout SeededGenerator
    ) -> [[Row]] {
        (0..<calls).map { id in
            let setup = 1_795_168_800 + Int64(id)
            return (0..<Int.random(in: 1...4, using: &random)).map { attempt in
                let isAnswered = Int.random(in: 0..<3, using: &random) == 0
                return Row(
                    id: id, setup: setup, end: setup + 3 + Int64(attempt) * 2, isAnswered: isAnswered,
                    code: isAnswered ? 200 : 500 + attempt, cost: Int64(attempt))
            }
        }
    }

    /// Rows of calls that overlap, in the order of the calls' rows; pieces of any size.
    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6)) func theRightRowIsKept(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = Self.rows(Int.random(in: 1...400, using: &random), &random)
        // Merged at random; the rows of each call stay in their order.
        var waiting = calls.map { ArraySlice($0) }
        var text = ""
        var open = Array(waiting.indices)
        while let pick = open.prefix(20).randomElement(using: &random) {
            text += waiting[pick].removeFirst().text
            if waiting[pick].isEmpty { open.removeAll { $0 == pick } }
        }
        for keep in CDRKeep.allCases {
            var reader = try MapTests.read(Self.header + text, keep: keep)
            let batch = reader.takeRecords()
            #expect(batch.count == calls.count && Consistency.holds(reader.counters))
            var codes: [Int64: UInt16] = [:]
            for index in 0..<batch.count { codes[batch.setupMicros[index] / 1_000_000] = batch.code[index] }
            for call in calls {
                let right =
                    switch keep {
                    case .first: call[0]
                    case .last: call[call.count - 1]
                    case .answered: call.last(where: \.isAnswered) ?? call[call.count - 1]
                    }
                #expect(codes[right.setup].map(Int.init) == right.code, "seed \(seed), \(keep): call \(right.id)")
            }
            let cost = calls.map { call -> Int64 in
                switch keep {
                case .first: call[0].cost
                case .last: call[call.count - 1].cost
                case .answered: (call.last(where: \.isAnswered) ?? call[call.count - 1]).cost
                }
            }.reduce(0) { $0 + 100_000 + $1 * 1_000 }
            #expect(batch.costMicros.reduce(0, +) == cost, "seed \(seed), \(keep)")
        }
    }

    /// Given out in pieces, in the order of their first rows, each once, and by places where a restart may go on.
    @Test(arguments: Seeds.of(1, 2, 3)) func givenOutInOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calls = Self.rows(20_000, &random)
        let bytes = Array((Self.header + calls.joined().map(\.text).joined()).utf8)
        var whole = try MapTests.read(String(decoding: bytes, as: UTF8.self))
        let all = whole.takeRecords()
        var reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "f")
        var (keys, codes): ([CallKey], [UInt16]) = ([], [])
        var offsets: [Int64] = []
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + Int.random(in: 1...200_000, using: &random))
            bytes[at..<end].withUnsafeBytes { reader.read($0) }
            at = end
            if Int.random(in: 0..<4, using: &random) == 0 { continue }
            let state = reader.state
            let (batch, places) = reader.takePlacedRecords()
            #expect(places.allSatisfy { $0 < state.offset } && (offsets.last ?? -1) < (places.first ?? .max))
            keys += batch.key
            codes += batch.code
            offsets += places
        }
        reader.finish(atEnd: true)
        let (batch, places) = reader.takePlacedRecords()
        #expect(keys + batch.key == all.key && codes + batch.code == all.code)
        #expect((offsets + places) == (offsets + places).sorted())
    }

    /// Rounded copies of a row are that row again, and a row that is no copy is part of its call.
    @Test func repetitionsAndFurtherRows() throws {
        let rows = """
            1,a,1795168800.4,,1795168805,503,
            1,a,1795168800,,1795168805,503,
            1,a,1795168800,1795168806,1795168850,200,0.5
            1,a,1795168800,1795168806,1795168850,200,0.5

            """
        var reader = try MapTests.read(Self.header + rows)
        #expect(reader.counters.duplicates == 2 && reader.counters.continued == 1 && reader.counters.calls == 1)
        #expect(reader.takeRecords().costMicros == [500_000])
    }

    /// Two rows of a call that was given out, and then either of them again: only what differs from the last that
    /// counted goes to the server.
    @Test(arguments: CDRKeep.allCases) func rowsAgainAfterTheirCallWasGivenOut(keep: CDRKeep) throws {
        let failed = "1,a,1795168800,,1795168805,503,1\n"
        let answered = "1,a,1795168800,1795168802,1795168805,200,2\n"
        for (first, second) in [(failed, answered), (answered, failed)] {
            for again in [first, second] {
                var options = CDROptions()
                options.keep = keep
                var reader = try CDRReader(format: .csv, options: options, file: "f")
                let kept: String =
                    switch keep {
                    case .first: first
                    case .last: second
                    case .answered: answered
                    }
                Array((Self.header + first + second).utf8).withUnsafeBytes { reader.read($0) }
                reader.finish(atEnd: true)
                #expect(reader.takeRecords().costMicros == [kept == failed ? 1_000_000 : 2_000_000])
                let repeated = reader.counters.duplicates
                Array(again.utf8).withUnsafeBytes { reader.read($0) }
                reader.finish(atEnd: true)
                let isNew = keep != .first && again != kept
                #expect(reader.takeRecords().count == (isNew ? 1 : 0), "\(keep): \(again)")
                #expect(reader.counters.duplicates == repeated + (isNew ? 0 : 1), "\(keep): \(again)")
                #expect(Consistency.holds(reader.counters))
            }
        }
    }

    /// A copy is a row whose times are rounded otherwise: by a second and no more.
    @Test func borders() throws {
        for (setup, end, isCopy) in [
            ("1795168801", "1795168806", true), ("1795168801.000001", "1795168805", false),
            ("1795168799", "1795168804", true), ("1795168798.999999", "1795168805", false),
            ("1795168800", "1795168806.001", false), ("1795168800", "1795168806", true),
            ("1795168800", "1795168804", true), ("1795168800", "1795168803.998", false),
        ] {
            let rows = "1,a,1795168800,,1795168805,503,\n1,a,\(setup),,\(end),503,\n"
            let reader = try MapTests.read(Self.header + rows)
            #expect(reader.counters.duplicates == (isCopy ? 1 : 0), "\(setup), \(end)")
            #expect(reader.counters.continued == (isCopy ? 0 : 1) && reader.counters.calls == 1)
        }
    }

    /// A row that comes again is no second reason for a warning.
    @Test func warningsOfRowsThatComeAgain() throws {
        let rows = "id,setup_at,end_at,disposition\n1,1795168800,1795168809,odd\n"
        for again in ["1,1795168800,1795168809,odd\n", "1,1795168800,1795168809,strange\n"] {
            for isGivenOut in [false, true] {
                var reader = try MapTests.read(rows)
                if isGivenOut { _ = reader.takeRecords() }
                Array(again.utf8).withUnsafeBytes { reader.read($0) }
                reader.finish(atEnd: true)
                #expect(reader.counters.duplicates == 1 && reader.counters.warningsByName == [.disposition: 1])
                #expect(reader.takeWarnings().count == 1)
            }
        }
    }

    /// A row that comes when its call was given out long ago goes to the server, which knows the call.
    @Test func aRowThatComesTooLate() throws {
        let others = (0..<CDRLimits.heldRows + 10).map { "x\($0),a,1795168800,,1795168802,486,\n" }.joined()
        let rows = "1,a,1795168800,,1795168805,503,\n" + others + "1,a,1795168800,1795168806,1795168850,200,0.5\n"
        var reader = try MapTests.read(Self.header + rows)
        let early = reader.takeRecords()
        // In one go nothing was given out before the row came.
        #expect(early.count == CDRLimits.heldRows + 11)
        var pieces = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "f")
        var batches: [CallRecordBatch] = []
        for line in (Self.header + rows).split(separator: "\n") {
            Array((line + "\n").utf8).withUnsafeBytes { pieces.read($0) }
            batches.append(pieces.takeRecords())
        }
        pieces.finish(atEnd: true)
        batches.append(pieces.takeRecords())
        let (keys, codes) = (batches.flatMap(\.key), batches.flatMap(\.code))
        #expect(keys.count == CDRLimits.heldRows + 12 && keys.first == keys.last)
        #expect(codes.first == 503 && codes.last == 200)
    }

    /// Millions of rows of one id: one call, and no memory.
    @Test func aFileOfOneId() throws {
        let rows = (0..<30_000).map { "1,a,1795168800,,\(1_795_168_802 + $0 % 30 * 2),486,\n" }.joined()
        var reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "f")
        Array((Self.header + rows).utf8).withUnsafeBytes { reader.read($0) }
        #expect(reader.takeRecords().count == 0)
        #expect(reader.records.batch.details.count <= 1 && reader.records.batch.count == 1)
        reader.finish(atEnd: true)
        #expect(reader.takeRecords().endMilliseconds == [60_000])
        #expect(Consistency.holds(reader.counters) && reader.counters.calls == 1)
    }
}
