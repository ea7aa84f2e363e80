import Foundation
import Server
import Testing
import Wire

/// Mappings of import files with a name: kept, changed by their owner, and there after a restart.
@Suite struct TemplateRequestTests {
    private func save(
        _ client: RawClient, _ name: String, by who: String, _ columns: [(UInt32, String)],
        country: String = "de"
    ) throws -> Busyhour_V1_ImportTemplate {
        var request = Busyhour_V1_SaveTemplateRequest()
        (request.template.name, request.who, request.template.startRow) = (name, who, 3)
        request.template.decimalComma = true
        (request.template.defaultCountry, request.template.encoding) = (country, "windows-1252")
        for (number, field) in columns {
            var column = Busyhour_V1_TemplateColumn()
            (column.column, column.field) = (number, field)
            request.template.columns.append(column)
        }
        return try client.call(50, request, Busyhour_V1_TemplateResponse.self).template
    }

    private func list(_ client: RawClient) throws -> [Busyhour_V1_ImportTemplate] {
        try client.call(52, Busyhour_V1_ListTemplatesRequest(), Busyhour_V1_ListTemplatesResponse.self).templates
    }

    @Test func templatesAreKept() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let server = try TestServer { $0.dataDirectory = folder }
            defer { server.server.shutdown() }
            let client = try server.client()
            #expect(try save(client, "Old", by: "anna", [(1, "name"), (3, "currency")]).version == 1)
            #expect(try save(client, "old", by: "anna", [(2, "name"), (3, "contact_email")]).version == 2)
            let wrong: [[(UInt32, String)]] = [
                [], [(0, "name")], [(1, "nme")], [(1, "deleted")], [(1, "name"), (1, "notes")],
                [(1, "name"), (2, "name")], [(99_999, "name")],
            ]
            for columns in wrong {
                #expect(throws: Busyhour_V1_Error.self) { try save(client, "x", by: "anna", columns) }
            }
            #expect(throws: Busyhour_V1_Error.self) { try save(client, "x", by: "anna", [(1, "name")], country: "UK") }
            #expect(throws: Busyhour_V1_Error.self) { try save(client, "OLD", by: "ben", [(1, "name")]) }
            #expect(throws: Busyhour_V1_Error.self) { try save(client, "", by: "ben", [(1, "name")]) }
        }
        let server = try TestServer { $0.dataDirectory = folder }
        defer { server.server.shutdown() }
        let client = try server.client()
        var get = Busyhour_V1_GetTemplateRequest()
        get.name = "OLD"
        let kept = try client.call(51, get, Busyhour_V1_TemplateResponse.self).template
        #expect(kept.name == "old" && kept.owner == "anna" && kept.version == 2 && kept.startRow == 3)
        #expect(kept.decimalComma && kept.columns.map(\.column) == [2, 3] && kept.columns[1].field == "contact_email")
        #expect(kept.savedAt > 0 && kept.defaultCountry == "DE" && kept.encoding == "windows-1252")
        #expect(try list(client) == [kept])
        var delete = Busyhour_V1_DeleteTemplateRequest()
        (delete.name, delete.who) = ("old", "ben")
        #expect(throws: Busyhour_V1_Error.self) { try client.call(53, delete, Busyhour_V1_TemplateResponse.self) }
        delete.who = "anna"
        #expect(try client.call(53, delete, Busyhour_V1_TemplateResponse.self).template == kept)
        #expect(try list(client).isEmpty)
        #expect(throws: Busyhour_V1_Error.self) { try client.call(51, get, Busyhour_V1_TemplateResponse.self) }
    }

    /// Of files of calls: kept whole, never read as one of files of customers, and refused where it says nothing.
    @Test func templatesOfFilesOfCalls() throws {
        let folder = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var request = Busyhour_V1_SaveTemplateRequest()
        (request.template.name, request.who) = ("carrier", "anna")
        request.template.cdr.format = "csv"
        request.template.cdr.map = "id=Call Ref,setup_at=Start,talk=3"
        request.template.cdr.filter = "type = 'Stop'"
        request.template.cdr.keep = "last"
        request.template.cdr.dispositions = "Gone=404"
        (request.template.cdr.durations, request.template.cdr.timeZone) = ("ms", "Europe/Berlin")
        do {
            let server = try TestServer { $0.dataDirectory = folder }
            defer { server.server.shutdown() }
            let client = try server.client()
            #expect(try client.call(50, request, Busyhour_V1_TemplateResponse.self).template.version == 1)
            #expect(throws: Busyhour_V1_Error.self) { try save(client, "Carrier", by: "anna", [(1, "name")]) }
            _ = try save(client, "list", by: "anna", [(1, "name")])
            let wrong: [(inout Busyhour_V1_CDRTemplate) -> Void] = [
                { $0.format = "no" }, { $0.map = "a" }, { $0.filter = "type =" }, { $0.keep = "all" },
                { $0.durations = "h" },
                { $0.dispositions = "a=b" }, { $0.timeZone = "Mars/X" }, { $0.columns = "id,nothing" },
                { $0.map = String(repeating: "x", count: 10_000) }, { $0.format = "asterisk" },
            ]
            for spoil in wrong {
                var other = request
                other.template.name = "x"
                spoil(&other.template.cdr)
                #expect(throws: Busyhour_V1_Error.self) {
                    try client.call(50, other, Busyhour_V1_TemplateResponse.self)
                }
            }
            var both = request
            both.template.columns = [Busyhour_V1_TemplateColumn()]
            #expect(throws: Busyhour_V1_Error.self) { try client.call(50, both, Busyhour_V1_TemplateResponse.self) }
            request.template.name = "LIST"
            #expect(throws: Busyhour_V1_Error.self) { try client.call(50, request, Busyhour_V1_TemplateResponse.self) }
        }
        let server = try TestServer { $0.dataDirectory = folder }
        defer { server.server.shutdown() }
        var get = Busyhour_V1_GetTemplateRequest()
        get.name = "CARRIER"
        let kept = try server.client().call(51, get, Busyhour_V1_TemplateResponse.self).template
        #expect(kept.cdr == request.template.cdr && kept.columns.isEmpty && kept.owner == "anna")
    }
}
