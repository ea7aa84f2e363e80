import Board
import Server
import Testing
import Wire

/// What a server says and does while its machine's clock is wrong.
@Suite struct ClockTests {
    /// 2026-03-04 12:00:00 UTC.
    private let noon: Int64 = 1_772_625_600_000_000
    private let second: Int64 = 1_000_000

    private func channels(_ client: RawClient) throws -> UInt32 {
        var request = Busyhour_V1_GetCustomerRequest()
        request.id = 1
        return try client.call(3, request, Busyhour_V1_GetCustomerResponse.self).customer.channels
    }

    private func raiseChannels(until micros: Int64, _ client: RawClient) throws {
        var customer = Busyhour_V1_Customer()
        (customer.name, customer.currency, customer.channels) = ("Acme", "EUR", 30)
        var create = Busyhour_V1_CreateCustomersRequest()
        create.customers = [customer]
        _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
        var edit = Busyhour_V1_EditCustomersRequest()
        edit.selection.ids = [1]
        edit.set = ["channels=60"]
        edit.undoAt = micros
        edit.who = "anna"
        _ = try client.call(32, edit, Busyhour_V1_ChangeResponse.self)
    }

    private func history(_ client: RawClient) throws -> [Busyhour_V1_ChangeEntry] {
        try client.call(35, Busyhour_V1_HistoryRequest(), Busyhour_V1_HistoryResponse.self).changes
    }

    /// Goes on from a clock that is behind, evenly, until the board has gone back to it.
    private func heal(_ clock: SettableClock, _ server: TestServer) throws {
        for _ in 0..<4 {
            clock.set(clock.now + 20 * second)
            let now = clock.now
            let status = try server.status { $0.now - $0.clockBehindMicros == now }
            #expect(status.now - status.clockBehindMicros == now)
        }
    }

    @Test func aClockThatRanAheadIsToldUntilTheBoardGoesBack() throws {
        let (clock, log) = (SettableClock(noon), RecordedLog())
        let server = try TestServer(logger: log.logger, clock: clock)
        defer { server.stop() }
        let client = try server.client()
        #expect(try client.status().health == "ok")
        clock.set(noon + 3_600 * second)
        #expect(try server.status { $0.now == noon + 3_600 * second }.health == "ok")
        clock.set(noon + 4 * second)
        let behind = try server.status { $0.clockBehindMicros > 0 }
        #expect(behind.clockBehindMicros == 3_596 * second)
        let notice =
            "clock behind: the machine's time is 59 min 56 s behind the board's, which ran ahead; the board's time stands still, "
            + "0 calls counted meanwhile; it continues in 1 min 0 s if the clock stays steady, or at a restart"
        #expect(behind.health == notice)
        #expect(try client.call(8, Busyhour_V1_BoardRequest(), Busyhour_V1_BoardResponse.self).notice == notice)
        // The log hears of it with the next tick.
        _ = try server.status { _ in log.lines.contains { $0.hasPrefix("error") } }
        #expect(log.lines.filter { $0.hasPrefix("error") } == ["error " + notice])

        try heal(clock, server)
        let healed = try server.status { $0.health == "ok" }
        #expect(healed.health == "ok" && healed.clockBehindMicros == 0 && healed.now == clock.now)
        #expect(try client.call(8, Busyhour_V1_BoardRequest(), Busyhour_V1_BoardResponse.self).notice.isEmpty)
        _ = try server.status { _ in log.lines.contains { $0.hasPrefix("notice the board went back") } }
        #expect(log.lines.contains { $0.hasPrefix("notice the board went back by 58 min") })
        #expect(log.lines.count { $0.hasPrefix("error") } == 1)
    }

    @Test func aClockThatComesUpAgainIsTold() throws {
        let (clock, log) = (SettableClock(noon), RecordedLog())
        let server = try TestServer(logger: log.logger, clock: clock)
        defer { server.stop() }
        clock.set(noon - 20 * second)
        _ = try server.status { _ in log.lines.contains { $0.hasPrefix("error clock behind") } }
        clock.set(noon + second)
        #expect(try server.status { $0.health == "ok" }.health == "ok")
        let line = "notice the machine's clock has caught up with the board's; the board continues"
        _ = try server.status { _ in log.lines.contains(line) }
        #expect(log.lines.contains(line))
    }

    /// What was to last until later is in force again, and is set back when its time really comes.
    @Test func whatAClockSetBackEarlyIsInForceAgain() throws {
        let (clock, log) = (SettableClock(noon), RecordedLog())
        let server = try TestServer(logger: log.logger, clock: clock)
        defer { server.stop() }
        let client = try server.client()
        try raiseChannels(until: noon + 1_800 * second, client)
        #expect(try channels(client) == 60)
        clock.set(noon + 3_600 * second)
        _ = try server.status { _ in (try? channels(client)) == 30 }
        clock.set(noon + 4 * second)
        _ = try server.status { $0.clockBehindMicros > 0 }
        #expect(try channels(client) == 30)
        try heal(clock, server)
        _ = try server.status { _ in (try? channels(client)) == 60 }
        let changes = try history(client)
        #expect(changes.map(\.kind) == ["undone", "scheduled", "edited", "created"])
        #expect(changes[0].who == "clock" && changes[0].undoes == 3 && changes[2].undoneBy == 0)
        #expect(changes[2].undoAt == noon + 1_800 * second)
        #expect(
            log.lines.contains(
                "notice change 2, made to last until 2026-03-04T12:30:00Z, was set back by change 3 while the clock ran ahead; "
                    + "change 4 puts it in force again until then"))
        clock.set(noon + 1_800 * second)
        _ = try server.status { _ in (try? channels(client)) == 30 }
        #expect(try history(client).first?.kind == "scheduled")
    }

    /// The same after a restart, where another edit has changed the field since.
    @Test func whatSomebodyChangedSinceStays() throws {
        let (clock, log) = (SettableClock(noon), RecordedLog())
        let first = try TestServer(clock: clock)
        try raiseChannels(until: noon + 1_800 * second, try first.client())
        clock.set(noon + 3_600 * second)
        let client = try first.client()
        _ = try first.status { _ in (try? channels(client)) == 30 }
        var edit = Busyhour_V1_EditCustomersRequest()
        edit.selection.ids = [1]
        edit.set = ["channels=45"]
        _ = try client.call(32, edit, Busyhour_V1_ChangeResponse.self)
        first.server.shutdown()
        clock.set(noon + 20 * second)
        let second = try TestServer(logger: log.logger, clock: clock, directory: first.directory)
        defer { second.stop() }
        let stays =
            "warning change 2, made to last until 2026-03-04T12:30:00Z, was set back by change 3 "
            + "while the clock ran ahead"
        _ = try second.status { _ in log.lines.contains { $0.hasPrefix(stays) } }
        #expect(log.lines.contains { $0.hasPrefix(stays + " and stays so: change 3 cannot be undone: change 4") })
        #expect(try channels(try second.client()) == 45)
        #expect(try second.client().status().health == "ok")
    }
}
