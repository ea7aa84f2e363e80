import Foundation
import Server
import Synchronization
import Testing
import Wire

/// Edits that begin later, over the wire: carried out at their time, once, by a server that was killed as well.
@Suite struct ScheduledRequestTests {
    private static let hour: Int64 = 3_600_000_000

    private final class Clock: Sendable {
        let micros = Atomic<Int64>(1_700_000_000_000_000)
        func now() -> Int64 { micros.load(ordering: .relaxed) }
    }

    private func start(_ folder: String, _ clock: Clock, segmentBytes: Int = 1 << 20) throws -> Server {
        var configuration = ServerConfiguration(dataDirectory: folder)
        configuration.journalSegmentBytes = segmentBytes
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        return try Server.start(configuration, logger: silentLogger(), now: { clock.now() })
    }

    private func create(_ client: RawClient, _ names: String...) throws {
        var create = Busyhour_V1_CreateCustomersRequest()
        for name in names {
            var customer = Busyhour_V1_Customer()
            (customer.name, customer.currency, customer.channels) = (name, "EUR", 10)
            create.customers.append(customer)
        }
        _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
    }

    private func edit(_ client: RawClient, _ set: String, _ body: (inout Busyhour_V1_EditCustomersRequest) -> Void)
        throws -> Busyhour_V1_ChangeResponse
    {
        var edit = Busyhour_V1_EditCustomersRequest()
        (edit.set, edit.who) = ([set], "anna")
        body(&edit)
        return try client.call(32, edit, Busyhour_V1_ChangeResponse.self)
    }

    private func channels(_ client: RawClient) throws -> [UInt32] {
        try client.call(4, Busyhour_V1_ListCustomersRequest(), Busyhour_V1_ListCustomersResponse.self).customers
            .map(\.channels)
    }

    private func scheduled(_ client: RawClient, customer: UInt32 = 0) throws -> Busyhour_V1_ScheduledResponse {
        var request = Busyhour_V1_ScheduledRequest()
        request.customerID = customer
        return try client.call(45, request, Busyhour_V1_ScheduledResponse.self)
    }

    private func history(_ client: RawClient) throws -> [Busyhour_V1_ChangeEntry] {
        try client.call(35, Busyhour_V1_HistoryRequest(), Busyhour_V1_HistoryResponse.self).changes
    }

    /// The next tick does what is due.
    private func wait(_ client: RawClient, until isDone: (Busyhour_V1_StatusResponse) -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while !isDone(try client.status()), ContinuousClock.now < deadline {}
        #expect(isDone(try client.status()))
    }

    /// What is there without an orderly end: the journal, from its first record on.
    private func crash(_ folder: String) throws -> String {
        let copy = temporaryDirectory()
        let files = FileManager.default
        try files.createDirectory(atPath: copy + "/journal", withIntermediateDirectories: true)
        for file in try files.contentsOfDirectory(atPath: folder + "/journal") where file.hasSuffix(".log") {
            try files.copyItem(atPath: folder + "/journal/" + file, toPath: copy + "/journal/" + file)
        }
        try files.copyItem(atPath: folder + "/hash-key", toPath: copy + "/hash-key")
        return copy
    }

    @Test func scheduledListedAndDoneOnceAcrossCrashes() throws {
        var folders = [temporaryDirectory()]
        defer { for path in folders { try? FileManager.default.removeItem(atPath: path) } }
        let clock = Clock()
        let begin = clock.now() + Self.hour
        do {
            let server = try start(folders[0], clock)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            try create(client, "A", "B", "C")
            let key = Data(1...16)
            for round in 0..<2 {
                let response = try edit(client, "channels=channels*2") {
                    $0.idempotencyKey = key
                    ($0.selection.where, $0.beginAt, $0.undoAt) = ("id >= 2", begin, begin + Self.hour)
                }
                #expect(response.change == 2 && response.matched == 2 && response.changed == 0, "round \(round)")
                #expect(response.beginsAt == begin)
            }
            let dry = try edit(client, "channels=99") {
                ($0.selection.ids, $0.beginAt, $0.dryRun, $0.show) = ([1], begin, true, 9)
            }
            #expect(dry.change == 0 && dry.changed == 1 && dry.differences.first?.new == "99")
            let other = try edit(client, "channels=7") { ($0.selection.name, $0.beginAt) = ("A", begin) }
            #expect(other.change == 3)
            #expect(try channels(client) == [10, 10, 10])
            let list = try scheduled(client)
            #expect(list.total == 2 && list.entries.map(\.change) == [2, 3] && list.entries[0].who == "anna")
            #expect(
                list.entries[0].edit.selection.where == "id >= 2" && list.entries[0].edit.undoAt == begin + Self.hour)
            #expect(list.entries[1].edit.selection.ids == [1] && list.entries[1].edit.set == ["channels=7"])
            #expect(try scheduled(client, customer: 1).entries.map(\.change) == [3])
            let status = try client.status()
            #expect(status.scheduled == 2 && status.nextScheduled == begin && status.failedChanges == 0)
            folders.append(try crash(folders[0]))
        }
        // Both the server that stopped and the one that was killed come back two minutes after the time.
        clock.micros.store(begin + 120_000_000, ordering: .relaxed)
        for path in folders.prefix(2) {
            let server = try start(path, clock)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            try wait(client) { $0.scheduled == 1 }
            #expect(try channels(client) == [7, 20, 20])
            let newest = try history(client)
            #expect(newest.prefix(2).map(\.of) == [3, 2] && newest.allSatisfy { !$0.failed })
            #expect(newest[0].lateMicros == 120_000_000 && newest[0].kind == "scheduled" && newest[0].who == "anna")
            #expect(newest[2].planned.set == ["channels=7"] && newest[2].carriedOutBy == newest[0].change)
            folders.append(try crash(path))
        }
        clock.micros.store(begin + Self.hour, ordering: .relaxed)
        for path in folders {
            let server = try start(path, clock)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            try wait(client) { $0.scheduled == 0 }
            #expect(try channels(client) == [7, 10, 10])
        }
    }

    /// What the journal can never take is given up and told; it does not keep waiting what is due after it.
    @Test func aSetBackThatIsTooLongIsGivenUp() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = Clock()
        let end = clock.now() + Self.hour
        // A record has at most a quarter of this.
        let server = try start(folder, clock, segmentBytes: 32 << 10)
        defer { server.shutdown() }
        let client = try RawClient(port: server.rpcEndpoint.port)
        for name in ["A", "B", "C", "D", "E", "F"] {
            try create(client, name)
            let notes = String(repeating: name, count: 2_000)
            _ = try edit(client, "notes=\(notes)") { $0.selection.name = name }
        }
        let short = try edit(client, "notes=x") { ($0.selection.all, $0.undoAt) = (true, end) }
        #expect(short.changed == 6)
        _ = try edit(client, "channels=5") { ($0.selection.all, $0.beginAt) = (true, end) }
        clock.micros.store(end, ordering: .relaxed)
        try wait(client) { $0.scheduled == 0 }
        #expect(try channels(client) == [5, 5, 5, 5, 5, 5])
        let failed = try #require(try scheduled(client).failed.first)
        #expect(failed.undoes == short.change && failed.remark.contains("are too many"))
    }

    @Test func calledOffAndWhatFails() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = Clock()
        let begin = clock.now() + Self.hour
        let server = try start(folder, clock)
        defer { server.shutdown() }
        let client = try RawClient(port: server.rpcEndpoint.port)
        try create(client, "A", "B")
        for id in [1, 2] as [UInt32] {
            _ = try edit(client, "channels=5") { ($0.selection.ids, $0.beginAt) = ([id], begin) }
        }
        var off = Busyhour_V1_UndoRequest()
        (off.change, off.callOff, off.dryRun) = (2, true, true)
        let would = try client.call(34, off, Busyhour_V1_ChangeResponse.self)
        #expect(would.calledOff == 2 && would.change == 0)
        (off.dryRun, off.who) = (false, "ben")
        let done = try client.call(34, off, Busyhour_V1_ChangeResponse.self)
        #expect(done.calledOff == 2 && done.change == 4)
        let again = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(34, off, Busyhour_V1_ChangeResponse.self)
        }
        #expect(again?.code == "CONFLICT" && again?.message.contains("called off already, by change 4") == true)
        var delete = Busyhour_V1_DeleteCustomersRequest()
        delete.selection.ids = [2]
        _ = try client.call(33, delete, Busyhour_V1_ChangeResponse.self)
        clock.micros.store(begin, ordering: .relaxed)
        try wait(client) { $0.failedChanges == 1 }
        #expect(try channels(client) == [10])
        let failed = try #require(try scheduled(client).failed.first)
        #expect(failed.failed && failed.of == 3 && failed.remark.contains("customer 2 'B' is deleted"))
        for (from, until) in [(begin, 0), (begin + 400 * 24 * Self.hour, 0), (begin + 2, begin + 1), (.min, .max)] {
            let refused = #expect(throws: Busyhour_V1_Error.self) {
                try edit(client, "channels=5") {
                    ($0.selection.ids, $0.beginAt, $0.undoAt) = ([1], from, until)
                }
            }
            #expect(refused?.code == "INVALID_ARGUMENT")
        }
    }
}
