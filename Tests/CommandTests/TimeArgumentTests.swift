import Foundation
import Glibc
import Terminal
import Testing
import Wire

@testable import busyhour

/// Times to come as people write them, by the machine's clock, and what a change from one to another begins and ends at.
@Suite struct TimeArgumentTests {
    /// 2026-11-22T12:00:00Z.
    private let now: Int64 = 1_795_348_800_000_000
    private let hour: Int64 = 3_600_000_000

    private func micros(_ text: String) throws -> Int64 {
        try TimeArgument.micros(text, of: "--from", now: now)
    }

    /// The machine's own day and time, whatever its zone is.
    private func local(_ micros: Int64) -> (day: Int32, hour: Int32, minute: Int32, second: Int32) {
        var seconds = time_t(micros / 1_000_000)
        var time = tm()
        localtime_r(&seconds, &time)
        return (time.tm_yday, time.tm_hour, time.tm_min, time.tm_sec)
    }

    @Test func ofADay() throws {
        for hourOfDay in 0..<24 as Range<Int32> {
            let found = try micros("\(hourOfDay):30")
            #expect(found > now && found <= now + 25 * hour)
            #expect(local(found).hour == hourOfDay && local(found).minute == 30 && local(found).second == 0)
        }
        #expect(local(try micros("06:07:08")).second == 8)
        let midnight = try micros("00:00")
        #expect(local(midnight).hour == 0 && local(midnight).minute == 0 && local(midnight).day != local(now).day)
    }

    @Test func datesZonesAndDurations() throws {
        #expect(try micros("2026-11-22T18:00:00Z") == now + 6 * hour)
        #expect(try micros("2026-11-22T18:00:00+02:00") == now + 4 * hour)
        #expect(try micros("2026-11-22T18:00:00.250-0130") == now + 6 * hour + hour * 3 / 2)
        #expect(try micros("2026-11-22 18:00Z") == micros("2026-11-22T18:00:00Z"))
        #expect(try micros("+2h") == now + 2 * hour && micros("+90m") == now + hour * 3 / 2)
        let day = try micros("2026-12-01")
        #expect(local(day).hour == 0 && local(day).minute == 0)
        #expect(try micros("2026-12-01 18:00") == micros("2026-12-01T18:00") && micros("2026-12-01 18:00") > day)
        for bad in [
            "", "soon", "24:00", "12:60", "12:00:60", "1:2:3:4", "+", "+2", "+0s", "2026-02-30", "2026-13-01",
            "2026-12-01 25:00", "2026-12-1", "-1h", "٠٩:٣٠", "99999999999999999999:00", "2026-11-22T18:00:00ZZ",
            "2026-11-22T18:00:00+25:00", "2026-11-22T18:00:00.Z",
        ] {
            #expect(throws: UsageError.self, "\(bad)") { try micros(bad) }
        }
    }

    @Test func aChangeBeginsAndEnds() throws {
        func times(_ arguments: String...) throws -> (beginAt: Int64, undoAt: Int64) {
            let line = ["customer", "edit", "1", "--set", "channels=5"] + arguments
            let command = try #require(try BusyHour.parse(commandLine: line) as? CustomerEditCommand)
            return try command.from.times(until: command.until, now: now)
        }
        #expect(try times() == (0, 0))
        #expect(try times("--for", "1h") == (0, now + hour))
        #expect(try times("--from", "+2h", "--for", "1h") == (now + 2 * hour, now + 3 * hour))
        // Until six the next morning after it began.
        let night = try times("--from", "22:00", "--until", "06:00")
        #expect(local(night.beginAt).hour == 22 && night.undoAt == night.beginAt + 8 * hour)
        for (arguments, message) in [
            (["--from", "2026-11-22T11:00:00Z"], "has passed"), (["--until", "2026-11-22T11:00:00Z"], "has passed"),
            (["--from", "+2h", "--until", "2026-11-22T13:00:00Z"], "is not after --from +2h"),
        ] {
            let error = #expect(throws: UsageError.self) {
                let line = ["customer", "edit", "1", "--set", "channels=5"] + arguments
                let command = try #require(try BusyHour.parse(commandLine: line) as? CustomerEditCommand)
                _ = try command.from.times(until: command.until, now: now)
            }
            #expect(error?.message.contains(message) == true, "\(arguments)")
        }
        #expect(throws: (any Error).self) { try times("--from", "+1h", "--version", "3") }
        #expect(throws: (any Error).self) { try times("--from", "whenever") }
    }

    @Test func whatIsToCome() {
        var answer = Busyhour_V1_ScheduledResponse()
        var edit = Busyhour_V1_ScheduledEntry()
        (edit.change, edit.at, edit.who) = (12, now, "anna")
        (edit.edit.selection.where, edit.edit.set, edit.edit.undoAt) = ("tags HAS 'gold'", ["channels=5"], now + hour)
        var back = Busyhour_V1_ScheduledEntry()
        (back.change, back.at, back.fields, back.customers) = (9, now, ["status", "notes"], 3)
        var failed = Busyhour_V1_ChangeEntry()
        (failed.change, failed.at, failed.of, failed.kind) = (11, now - hour, 10, "scheduled")
        (failed.failed, failed.remark) = (true, "customer 7 is deleted")
        (answer.entries, answer.total, answer.failed) = ([edit, back], 2, [failed])
        let report = ScheduledReport(answer: answer)
        #expect(
            report.lines(.plain) == [
                "2 changes to come",
                "change  at                   who   customers        what",
                "    12  2026-11-22 12:00:00  anna  tags HAS 'gold'  channels=5 (until 2026-11-22 13:00:00)",
                "     9  2026-11-22 12:00:00  -     3                sets back status, notes",
                "",
                "could not be carried out in the last seven days:",
                "  2026-11-22 11:00:00  change 10: customer 7 is deleted (change 11)",
            ])
        #expect(report.json.text.contains("\"kind\":\"set_back\""))
        var history = Busyhour_V1_HistoryResponse()
        var planned = Busyhour_V1_ChangeEntry()
        (planned.change, planned.kind, planned.planned) = (12, "planned", edit.edit)
        (planned.planned.beginAt, planned.calledOffBy) = (now, 13)
        var nobody = Busyhour_V1_ChangeEntry()
        (nobody.change, nobody.kind, nobody.of, nobody.lateMicros) = (14, "scheduled", 12, 7_200_000_000)
        failed.lateMicros = 90_000_000
        history.changes = [nobody, failed, planned]
        let text = HistoryReport(answer: history).lines(.plain).joined(separator: "\n")
        #expect(text.contains("carries out 12, which changes no customer; (2 h 0 min late)"))
        #expect(text.contains("10 could not be carried out: customer 7 is deleted; (1 min 30 s late)"))
        #expect(
            text.contains(
                "from 2026-11-22 12:00:00 until 2026-11-22 13:00:00, for tags HAS 'gold': channels=5 (called off by 13)"
            ))
    }
}
