import Board
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// A change is taken back for some customers and not for others: the history of each says what is its own.
@Suite struct LeftOutRequestTests {
    @Test func eachCustomersHistorySaysWhetherItWasLeftOut() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        try client.create(3)
        func edit(_ set: String, _ ids: [UInt32], until: Int64 = 0) throws -> UInt32 {
            let request = Busyhour_V1_EditCustomersRequest.with {
                ($0.set, $0.selection.ids, $0.undoAt) = ([set], ids, until)
            }
            return try client.call(.editCustomers, request, Busyhour_V1_ChangeResponse.self).change
        }
        let end = SimulatedServer.noon + 1_000_000
        let short = try edit("channels=5", [1, 2, 3], until: end)
        let later = try edit("channels=6", [2])
        server.host.doWhatIsDue(now: end)
        func history(_ id: UInt32) throws -> Busyhour_V1_ChangeEntry? {
            let request = Busyhour_V1_HistoryRequest.with { $0.customerID = id }
            let changes = try client.call(.history, request, Busyhour_V1_HistoryResponse.self).changes
            return changes.first { $0.undoes == short }
        }
        let all = try #require(try history(0))
        #expect(all.leftOut == 1 && all.leftOutFor == later && all.customers == 2)
        for id in [1, 2, 3] as [UInt32] {
            let own = try history(id)
            #expect(own?.leftOut == (id == 2 ? 1 : 0) && own?.leftOutFor == (id == 2 ? later : 0), "customer \(id)")
            #expect(own?.differences.map(\.field) == (id == 2 ? [] : ["channels"]), "customer \(id)")
        }
    }
}
