import Foundation
import Server
import SwiftProtobuf
import Testing
import Wire

/// Warnings of many customers marked at once.
@Suite struct WarningRequestTests {
    private func start(_ folder: String) throws -> Server {
        var configuration = ServerConfiguration(dataDirectory: folder)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        return try Server.start(configuration, logger: silentLogger())
    }

    private func mark(
        _ client: RawClient, _ mark: Busyhour_V1_MarkWarningRequest.Mark, where condition: String,
        _ warning: String = "no_auth"
    ) throws -> Busyhour_V1_WarningsResponse {
        var request = Busyhour_V1_MarkWarningRequest()
        (request.mark, request.where, request.warning, request.who) = (mark, condition, warning, "anna")
        if mark == .mute { request.until = Int64(Date().timeIntervalSince1970 * 1e6) + 3_600_000_000 }
        return try client.call(42, request, Busyhour_V1_WarningsResponse.self)
    }

    private func warnings(_ client: RawClient, muted: Bool = true) throws -> Busyhour_V1_WarningsResponse {
        let request = Busyhour_V1_WarningsRequest.with {
            ($0.warning, $0.withMuted, $0.limit) = ("no_auth", muted, 10_000)
        }
        return try client.call(41, request, Busyhour_V1_WarningsResponse.self)
    }

    /// More than the journal takes records at a time; they are there after a restart.
    @Test func marksOfVeryManyCustomers() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let count = 20_000
        do {
            let server = try start(folder)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            for first in stride(from: 0, to: count, by: 5_000) {
                var create = Busyhour_V1_CreateCustomersRequest()
                create.customers = (first..<first + 5_000).map { number in
                    .with { ($0.name, $0.currency) = ("N\(number)", "EUR") }
                }
                _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
            }
            #expect(try mark(client, .acknowledge, where: "id > 0").total == UInt64(count))
            #expect(try mark(client, .mute, where: "id <= 15000").total == 15_000)
            #expect(try warnings(client, muted: false).total == 5_000)
            // Muted twice is marked once, so there is room.
            #expect(try mark(client, .mute, where: "id <= 19000").total == 19_000)
            #expect(try mark(client, .remove, where: "id > 18000 AND id <= 18500").total == 500)
            let error = #expect(throws: Busyhour_V1_Error.self) {
                try mark(client, .remove, where: "id > 18000 AND id <= 18500")
            }
            #expect(
                error?.code == "NOT_FOUND"
                    && error?.message.hasPrefix("no warning of these customers is marked") == true)
            // The server goes on: what it shows is on the disk.
            #expect(try client.status().customers == UInt64(count))
        }
        let server = try start(folder)
        defer { server.shutdown() }
        let client = try RawClient(port: server.rpcEndpoint.port)
        #expect(try warnings(client, muted: false).total == 1_500)
        let shown = try warnings(client)
        #expect(shown.total == UInt64(count) && shown.warnings.allSatisfy { $0.mutedBy == "anna" })
    }
}
