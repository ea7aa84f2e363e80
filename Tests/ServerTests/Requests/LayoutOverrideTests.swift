import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// A board by a layout: what the request says itself stands before it, field by field. Owners with long names own what
/// they have saved.
@Suite struct LayoutOverrideTests {
    private typealias Query = Busyhour_V1_BoardRequest

    private static let query = Query.with {
        ($0.where, $0.search, $0.status, $0.window) = ("channels > 1", "a", "Active", "1h")
        ($0.groupBy, $0.pivot, $0.columns, $0.sort) = (["currency"], "country", ["count", "asr"], ["-count"])
        ($0.limit, $0.offset) = (7, 3)
        $0.styles = [.with { ($0.column, $0.width) = ("asr", 9) }]
    }

    private static var changes: [(inout Query) -> Void] {
        [
            { $0.search = "b" }, { $0.status = "Inactive" }, { $0.window = "5m" }, { $0.groupBy = ["country"] },
            { $0.pivot = "status" }, { $0.columns = ["count"] }, { $0.sort = ["-asr"] }, { $0.limit = 1 },
            { $0.offset = 1 },
        ]
    }

    private func save(_ query: Query, by who: String, shared: Bool = true, to client: SimulatedClient) throws {
        var save = Busyhour_V1_SaveLayoutRequest()
        (save.name, save.who, save.shared, save.query) = ("l", who, shared, query)
        _ = try client.call(.saveLayout, save, Busyhour_V1_LayoutResponse.self)
    }

    @Test func eachFieldOfARequestStandsBeforeTheLayouts() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        try save(Self.query, by: "anna", to: server.connect())
        func merged(_ change: (inout Query) -> Void) throws -> Query {
            var asked = Query.with { ($0.layout, $0.who) = ("l", "ben") }
            change(&asked)
            return try server.host.withLayout(asked)
        }
        #expect(try merged { _ in } == Self.query)
        for (place, change) in Self.changes.enumerated() {
            var expected = Self.query
            change(&expected)
            #expect(expected != Self.query)
            #expect(try merged(change) == expected, "change \(place)")
        }
        // All at once, and the conditions of both.
        var expected = Self.query
        for change in Self.changes { change(&expected) }
        expected.where = "(channels > 1) AND (id = 1 OR id = 2)"
        let all = try merged { asked in
            for change in Self.changes { change(&asked) }
            asked.where = "id = 1 OR id = 2"
        }
        #expect(all == expected)
    }

    @Test func aLayoutWithoutAConditionTakesThatOfTheRequest() throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        try save(.with { $0.columns = ["name"] }, by: "anna", to: server.connect())
        let merged = try server.host.withLayout(.with { ($0.layout, $0.where) = ("l", "id = 1") })
        #expect(merged.where == "id = 1" && merged.columns == ["name"] && merged.limit == 0 && merged.offset == 0)
        let plain = Query.with { $0.where = "id = 1" }
        #expect(try server.host.withLayout(plain) == plain)
    }

    @Test(arguments: [1, 127, 128, 129, 400])
    func whoeverSavedALayoutOwnsIt(length: Int) throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        let who = String(repeating: "n", count: length)
        try save(Self.query, by: who, shared: false, to: client)
        // Its next version is its owner's, too.
        try save(Self.query, by: who, shared: false, to: client)
        func list(_ who: String) throws -> Int {
            let request = Busyhour_V1_ListLayoutsRequest.with { $0.who = who }
            return try client.call(.listLayouts, request, Busyhour_V1_ListLayoutsResponse.self).layouts.count
        }
        #expect(try list(who) == 1)
        #expect(try list("m" + who.dropFirst()) == 0)
        #expect(try server.host.withLayout(.with { ($0.layout, $0.who) = ("l", who) }) == Self.query)
        let get = Busyhour_V1_GetLayoutRequest.with { ($0.name, $0.who) = ("l", who) }
        #expect(try client.call(.getLayout, get, Busyhour_V1_LayoutResponse.self).versions == [1, 2])
        var delete = Busyhour_V1_DeleteLayoutRequest.with { ($0.name, $0.who) = ("l", "m" + who.dropFirst()) }
        #expect(throws: Busyhour_V1_Error.self) {
            try client.call(.deleteLayout, delete, Busyhour_V1_LayoutResponse.self)
        }
        delete.who = who
        #expect(try client.call(.deleteLayout, delete, Busyhour_V1_LayoutResponse.self).layout.version == 2)
        #expect(try list(who) == 0)
    }

    @Test(arguments: [1, 127, 128, 129, 400])
    func whoeverSavedATemplateOwnsIt(length: Int) throws {
        let server = try SimulatedServer()
        defer { server.stop() }
        let client = try server.connect()
        let who = String(repeating: "n", count: length)
        var save = Busyhour_V1_SaveTemplateRequest()
        (save.template.name, save.who) = ("t", who)
        save.template.columns = [.with { ($0.column, $0.field) = (1, "name") }]
        for version in 1...2 as ClosedRange<UInt32> {
            let saved = try client.call(.saveTemplate, save, Busyhour_V1_TemplateResponse.self).template
            #expect(saved.version == version)
        }
        var delete = Busyhour_V1_DeleteTemplateRequest.with { ($0.name, $0.who) = ("t", "m" + who.dropFirst()) }
        #expect(throws: Busyhour_V1_Error.self) {
            try client.call(.deleteTemplate, delete, Busyhour_V1_TemplateResponse.self)
        }
        delete.who = who
        _ = try client.call(.deleteTemplate, delete, Busyhour_V1_TemplateResponse.self)
    }
}
