import CallEvents
import Foundation
import Testing

@testable import Feeds

/// Times in every form, and local times in the nights when daylight saving begins and ends.
@Suite struct ClockTests {
    private func micros(_ text: String, zone: String = "UTC") throws -> Int64? {
        var clock = try #require(LocalClock(zone))
        let bytes = Array(text.utf8)
        switch CDRTimeParser.any(bytes.span, CDRField(start: 0, end: bytes.count), clock: &clock) {
        case .none: return nil
        case .time(let time): return time.earlier
        case .unreadable: return -1
        }
    }

    @Test func formsOfOneInstant() throws {
        for text in [
            "1748934029", "1748934029000", "1748934029000000", "1748934029.0", "2025-06-03 07:00:29",
            "2025-06-03T07:00:29Z", "2025-06-03T09:00:29+02:00", "2025-06-03 09:00:29+0200",
            "2025-06-03T02:30:29-04:30", "2025-06-03 07:00:29 UTC", "2025-06-03 07:00:29 +0000 UTC",
            "2025-06-03 09:00:29 +0200 CEST", "2025-06-03 09:00:29.0 +02:00", "2025-06-03 09:00:29+02",
        ] {
            #expect(try micros(text) == 1_748_934_029_000_000, "\(text)")
        }
        #expect(try micros("2025-06-03T07:00:29.123456789Z") == 1_748_934_029_123_456)
        #expect(try micros("1748934029.5") == 1_748_934_029_500_000)
        #expect(try micros("2025-06-03 09:00:29", zone: "Europe/Berlin") == 1_748_934_029_000_000)
        #expect(try micros("2025-06-03 09:00:29", zone: "+02:00") == 1_748_934_029_000_000)
        #expect(try micros("2024-02-29 00:00:00") == 1_709_164_800_000_000)
    }

    @Test func noTime() throws {
        for text in [
            "", "0", "0.000", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00 +0000 UTC", "0000-00-00 00:00:00",
            "1970-01-01 00:00:00", "1970-01-01T00:00:00Z",
        ] {
            #expect(try micros(text) == nil, "\(text)")
        }
        // The same zero as the wall clock shows it elsewhere.
        #expect(try micros("1970-01-01 01:00:00", zone: "Europe/Berlin") == nil)
        #expect(try micros("1969-12-31 19:00:00", zone: "America/New_York") == nil)
    }

    @Test func unreadable() throws {
        for text in [
            "x", "-1", "2025-13-01 00:00:00", "2025-02-29 00:00:00", "2025-06-03", "2025-06-03 24:00:00", "20250603",
            "2025-06-03 07:00:29 CEST", "2025-06-03 07:00:29 UTC+2", "2025-06-03 07:00:29 +0200 C;", "1748934029x",
            "99999999999999999999", "2025-06-03T07:00:29+25:00",
        ] where text != "20250603" {
            #expect(try micros(text) == -1, "\(text)")
        }
    }

    @Test func daysAgreeWithFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for day in stride(from: 0, to: 80_000, by: 13) {
            let date = Date(timeIntervalSince1970: Double(day) * 86400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let year = Int64(parts.year ?? 0)
            let (month, dayOfMonth) = (Int64(parts.month ?? 0), Int64(parts.day ?? 0))
            #expect(CivilDay.sinceEpoch(year: year, month: month, day: dayOfMonth) == Int64(day))
        }
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
    func everyQuarterHourOfTwoYearsComesBack(_ name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        var clock = try #require(LocalClock(name))
        for instant in stride(from: Int64(1_735_689_600), to: 1_798_761_600, by: 900) {
            let local = instant + Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))))
            let (earlier, later) = clock.instants(local)
            #expect(earlier == instant || later == instant)
            #expect(later - earlier == 0 || (later - earlier == 3600 || later - earlier == 1800))
        }
    }

    @Test func skippedHourIsMappedForward() throws {
        // 02:30 does not exist; it is the instant of 03:30.
        #expect(
            try micros("2025-03-30 02:30:00", zone: "Europe/Berlin")
                == micros("2025-03-30 03:30:00", zone: "Europe/Berlin"))
        #expect(
            try micros("2025-03-09 02:30:00", zone: "America/New_York")
                == micros("2025-03-09 03:30:00", zone: "America/New_York"))
    }

    @Test func unknownZonesAreRefused() {
        for name in ["", "Mars/Base", "+25:00", "CET+", "UTC+2x"] {
            #expect(throws: CDRUsageError.self, "\(name)") {
                try CDRReader(format: .asterisk, columns: [], timeZone: name, file: "f")
            }
        }
    }
}

/// Rows of the night of the end of daylight saving.
@Suite struct RepeatedHourTests {
    /// Night, zone, and the first instant of the repeated hour (seconds since 1970).
    static let nights: [(String, String, Int64)] = [
        ("Europe/Berlin", "2025-10-26 0", 1_761_436_800), ("America/New_York", "2025-11-02 0", 1_762_059_600),
    ]

    /// Hour of the wall clock that is repeated.
    private func hour(_ zone: String) -> Int { zone == "Europe/Berlin" ? 2 : 1 }

    private func row(_ id: Int, _ start: String, _ answer: String, _ end: String, _ duration: Int, _ bill: Int)
        -> String
    {
        """
        "","1","2","public","\(start)","\(answer)","\(end)","\(duration)","\(bill)","NORMAL_CLEARING","id-\(id)","","a","",""

        """
    }

    private func setups(_ rows: String, _ zone: String) throws -> [Int64] {
        var reader = try Sample.read(rows, .freeswitchCSV, timeZone: zone)
        #expect(reader.counters.errors == 0)
        return reader.takeRecords().setupMicros.map { $0 / 1_000_000 }
    }

    @Test(arguments: nights) func startInTheFirstPassAndEndInTheSecond(
        _ zone: String, _ day: String, _ begin: Int64
    ) throws {
        let hour = hour(zone)
        let row = row(
            1, "\(day)\(hour):50:00", "\(day)\(hour):50:10", "\(day)\(hour):10:00", 1200, 1190)
        #expect(try setups(row, zone) == [begin + 3000])
        var reader = try Sample.read(row, .freeswitchCSV, timeZone: zone)
        let batch = reader.takeRecords()
        #expect(batch.answerMilliseconds == [10_000] && batch.endMilliseconds == [1_200_000])
    }

    /// Without durations the order of the rows tells the pass of all times of a call, not only that of its end.
    @Test(arguments: nights) func rowsWithoutDurations(_ zone: String, _ day: String, _ begin: Int64) throws {
        var text = "id,setup_at,answer_at,end_at\n"
        for minute in stride(from: 0, to: 120, by: 5) {
            let clock = "\(day)\(hour(zone)):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
            text += "\(minute),\(clock):00,\(clock):10,\(clock):40\n"
        }
        var reader = try Sample.read(text, .csv, timeZone: zone)
        let batch = reader.takeRecords()
        #expect(batch.setupMicros == (0..<24).map { (begin + 300 * $0) * 1_000_000 })
        #expect(batch.endMilliseconds.allSatisfy { $0 == 40_000 })
    }

    /// A ringing is in the pass of its call, and not before its begin.
    @Test(arguments: nights) func ringingInTheRepeatedHour(_ zone: String, _ day: String, _ begin: Int64) throws {
        var text = "id,setup_at,ring_at,end_at\n"
        for minute in stride(from: 0, to: 120, by: 5) {
            let clock = "\(day)\(hour(zone)):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
            text += "\(minute),\(clock):00,\(clock):\(minute % 2 == 0 ? "07" : "00"),\(clock):40\n"
        }
        text += "a,\(day)\(hour(zone) + 1):00:00,\(day)\(hour(zone) + 1):00:07,\(day)\(hour(zone) + 1):00:40\n"
        var reader = try Sample.read(text, .csv, timeZone: zone)
        let batch = reader.takeRecords()
        #expect(batch.setupMicros == (0...24).map { (begin + 300 * $0) * 1_000_000 })
        #expect(batch.ringMilliseconds == (0...24).map { $0 % 2 == 0 ? 7_000 : 0 })
        // From before the hour into it.
        var early = try Sample.read(
            "id,setup_at,ring_at,duration\n1,\(day)\(hour(zone) - 1):59:50,\(day)\(hour(zone)):00:10,60\n", .csv,
            timeZone: zone)
        #expect(early.takeRecords().ringMilliseconds == [20_000])
    }

    @Test(arguments: nights) func longCallsAcrossTheHour(_ zone: String, _ day: String, _ begin: Int64) throws {
        let hour = hour(zone)
        // Starts in the first pass, in the second pass, and before; all end after.
        let rows =
            row(1, "\(day)\(hour):30:00", "\(day)\(hour):30:00", "\(day)\(hour + 1):30:00", 7200, 7200)
            + row(2, "\(day)\(hour):30:00", "\(day)\(hour):30:00", "\(day)\(hour + 1):30:00", 3600, 3600)
            + row(3, "\(day)\(hour - 1):30:00", "\(day)\(hour):30:00", "\(day)\(hour + 1):30:00", 10800, 3600)
        #expect(try setups(rows, zone) == [begin + 1800, begin + 5400, begin - 1800])
        var reader = try Sample.read(rows, .freeswitchCSV, timeZone: zone)
        #expect(reader.takeRecords().answerMilliseconds == [0, 0, 7_200_000])
    }

    @Test(arguments: nights) func aStepBackIsTheSecondPass(_ zone: String, _ day: String, _ begin: Int64) throws {
        let hour = hour(zone)
        var rows = ""
        var expected: [Int64] = []
        // A call of 20 s every 5 minutes, in both passes.
        for number in 0..<24 {
            let minute = number * 5 % 60
            let start = String(format: "%@%d:%02d:00", day, hour, minute)
            let end = String(format: "%@%d:%02d:20", day, hour, minute)
            rows += row(number, start, start, end, 20, 20)
            expected.append(begin + Int64(number) * 300)
        }
        #expect(try setups(rows, zone) == expected)
    }

    @Test func asteriskKnowsFromItsUniqueID() throws {
        let first =
            #""a","1","2","c","x","SIP/a-1","","Dial","","2025-10-26 02:40:00",,"2025-10-26 02:40:09",9,0,"BUSY","D","#
        var reader = try Sample.read(
            first + "\"1761442800.7\"\n" + first + "\"1761439200.6\"\n", .asterisk, timeZone: "Europe/Berlin")
        #expect(reader.takeRecords().setupMicros == [1_761_442_800_000_000, 1_761_439_200_000_000])
    }
}
