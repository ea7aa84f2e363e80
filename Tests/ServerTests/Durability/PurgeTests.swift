import Foundation
import Server
import Synchronization
import Testing
import Wire

/// A server forgets who was deleted 30 days ago, and does so again when it reads its journal.
@Suite struct PurgeTests {
    private static let day: Int64 = 86_400_000_000

    private final class Clock: Sendable {
        let micros = Atomic<Int64>(1_700_000_000_000_000)
        func now() -> Int64 { micros.load(ordering: .relaxed) }
    }

    private func history(_ client: RawClient, _ id: UInt32) throws -> [String] {
        var request = Busyhour_V1_HistoryRequest()
        request.customerID = id
        return try client.call(35, request, Busyhour_V1_HistoryResponse.self).changes.map(\.kind)
    }

    @Test func whatADeletedCustomerHadIsForgotten() throws {
        let (folder, crashed) = (temporaryDirectory(), temporaryDirectory())
        defer { for path in [folder, crashed] { try? FileManager.default.removeItem(atPath: path) } }
        let clock = Clock()
        func start(_ folder: String) throws -> Server {
            var configuration = ServerConfiguration(dataDirectory: folder)
            configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
            configuration.hep = nil
            return try Server.start(configuration, logger: silentLogger(), now: { clock.now() })
        }
        do {
            let server = try start(folder)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            var create = Busyhour_V1_CreateCustomersRequest()
            for name in ["Stays", "Goes"] {
                var customer = Busyhour_V1_Customer()
                (customer.name, customer.currency) = (name, "EUR")
                create.customers.append(customer)
            }
            _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
            var edit = Busyhour_V1_EditCustomersRequest()
            (edit.selection.all, edit.set) = (true, ["notes=secret"])
            _ = try client.call(32, edit, Busyhour_V1_ChangeResponse.self)
            var delete = Busyhour_V1_DeleteCustomersRequest()
            delete.selection.ids = [2]
            _ = try client.call(33, delete, Busyhour_V1_ChangeResponse.self)
            #expect(try history(client, 2) == ["deleted", "edited", "created"])
            clock.micros.add(31 * Self.day, ordering: .relaxed)
            // The next tick does it.
            let deadline = ContinuousClock.now + .seconds(300)
            while try history(client, 2).count > 1, ContinuousClock.now < deadline {}
            #expect(try history(client, 2) == ["created"])
            #expect(try history(client, 1) == ["edited", "created"])
            // What is there without an orderly end: the journal, from its first record on.
            let files = FileManager.default
            try files.createDirectory(atPath: crashed + "/journal", withIntermediateDirectories: true)
            for file in try files.contentsOfDirectory(atPath: folder + "/journal") where file.hasSuffix(".log") {
                try files.copyItem(atPath: folder + "/journal/" + file, toPath: crashed + "/journal/" + file)
            }
            try files.copyItem(atPath: folder + "/hash-key", toPath: crashed + "/hash-key")
        }
        for path in [folder, crashed] {
            let server = try start(path)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            #expect(try history(client, 2) == ["created"])
            #expect(try client.status().customers == 1)
            var undo = Busyhour_V1_UndoRequest()
            undo.customerID = 2
            let error = #expect(throws: Busyhour_V1_Error.self) {
                try client.call(34, undo, Busyhour_V1_ChangeResponse.self)
            }
            #expect(error?.message == "customer 2 was deleted more than 30 days ago and can no longer be restored")
        }
    }
}
