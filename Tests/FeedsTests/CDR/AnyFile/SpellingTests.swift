import CallEvents
import Foundation
import Randomness
import Testing

@testable import Feeds

/// Times and lengths of time in the spellings of products and people.
@Suite struct SpellingTests {
    private static func micros(_ text: String, zone: String = "UTC") throws -> Int64? {
        var reader = try MapTests.read("id,setup_at,talk\nx,\"\(text)\",0\n", timeZone: zone)
        return reader.takeRecords().setupMicros.first
    }

    @Test(arguments: [
        "2026-11-20T10:00:00.250Z", "2026-11-20T13:00:00.25+03:00", "2026-11-20 10:00:00.250",
        "2026/11/20 10:00:00.250",
        "20.11.2026 10:00:00.250", "2026-11-20T07:00:00.250-0300", "10:00:00.250 UTC NOV 20 2026",
        "*10:00:00.250 UTC Nov 20 2026", ".10:00:00.250 GMT Fri Nov 20 2026", "11:00:00.250 +0100 nov 20 2026",
        "1795168800.250", "1795168800250", "1795168800250000", "1795168800250000000", "2026-11-20 10:00:00.250 UTC",
        "2026-11-20 10:00:00.250 +0000 UTC",
    ])
    func oneTimeInManySpellings(_ text: String) throws {
        #expect(try Self.micros(text) == 1_795_168_800_250_000, "\(text)")
    }

    @Test func timesWithoutSecondsAndWithoutMarks() throws {
        #expect(try Self.micros("2026-11-20 10:00") == 1_795_168_800_000_000)
        #expect(try Self.micros("20.11.2026 10:00") == 1_795_168_800_000_000)
        #expect(try Self.micros("20261120100000") == 1_795_168_800_000_000)
        #expect(try Self.micros("20261120100000", zone: "+01:00") == 1_795_165_200_000_000)
        // Letters stand for the zone of the option; where that is UTC, `CET` is refused.
        #expect(try Self.micros("11:00:00 CET NOV 20 2026", zone: "Europe/Berlin") == 1_795_168_800_000_000)
        #expect(try Self.micros("11:00:00 CET NOV 20 2026") == nil)
    }

    @Test(arguments: [
        "01/02/2026 10:00:00", "2026-13-01 10:00:00", "2026-02-30 10:00:00", "31.02.2026 10:00:00",
        "10:00:00 UTC NOX 20 2026",
        "10:00:00 UTC NOV 31 2026", "25:00:00 UTC NOV 20 2026", "10:00:00 UTC NOV 20", "*", ".", "2026-11-20", "10:00",
        "2026-11-20 10:00:00 soon", "*10:00:00.250 UTC Nov 20 2026 x",
    ])
    func timesThatCannotBe(_ text: String) throws {
        var reader = try MapTests.read("id,setup_at,talk\nx,\"\(text)\",0\n")
        #expect(reader.takeErrors().map(\.name) == [.time] && reader.takeRecords().count == 0, "\(text)")
    }

    /// Each part of a time at its least and most, and beyond.
    @Test func bordersOfTimes() throws {
        func isRead(_ text: String) throws -> Bool { try Self.micros(text) != nil }
        for (text, isTime) in [
            ("2026-11-20 00:00:00", true), ("2026-11-20 23:59:59", true), ("2026-11-20 23:59:60", true),
            ("2026-11-20 23:59:61", false), ("2026-11-20 23:60:00", false), ("2026-11-20 24:00:00", false),
            ("2026-01-01 10:00:00", true), ("2026-00-01 10:00:00", false), ("2026-12-31 10:00:00", true),
            ("2026-12-32 10:00:00", false), ("2026-12-00 10:00:00", false), ("2026-04-30 10:00:00", true),
            ("2026-04-31 10:00:00", false), ("2024-02-29 10:00:00", true), ("2023-02-29 10:00:00", false),
            ("2000-02-29 10:00:00", true), ("2100-02-29 10:00:00", false), ("2100-02-28 10:00:00", true),
            ("9999-12-31 23:59:59", true), ("2026-11-20 10:00:00+18:00", true), ("2026-11-20 10:00:00+18:59", true),
            ("2026-11-20 10:00:00+19:00", false), ("2026-11-20 10:00:00-18:00", true),
            ("2026-11-20 10:00:00+01:60", false), ("20261120235959", true), ("20261120235960", true),
            ("20261120235961", true), ("19691120235959", true), ("1970-01-01 00:00:01", true),
            ("1970-01-01 01:00:00+01:00", false), ("1970-01-01 01:00:01+01:00", true),
        ] {
            // Fourteen digits that are no date are milliseconds.
            #expect(try isRead(text) == isTime, "\(text)")
        }
        #expect(try Self.micros("20261120235961") == 20_261_120_235_961_000)
        #expect(try Self.micros("2026-11-20 10:00:00,5") == 1_795_168_800_500_000)
    }

    @Test(arguments: [
        "0", "", "0000-00-00 00:00:00", "1970-01-01 00:00:00", "0.000", "NULL", "00:00:00 UTC Jan 1 1970",
    ])
    func never(_ text: String) throws {
        var reader = try MapTests.read("id,setup_at,answer_at,end_at\nx,1795168800,\(text),1795168809\n")
        #expect(reader.takeRecords().answerMilliseconds == [CallRecordBatch.never], "\(text)")
        #expect(reader.counters.errors == 0)
    }

    @Test(arguments: [
        ("90", 90_000), ("90.5", 90_500), ("01:30", 90_000), ("1:30", 90_000), ("00:01:30", 90_000),
        ("0:01:30.250", 90_250),
        ("1m30s", 90_000), ("90s", 90_000), ("1500ms", 1_500), ("100:00:00", 360_000_000), ("100:00", 6_000_000),
    ])
    func lengths(_ text: String, _ milliseconds: Int) throws {
        var reader = try MapTests.read("id,setup_at,answer_at,talk\nx,1795168800,1795168801,\(text)\n")
        #expect(reader.takeRecords().talkMilliseconds == [UInt32(milliseconds)], "\(text)")
    }

    @Test(arguments: [
        "1:60", "1:2:3:4", "::", "1:", ":30", "-1:30", "1:5", "1:99:30", "99999999999:00:00", "1x", "1.5.5",
    ])
    func lengthsThatCannotBe(_ text: String) throws {
        var reader = try MapTests.read("id,setup_at,answer_at,talk\nx,1795168800,1795168801,\(text)\n")
        #expect(reader.takeRecords().count == 0 && reader.counters.errors == 1, "\(text)")
    }

    /// The last word of a title tells a unit, if there is another one before it.
    @Test(arguments: [
        ("Duration (min)", CDRDurationUnit.minutes), ("talk_ms", .milliseconds), ("Talk/Secs", .seconds), ("min", nil),
        ("s", nil), ("ms", nil), ("Min Talk", nil), ("duration", nil), ("", nil), ("talk minutes", .minutes),
        ("talkms", nil), ("talk [MSEC]", .milliseconds), ("talk m", .minutes), ("Length in hours", nil),
    ])
    func unitsOfTitles(title: String, unit: CDRDurationUnit?) {
        #expect(CDRDurationUnit(ofColumn: title) == unit, "\(title)")
    }

    @Test func units() throws {
        let file = "id,setup_at,answer_at,Talk (ms)\nx,1795168800,1795168801,1500\n"
        for (map, durations, right) in [
            ("talk=Talk (ms)", CDRDurationUnit?.none, UInt32(1_500)), ("talk_min=4", nil, 90_000_000),
            ("talk=4", .minutes, 1_500), ("talk_ms=4", .minutes, 1_500),
        ] {
            var reader = try MapTests.read(file, map: "id=id,setup_at=2,answer_at=3," + map, durations: durations)
            #expect(reader.takeRecords().talkMilliseconds == [right], "\(map)")
        }
        var common = try MapTests.read(
            "id,setup_at,duration,talk,pdd\nx,1795168800,9000,4000,1500\n", durations: .milliseconds)
        let batch = common.takeRecords()
        #expect(
            batch.endMilliseconds == [9_000] && batch.talkMilliseconds == [4_000] && batch.ringMilliseconds == [1_500])
        var minutes = try MapTests.read("id,setup_at,talk\nx,1795168800,1.25\n", durations: .minutes)
        #expect(minutes.takeRecords().talkMilliseconds == [75_000])
    }

    @Test(arguments: [("3.25", 3_250), ("3250000000", 3_250), ("3.25s", 3_250), ("3250ms", 3_250), ("0", -1)])
    func delays(_ text: String, _ milliseconds: Int) throws {
        var reader = try MapTests.read("id,setup_at,end_at,pdd\nx,1795168800,1795168809,\(text)\n")
        let right = milliseconds < 0 ? CallRecordBatch.unknown : UInt32(milliseconds)
        #expect(reader.takeRecords().ringMilliseconds == [right] && reader.counters.errors == 0)
    }

    @Test(arguments: [
        ("Answered", 200), ("ANSWERED", 200), ("completed", 200), ("Busy", 486), ("no-answer", 480), ("No Answer", 480),
        ("NoAnswer", 480), ("canceled", 487), ("Rejected", 603), ("FAILED", 503), ("FailedBusy", 486), ("gone", 404),
        ("No, thanks", 603), ("Yes!", 200), ("TerminatedBySrc", 487), ("whatever", 0),
    ])
    func wordsForAnOutcome(_ word: String, _ code: Int) throws {
        let table = "Gone=q850:1,\"no, thanks\"=603,yes=200"
        var reader = try MapTests.read(
            "id;setup_at;end_at;disposition\nx;1795168800;1795168809;\(word)\n", dispositions: table)
        let batch = reader.takeRecords()
        #expect(batch.code == [UInt16(code)], "\(word): \(batch.code)")
        #expect((batch.answerMilliseconds == [CallRecordBatch.never]) == (code != 200), "\(word)")
        #expect(reader.takeWarnings().count == (word == "whatever" ? 1 : 0))
    }

    @Test func aCodeIsMoreExactThanAWord() throws {
        var reader = try MapTests.read("id,setup_at,end_at,disposition,q850\nx,1795168800,1795168809,FAILED,1\n")
        #expect(reader.takeRecords().code == [404])
    }

    @Test(arguments: [
        "a", "a=", "a=b", "a=99", "a=700", "a=q850:0", "a=q850:200", "a=200,A=486", "!=200", "a=\"b",
    ])
    func tablesThatCannotBe(_ text: String) {
        #expect(throws: CDRUsageError.self) { try CDRDispositions(text) }
    }

    /// Random calls, written with their columns in any order, under any titles, in any spelling: read back they are
    /// equal.
    @Test(arguments: Seeds.of(1, 2, 3, 4, 5, 6, 7, 8)) func whateverTheLayout(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            let sheet = RandomCDRFile(&random)
            var plain = try MapTests.read(sheet.plain)
            var reader = try MapTests.read(
                sheet.text, map: sheet.map, filter: sheet.filter, timeZone: sheet.timeZone)
            let (right, batch) = (plain.takeRecords(), reader.takeRecords())
            let what = "seed \(seed): \(sheet.map)\n\(sheet.text.prefix(600))\n\(reader.takeErrors())"
            #expect(reader.counters.errors == 0 && Consistency.holds(reader.counters), "\(what)")
            #expect(batch.setupMicros == right.setupMicros && batch.key == right.key, "\(what)")
            #expect(batch.answerMilliseconds == right.answerMilliseconds, "\(what)")
            #expect(batch.endMilliseconds == right.endMilliseconds, "\(what)")
            #expect(batch.talkMilliseconds == right.talkMilliseconds && batch.code == right.code, "\(what)")
            #expect(batch.costMicros == right.costMicros, "\(what)")
            #expect(batch.party.map { batch.parties[Int($0)] } == right.party.map { right.parties[Int($0)] }, "\(what)")
        }
    }
}
