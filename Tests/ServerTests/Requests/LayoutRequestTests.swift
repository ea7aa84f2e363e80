import Foundation
import Server
import Testing
import Wire

/// Boards with a name: whose they are, what they say, and that they are there after a restart.
@Suite struct LayoutRequestTests {
    private func save(
        _ client: RawClient, _ name: String, by who: String, where filter: String, shared: Bool = false
    ) throws -> Busyhour_V1_Layout {
        var request = Busyhour_V1_SaveLayoutRequest()
        (request.name, request.who, request.shared) = (name, who, shared)
        request.query.where = filter
        request.query.columns = ["name", "channels"]
        request.query.sort = ["-channels"]
        return try client.call(37, request, Busyhour_V1_LayoutResponse.self).layout
    }

    private func board(
        _ client: RawClient, _ layout: String, by who: String, where filter: String = ""
    ) throws -> Busyhour_V1_BoardResponse {
        var request = Busyhour_V1_BoardRequest()
        (request.layout, request.who, request.where) = (layout, who, filter)
        return try client.call(8, request, Busyhour_V1_BoardResponse.self)
    }

    @Test func layoutsAreKeptSharedAndUsed() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let server = try TestServer { $0.dataDirectory = folder }
            defer { server.server.shutdown() }
            let client = try server.client()
            var create = Busyhour_V1_CreateCustomersRequest()
            for number in 1...4 {
                var customer = Busyhour_V1_Customer()
                (customer.name, customer.currency, customer.channels) = ("C\(number)", "EUR", UInt32(number))
                create.customers.append(customer)
            }
            _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
            #expect(try save(client, "Big", by: "anna", where: "channels > 1").version == 1)
            #expect(throws: Busyhour_V1_Error.self) { try save(client, "bad", by: "anna", where: "chanels > 1") }
            #expect(throws: Busyhour_V1_Error.self) { try save(client, " ", by: "anna", where: "") }
            #expect(throws: Busyhour_V1_Error.self) { try save(client, "big", by: "ben", where: "") }
            #expect(throws: Busyhour_V1_Error.self) { try board(client, "big", by: "ben") }
            #expect(try board(client, "BIG", by: "anna").matched == 3)
            #expect(try save(client, "big", by: "anna", where: "channels > 2", shared: true).version == 2)
        }
        let server = try TestServer { $0.dataDirectory = folder }
        defer { server.server.shutdown() }
        let client = try server.client()
        let answer = try board(client, "big", by: "ben")
        #expect(answer.matched == 2 && answer.columns.map(\.name) == ["name", "channels"])
        #expect(try board(client, "big", by: "ben", where: "channels < 4").matched == 1)
        var get = Busyhour_V1_GetLayoutRequest()
        (get.name, get.version, get.who) = ("big", 1, "ben")
        #expect(throws: Busyhour_V1_Error.self) { try client.call(38, get, Busyhour_V1_LayoutResponse.self) }
        get.who = "anna"
        let first = try client.call(38, get, Busyhour_V1_LayoutResponse.self)
        #expect(first.layout.query.where == "channels > 1" && first.versions == [1, 2])
        var list = Busyhour_V1_ListLayoutsRequest()
        list.who = "ben"
        #expect(try client.call(39, list, Busyhour_V1_ListLayoutsResponse.self).layouts.map(\.name) == ["big"])
        var edit = Busyhour_V1_EditCustomersRequest()
        (edit.selection.layout, edit.who, edit.set) = ("big", "ben", ["tags+=large"])
        #expect(try client.call(32, edit, Busyhour_V1_ChangeResponse.self).changed == 2)
        var customers = Busyhour_V1_ListCustomersRequest()
        (customers.layout, customers.who) = ("big", "ben")
        #expect(
            try client.call(4, customers, Busyhour_V1_ListCustomersResponse.self).customers.map(\.tags)
                == [["large"], ["large"]])
        var delete = Busyhour_V1_DeleteLayoutRequest()
        (delete.name, delete.who) = ("big", "ben")
        #expect(throws: Busyhour_V1_Error.self) { try client.call(40, delete, Busyhour_V1_LayoutResponse.self) }
        delete.who = "anna"
        _ = try client.call(40, delete, Busyhour_V1_LayoutResponse.self)
        #expect(throws: Busyhour_V1_Error.self) { try board(client, "big", by: "anna") }
    }
}
