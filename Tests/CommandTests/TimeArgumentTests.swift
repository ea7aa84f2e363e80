import Foundation
import Glibc
import Terminal
import Testing
import Wire

@testable import busyhour

/// Times to come as people write them, by the machine's clock, and what a change from one to another begins and ends
/// at.
@Suite struct TimeArgumentTests {
    /// 2026-11-22T12:00:00Z.
    private let now: Int64 = 1_795_348_800_000_000
    private let hour: Int64 = 3_600_000_000

    private func micros(_ text: String) throws -> Int64 {
        try TimeArgument.micros(text, of: "--from", now: now, in: .local)
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

    /// In a zone that is told, whatever the machine's is; across the begin and the end of daylight saving.
    @Test func ofAZone() throws {
        let berlin = try ZoneName.zone("Europe/Berlin")
        func shown(_ text: String, from start: String, in zone: DisplayZone) throws -> String {
            let now = try TimeArgument.micros(start, of: "--from", now: 0, in: .utc)
            return Timestamp.text(micros: try TimeArgument.micros(text, of: "--until", now: now, in: zone))
        }
        #expect(try shown("18:00", from: "2026-11-22T12:00:00Z", in: berlin) == "2026-11-22T17:00:00Z")
        #expect(try shown("13:00", from: "2026-11-22T12:00:00Z", in: berlin) == "2026-11-23T12:00:00Z")
        #expect(try shown("2026-07-01", from: "2026-01-01T00:00:00Z", in: berlin) == "2026-06-30T22:00:00Z")
        #expect(try shown("2026-07-01 12:00", from: "2026-01-01", in: .utc) == "2026-07-01T12:00:00Z")
        #expect(
            try shown("2026-07-01 12:00", from: "2026-01-01", in: ZoneName.zone("-03:30")) == "2026-07-01T15:30:00Z")
        // Over the night in which clocks go forward (29 March) and back (25 October) in 2026.
        #expect(try shown("06:00", from: "2026-03-28T20:00:00Z", in: berlin) == "2026-03-29T04:00:00Z")
        #expect(try shown("06:00", from: "2026-10-24T20:00:00Z", in: berlin) == "2026-10-25T05:00:00Z")
        #expect(try shown("2026-03-29 02:30", from: "2026-01-01", in: berlin) == "2026-03-29T01:30:00Z")
        #expect(try shown("2026-10-25 02:30", from: "2026-01-01", in: berlin) == "2026-10-25T00:30:00Z")
        #expect(try shown("2026-11-22 18:00Z", from: "2026-01-01", in: berlin) == "2026-11-22T18:00:00Z")
    }

    @Test func zonesHaveNamesOrOffsets() throws {
        #expect(try ZoneName.zone("UTC").name == "UTC" && ZoneName.zone("utc").offset(0) == 0)
        #expect(try ZoneName.zone("Asia/Kolkata").offset(1_795_348_800) == 19_800)
        #expect(try ZoneName.zone("+05:30").offset(0) == 19_800 && ZoneName.zone("-03").offset(0) == -10_800)
        #expect(try ZoneName.zone("+0200").name == "+02:00")
        #expect(try ZoneName.zone("local").offset(0) == DisplayZone.local.offset(0))
        for bad in ["", "Europe/Berlyn", "+25:00", "+1", "02:00", "+02:00:00", "Mars"] {
            let error = #expect(throws: UsageError.self, "\(bad)") { try ZoneName.zone(bad) }
            #expect(error?.message.contains("such as Europe/Berlin") == true)
        }
    }

    @Test func anyCommandTakesAZone() async throws {
        for line in [
            ["board", "--time-zone", "Europe/Berlin"], ["--time-zone", "+02:00", "customer", "history"],
            ["status", "--time-zone", "local"],
            ["feed", "cdr", "--format", "csv", "--time-zone", "Europe/Berlin", "-"],
        ] {
            _ = try BusyHour.parse(commandLine: line)
        }
        for line in [
            ["board"], ["top"], ["status"], ["customer", "list"], ["customer", "edit", "1"], ["warning", "list"],
        ] {
            let ending = await BusyHour.run(line + ["--time-zone", "Europe/Berlyn"])
            #expect(ending.exitCode == 2 && ending.errors[0].contains("no time zone 'Europe/Berlyn'"), "\(line)")
        }
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
            return try command.from.times(until: command.until, now: now, in: .local)
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
                _ = try command.from.times(until: command.until, now: now, in: .local)
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
                "change  at                    who   customers        what",
                "    12  2026-11-22 12:00:00Z  anna  tags HAS 'gold'  channels=5 (until 2026-11-22 13:00:00Z)",
                "     9  2026-11-22 12:00:00Z  -     3                sets back status, notes",
                "",
                "could not be carried out in the last seven days:",
                "  2026-11-22 11:00:00Z  change 10: customer 7 is deleted (change 11)",
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
                "from 2026-11-22 12:00:00Z until 2026-11-22 13:00:00Z, for tags HAS 'gold': channels=5 (called off by 13)"
            ))
    }
}
