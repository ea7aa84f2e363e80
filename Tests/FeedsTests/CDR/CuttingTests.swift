import CallEvents
import Foundation
import Randomness
import Testing

@testable import Feeds

/// However the file is cut into pieces, and whatever is wrong with some lines, the other rows are read.
@Suite struct CuttingTests {
    static let samples: [(String, CDRFormat)] = [
        ("freeswitch-example.csv", .freeswitchCSV), ("freeswitch-json-00.ndjson", .freeswitchJSON),
        ("asterisk-Master.csv", .asterisk), ("cgrates.csv", .cgratesCSV), ("cgrates-json.ndjson", .cgratesJSON),
        ("kamailio-acc.log", .kamailioAcc), ("kamailio-acc-db.csv", .kamailioAcc),
    ]

    @Test(arguments: samples) func byteByByte(_ name: String, _ format: CDRFormat) throws {
        let bytes = try Sample.bytes(name)
        var whole = try Sample.read(bytes, format)
        let expected = Everything(&whole)
        #expect(!expected.keys.isEmpty)
        for piece in [1, 7, 4096] {
            var cut = try Sample.read(bytes, format, piece: piece)
            #expect(Everything(&cut) == expected, "pieces of \(piece)")
            #expect(cut.state == whole.state)
        }
    }

    @Test(arguments: samples) func theSameFileTwiceGivesTheSameKeys(_ name: String, _ format: CDRFormat) throws {
        var first = try Sample.read(Sample.bytes(name), format)
        var second = try Sample.read(Sample.bytes(name), format)
        let (keys, again) = (first.takeRecords().key, second.takeRecords().key)
        #expect(keys == again && Set(keys).count == keys.count)
        #expect(first.takeEvents().key == second.takeEvents().key)
        // And within one reader, all rows of the second time are known.
        if format.givesEvents { return }
        var both = try Sample.read(Sample.bytes(name) + [0x0A] + Sample.bytes(name), format)
        #expect(both.takeRecords().key == keys)
        #expect(Consistency.holds(both.counters))
    }

    @Test func lineEndingsMarksAndBlankLines() throws {
        let rows = "\u{FEFF}id,setup_at,end_at\r\n\r\n a,1748934029,1748934030\r\n   \r\nb,1748934029,1748934031"
        var reader = try Sample.read(rows, .csv)
        #expect(reader.counters.rows == 2 && reader.counters.calls == 2 && reader.counters.errors == 0)
        #expect(reader.takeRecords().endMilliseconds == [1000, 2000])
    }

    @Test func aLongLineIsNamedAndReadingGoesOn() throws {
        let long = String(repeating: "x", count: CDRLimits.lineBytes + 1)
        let text = "id,setup_at,end_at\na,1748934029,1748934030\n\(long)\nb,1748934029,1748934030\n"
        for piece in [1, 1000, Int.max] {
            var reader = try Sample.read(Array(text.utf8), .csv, piece: piece)
            #expect(reader.counters.calls == 2 && reader.counters.errorsByName == [.longLine: 1])
            #expect(reader.takeErrors().map(\.line) == [3])
        }
    }

    /// A line of exactly the limit is read, in pieces and as a whole; so is a row of several lines.
    @Test func theLongestLine() throws {
        for over in [0, 1] {
            for isOpen in [false, true] {
                let start = "a,1748934029,1748934030,\"x" + (isOpen ? "\n" : "")
                let rest = CDRLimits.lineBytes + over - start.utf8.count - 1
                let long = start + String(repeating: "y", count: rest) + "\""
                let text = "id,setup_at,end_at,note\n" + long + "\nb,1748934029,1748934030,z\n"
                for piece in [1_000, CDRLimits.lineBytes, Int.max] {
                    let reader = try Sample.read(Array(text.utf8), .csv, piece: piece)
                    #expect(reader.counters.calls == (over == 0 ? 2 : 1), "\(over), \(isOpen), \(piece)")
                    let errors = over == 0 ? 0 : isOpen ? 2 : 1
                    #expect(reader.counters.errors == errors && Consistency.holds(reader.counters))
                }
            }
        }
    }

    @Test func aCutLastLine() throws {
        let text = "id,setup_at,end_at\na,1748934029,1748934030\nb,1748934029,174893"
        var following = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "f")
        Array(text.utf8).withUnsafeBytes { following.read($0) }
        // Twice: calls wait for further rows of their id.
        for _ in 0..<2 { following.finish(atEnd: false) }
        #expect(following.takeRecords().count == 1 && following.counters.rows == 1)
        #expect(following.resumeOffset == Int64(text.utf8.count - "b,1748934029,174893".utf8.count))
        Array("4033\n".utf8).withUnsafeBytes { following.read($0) }
        for _ in 0..<2 { following.finish(atEnd: false) }
        #expect(following.takeRecords().endMilliseconds == [4000])
        var ended = try Sample.read("id,setup_at,end_at\na,1748934029,1748934030\nb,17489", .csv)
        #expect(ended.takeErrors().map(\.name) == [.cutLine])
        #expect(ended.takeRecords().count == 1)
    }

    @Test func utf16IsNamedOnce() throws {
        let text = "id,setup_at\r\na,1\r\n"
        let bytes: [UInt8] = [0xFF, 0xFE] + text.utf8.flatMap { [$0, 0] as [UInt8] }
        var reader = try Sample.read(bytes, .csv)
        #expect(reader.takeErrors().map(\.name) == [.encoding])
        #expect(reader.counters.rows == 1)
        // Nothing of it is read, and all of it is behind.
        for piece in [1, 5, bytes.count] {
            let cut = try Sample.read(bytes, .csv, piece: piece)
            #expect(cut.state.offset == Int64(bytes.count) && cut.counters.errorsByName == [.encoding: 1])
        }
    }

    @Test(arguments: Seeds.fixed(7)) func resumingLosesNothing(seed: UInt64) throws {
        for (name, format) in Self.samples where !format.givesEvents {
            let bytes = try Sample.bytes(name)
            var whole = try Sample.read(bytes, format)
            let expected = Set(whole.takeRecords().key)
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<5 {
                let cut = Int.random(in: 0...bytes.count, using: &generator)
                var first = try CDRReader(format: format, columns: [], timeZone: "UTC", file: "f")
                bytes[..<cut].withUnsafeBytes { first.read($0) }
                first.finish(atEnd: false)
                var keys = Set(first.takeRecords().key)
                let state = first.state
                var second = try CDRReader(format: format, columns: [], timeZone: "UTC", file: "f")
                second.resume(state)
                bytes[Int(state.offset)...].withUnsafeBytes { second.read($0) }
                second.finish(atEnd: true)
                keys.formUnion(second.takeRecords().key)
                #expect(keys == expected, "\(name) cut at \(cut)")
            }
        }
    }
}

/// All that a reader gives out, column by column, for comparison.
struct Everything: Equatable {
    var records: [[Int64]]
    var keys: [CallKey]
    var events: [[Int64]]
    var parties: [Party]
    var counters: CDRCounters
    var errors: [CDRError]

    init(_ reader: inout CDRReader) {
        let batch = reader.takeRecords()
        records = [
            Self.column(batch.party), batch.setupMicros, Self.column(batch.ringMilliseconds),
            Self.column(batch.answerMilliseconds), Self.column(batch.endMilliseconds),
            Self.column(batch.talkMilliseconds), Self.column(batch.code), Self.column(batch.q850), batch.costMicros,
        ]
        let heard = reader.takeEvents()
        events = [
            Self.column(heard.kind.map(\.rawValue)), heard.timeMicros, Self.column(heard.party),
            Self.column(heard.sequence), Self.column(heard.code),
        ]
        keys = batch.key + heard.key
        parties = Array(batch.parties) + Array(heard.parties)
        counters = reader.counters
        errors = reader.takeErrors()
    }

    private static func column<Number: BinaryInteger>(_ values: [Number]) -> [Int64] {
        values.map { Int64($0) }
    }
}

enum Consistency {
    /// Every row is in exactly one count.
    static func holds(_ counters: CDRCounters) -> Bool {
        let outcomes: [Int] = [
            counters.calls, counters.credits, counters.continued, counters.notCalls, counters.duplicates,
            counters.errors,
        ]
        let named: Int = counters.errorsByName.values.reduce(0, +)
        if counters.rows != outcomes.reduce(0, +) || counters.errors != named { return false }
        return outcomes.allSatisfy { $0 >= 0 }
    }
}
