import CallEvents
import Testing

@testable import Feeds

/// The table `acc` of OpenSIPS (version 7 of its schema): it tells when the INVITE came and, in CDR mode, how long the
/// call was.
@Suite struct OpenSIPSTests {
    private let header =
        "id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,duration,ms_duration,setuptime,created,src_ip\n"

    @Test func aRowInCDRModeIsAWholeCall() throws {
        var reader = try Sample.read(
            header
                + """
                1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,30250,8,2025-06-03 07:00:00,192.0.2.1
                2,INVITE,a,b,d,486,Busy Here,2025-06-03 07:00:05,0,0,4,2025-06-03 07:00:01,192.0.2.1

                """, .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(reader.counters.errors == 0 && reader.counters.calls == 2)
        #expect(batch.kind == [.setupUntimed, .answer, .end, .setupUntimed, .failure])
        let start: Int64 = 1_748_934_000_000_000
        #expect(batch.timeMicros.map { $0 - start } == [0, 8_000_000, 38_250_000, 1_000_000, 5_000_000])
        #expect(batch.code == [0, 200, 0, 0, 486])
    }

    /// Without CDR mode a BYE has a row of its own, and lengths are 0.
    @Test func aRowATransaction() throws {
        var reader = try Sample.read(
            header
                + """
                1,INVITE,a,x,c,407,Auth,2025-06-03 07:00:00,0,0,0,2025-06-03 07:00:00,192.0.2.1
                2,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,0,0,7,2025-06-03 07:00:01,192.0.2.1
                3,BYE,b,a,c,200,OK,2025-06-03 07:01:08,0,0,0,NULL,192.0.2.9

                """, .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(batch.kind == [.setupUntimed, .failure, .setupUntimed, .answer, .end] && Set(batch.key).count == 1)
        #expect(reader.counters.calls == 1 && reader.counters.errors == 0)
    }

    /// A row a leg (`leg_fields`), a plain row and one in CDR mode, or the file twice: one call.
    @Test func severalRowsOfOneCall() throws {
        let row = "1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,30250,8,2025-06-03 07:00:00,192.0.2.1\n"
        let plain = row.replacing("31,30250", with: "0,0")
        for rows in [[row, row], [plain, row], [row, plain]] {
            var reader = try Sample.read(header + rows.joined(), .kamailioAcc)
            var board = NaiveSwitchboard()
            board.add(reader.takeEvents())
            let tally = try #require(board.board { _ in "" }[""])
            #expect(tally.attempts == 1 && tally.ended == 1 && tally.talkMilliseconds == 30_250)
            #expect(reader.counters.calls == 1 && reader.counters.continued == 1)
        }
    }

    /// Two rows of a call tell two ends: a BYE is its own until after the later one.
    @Test(arguments: [false, true]) func theLaterEndCounts(isLaterFirst: Bool) throws {
        let row = { (second: String, millis: Int) in
            "1,INVITE,a,b,c,200,OK,2025-06-03 07:00:\(second),0,\(millis),0,2025-06-03 07:00:00,192.0.2.1\n"
        }
        let rows = isLaterFirst ? row("08", 60_000) + row("20", 5_000) : row("08", 5_000) + row("15", 53_000)
        let bye = "1,BYE,a,b,c,200,OK,2025-06-03 07:01:10,0,0,0,2025-06-03 07:01:10,192.0.2.1\n"
        var reader = try Sample.read(header + rows + bye, .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(batch.kind == [.setupUntimed, .answer, .end, .end, .end] && Set(batch.key).count == 1)
        #expect(reader.counters.calls == 1 && reader.counters.continued == 2)
    }

    /// A summer's night: the answer was before the hour that is repeated, the end within its second pass.
    @Test func calledBackInTheRepeatedHour() throws {
        var reader = try Sample.read(
            Array(
                (header + "1,INVITE,a,b,c,200,OK,2025-10-26 02:10:08,60,60000,8,2025-10-26 02:10:00,192.0.2.1\n").utf8),
            .kamailioAcc, timeZone: "Europe/Berlin")
        let batch = reader.takeEvents()
        #expect(batch.timeMicros.map { $0 - batch.timeMicros[0] } == [0, 8_000_000, 68_000_000])
    }

    /// The INVITE came before its answer: by whole seconds up to a second late, and up to an hour early.
    @Test(arguments: [
        ("07:00:08", 0), ("07:00:07", -1), ("07:00:09", 0), ("07:00:10", nil), ("06:00:08", -3_600), ("06:00:07", nil),
    ])
    func whenItCame(created: String, seconds: Int64?) throws {
        let row = "1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,0,0,0,2025-06-03 \(created),192.0.2.1\n"
        var reader = try Sample.read(header + row, .kamailioAcc)
        let batch = reader.takeEvents()
        #expect(batch.timeMicros.map { $0 - 1_748_934_008_000_000 } == (seconds.map { [$0 * 1_000_000, 0] } ?? []))
        #expect(reader.takeErrors().map(\.name) == (seconds == nil ? [.timeOrder] : []))
    }

    @Test func nonsenseIsNamed() throws {
        for (row, name) in [
            (
                "1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,30250,8,2025-06-03 08:00:00,192.0.2.1",
                CDRErrorName.timeOrder
            ),
            ("1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,30250,8,2000-01-01 00:00:00,192.0.2.1", .timeOrder),
            ("1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,-5,8,2025-06-03 07:00:00,192.0.2.1", .negative),
            ("1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,x,8,2025-06-03 07:00:00,192.0.2.1", .number),
            ("1,INVITE,a,b,c,200,OK,2025-06-03 07:00:08,31,5,8,yesterday,192.0.2.1", .time),
        ] {
            var reader = try Sample.read(header + row + "\n", .kamailioAcc)
            #expect(reader.takeErrors().map(\.name) == [name], "\(row)")
            #expect(reader.takeEvents().count == 0 && Consistency.holds(reader.counters))
        }
    }
}
