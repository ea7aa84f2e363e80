import CallEvents
import Testing

@testable import Feeds

/// Files of products, by what public documents tell of their columns.
@Suite struct PresetTests {
    private static func read(_ preset: CDRPreset, _ text: String) throws -> CDRReader {
        var reader = try CDRReader(format: .csv, options: preset.options, file: preset.rawValue)
        Array(text.utf8).withUnsafeBytes { reader.read($0) }
        reader.finish(atEnd: true)
        return reader
    }

    @Test(arguments: CDRPreset.allCases) func everyPresetCanBeRead(_ preset: CDRPreset) throws {
        #expect(!preset.options.map.isEmpty)
        #expect([.cucm, .oracleSBC].contains(preset) == (preset.options.filter != nil))
        var template = CDRTemplate()
        template.format = preset.rawValue
        #expect(try template.options().options == preset.options)
    }

    /// Stop records have more fields than Start and Interim records.
    @Test func oracle() throws {
        func stop(_ status: String, _ id: String, connect: String, cause: Int) -> String {
            var fields = [String](repeating: "", count: 140)
            for (place, text) in [
                (1, status), (2, "198.51.100.1"), (4, id), (5, "call-\(id)@host"), (10, "<sip:1000@x>"),
                (11, "<sip:2000@y>"),
                (13, "60"), (14, "10:00:00.250 UTC NOV 20 2026"), (15, connect), (16, "10:01:09.250 UTC NOV 20 2026"),
                (17, String(cause)), (23, "acme-realm"),
            ] { fields[place - 1] = text }
            return fields.joined(separator: ",") + "\n"
        }
        let start = "Start,198.51.100.1,5060,s1,call-s1@host,,SIP,,,1000,2000,10:00:00.250 UTC NOV 20 2026\n"
        var reader = try Self.read(
            .oracleSBC,
            start + stop("Stop", "s1", connect: "10:00:09.250 UTC NOV 20 2026", cause: 16)
                + stop("2", "s2", connect: "", cause: 17))
        let batch = reader.takeRecords()
        #expect(
            reader.counters.errors == 0 && reader.counters.notCallsByName == [.filtered: 1], "\(reader.takeErrors())")
        #expect(batch.answerMilliseconds == [9_000, CallRecordBatch.never] && batch.q850 == [16, 17])
        #expect(batch.endMilliseconds == [69_000, 69_000] && batch.parties.allSatisfy { $0.account == "acme-realm" })
        #expect(batch.details[0].callID == "call-s1@host")
    }

    /// Exports have the columns that their user chose.
    @Test func vos3000() throws {
        var reader = try Self.read(
            .vos3000,
            """
            calleraccesse164,calleeaccesse164,callerip,starttime,stoptime,holdtime,fee,customeraccount,flowno,endreason
            1000,2000,198.51.100.7,1795168800000,1795168860000,60,0.5,acme,77,0
            1000,2001,198.51.100.7,1795168900000,1795168900000,0,0,acme,78,-9

            """)
        let batch = reader.takeRecords()
        #expect(reader.counters.errors == 0, "\(reader.takeErrors())")
        #expect(batch.talkMilliseconds[0] == 60_000 && batch.answerMilliseconds[1] == CallRecordBatch.never)
        #expect(batch.costMicros == [500_000, 0] && batch.parties[0].account == "acme")
    }

    @Test func sippy() throws {
        var reader = try Self.read(
            .sippy,
            """
            i_cdr,call_id,i_account,cli_in,cld_in,setup_time,connect_time,disconnect_time,duration,cost,result,remote_ip
            1,a@b,12,1000,2000,2026-11-20 10:00:00,2026-11-20 10:00:05,2026-11-20 10:01:05,60,0.02,0,198.51.100.7
            2,c@d,12,1000,2000,2026-11-20 10:00:00,,2026-11-20 10:00:05,0,0,486,198.51.100.7
            3,e@f,12,1000,2000,2026-11-20 10:00:00,,2026-11-20 10:00:05,0,0,-8,198.51.100.7

            """)
        let batch = reader.takeRecords()
        #expect(reader.counters.errors == 0, "\(reader.takeErrors())")
        #expect(batch.code == [200, 486, 0] && batch.talkMilliseconds[0] == 60_000)
        #expect(batch.details[0].callID == "a@b" && batch.costMicros == [20_000, 0, 0])
    }

    /// The fields of `getAccountCDRs()`: no time of the end, and times as that answer has them.
    @Test func sippyByItsInterface() throws {
        var reader = try Self.read(
            .sippy,
            """
            i_account,setup_time,connect_time,billed_duration,cli_in,cld_in,cost,remote_ip,result,duration,pdd1xx,call_id,i_cdr
            12,10:00:00.000 GMT Fri Nov 20 2026,10:00:05.000 GMT Fri Nov 20 2026,60,1000,2000,0.02,198.51.100.7,0,59.5,1.25,a@b,1
            12,10:00:10.000 GMT Fri Nov 20 2026,,0,1000,2000,0,198.51.100.7,503,0,0,c@d,2

            """)
        let batch = reader.takeRecords()
        #expect(reader.counters.errors == 0, "\(reader.takeErrors())")
        #expect(batch.setupMicros == [1_795_168_800_000_000, 1_795_168_810_000_000] && batch.code == [200, 503])
        #expect(batch.answerMilliseconds == [5_000, CallRecordBatch.never] && batch.talkMilliseconds[0] == 59_500)
        #expect(batch.ringMilliseconds[0] == 1_250 && batch.endMilliseconds[0] == 64_500)
        #expect(batch.details[1].callID == "c@d" && batch.parties[0].account == "12")
    }

    /// A file that is not the product's says what it lacks.
    @Test func anotherFile() throws {
        var reader = try Self.read(.yeti, "one,two,three\n1,2,3\n")
        #expect(reader.takeErrors().map(\.name) == [.map] && Consistency.holds(reader.counters))
    }

    /// The second pass through the hour that daylight saving repeats, in a file of its own.
    @Test(arguments: Array(0..<6)) func aFileOfTheSecondPass(quarter: Int) throws {
        func rows(_ minutes: [Int]) -> String {
            "id,setup_at,end_at\n"
                + minutes.map {
                    "x\($0),2026-10-25 02:\($0 < 10 ? "0" : "")\($0):00,2026-10-25 02:\($0 < 10 ? "0" : "")\($0):30\n"
                }
                .joined()
        }
        func read(_ minutes: [Int], floor: Int64?) throws -> (minutes: [Int], latest: Int64?) {
            var options = CDROptions()
            options.timeZone = "Europe/Berlin"
            var reader = try CDRReader(format: .csv, options: options, file: "f")
            reader.passFloorMicros = floor
            Array(rows(minutes).utf8).withUnsafeBytes { reader.read($0) }
            reader.finish(atEnd: true)
            let setups = reader.takeRecords().setupMicros.map { Int(($0 - 1_792_886_400_000_000) / 60_000_000) }
            return (setups, reader.latestDoubtfulMicros)
        }
        // Files of twenty minutes, of both passes, one after the other.
        var floor: Int64?
        var all: [Int] = []
        for file in 0..<6 {
            let minutes = (0..<4).map { file % 3 * 20 + $0 * 5 }
            let (read, latest) = try read(minutes, floor: floor)
            all += read
            floor = max(floor ?? 0, try #require(latest))
            if file == quarter { #expect(try self.same(read, minutes, file)) }
        }
        #expect(all == all.sorted())
        // The floor is the latest of the doubtful times, not the last one.
        #expect(try read([5, 0], floor: nil).latest == 1_792_886_700_000_000)
        // Another night's files say nothing.
        #expect(try read([5], floor: 1_760_000_000_000_000).minutes == [5])
    }

    private func same(_ read: [Int], _ minutes: [Int], _ file: Int) throws -> Bool {
        read == minutes.map { $0 + (file < 3 ? 0 : 60) }
    }
}
