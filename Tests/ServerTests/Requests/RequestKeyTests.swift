import Foundation
import Randomness
import Server
import SwiftProtobuf
import Testing
import Wire

/// A key that comes again: with the same content it gets the first result, with other content it is refused and nothing
/// is done; so does a server that has read its files again.
@Suite struct RequestKeyTests {
    /// A request that was carried out, and what it may come again as.
    private struct Sent {
        var method: Method
        var key: [UInt8]
        var same: [[UInt8]]
        var changed: [[UInt8]]
        var result: [UInt64]
    }

    @Test(arguments: Seeds.of(1, 2)) func randomRequests(seed: UInt64) throws {
        let (folder, crashed) = (temporaryDirectory(), temporaryDirectory())
        defer { for path in [folder, crashed] { try? FileManager.default.removeItem(atPath: path) } }
        var random = SeededGenerator(seed: seed)
        var sent: [Sent] = []
        var history: [UInt8] = []
        for round in 0..<2 {
            let server = try start(folder)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            for number in 0..<30 {
                let label = "seed \(seed), round \(round), request \(number)"
                if let new = try send(number, label, client, &random) { sent += new }
            }
            history = try Self.history(client)
            for one in sent { try check(one, client, "seed \(seed), round \(round)") }
            #expect(try Self.history(client) == history, "seed \(seed), round \(round)")
            if round == 1 { try Self.copy(folder, to: crashed) }
        }
        #expect(Set(sent.map(\.method)).count == 5, "seed \(seed): \(sent.map(\.method))")
        // From the newest snapshot, and from the journal alone.
        for path in [folder, crashed] {
            let server = try start(path)
            defer { server.shutdown() }
            let client = try RawClient(port: server.rpcEndpoint.port)
            for one in sent { try check(one, client, "seed \(seed), again") }
            #expect(try Self.history(client) == history, "seed \(seed)")
        }
    }

    private func check(_ sent: Sent, _ client: RawClient, _ label: String) throws {
        for payload in sent.same {
            let answer = try client.request(sent.method.rawValue, payload: payload)
            let result = try Self.result(sent.method, answer)
            #expect(
                result == sent.result, "\(label): \(sent.method) \(payload): \(answer.error?.message ?? "")")
        }
        let hex = sent.key.map { String(format: "%02x", $0) }.joined()
        for payload in sent.changed {
            let error = try client.request(sent.method.rawValue, payload: payload).error
            #expect(error?.code == "CONFLICT", "\(label): \(sent.method) \(payload): \(error?.message ?? "done")")
            #expect(error?.details["idempotency_key"] == hex, "\(label)")
            #expect(error?.message.contains("give each new request a new key") == true)
            if sent.method == .createCustomers {
                #expect(error?.details["first_id"] == "\(sent.result[0])")
            } else {
                #expect(error?.details["change"] == "\(sent.result[0])")
            }
        }
    }

    // MARK: - Requests

    /// Sends a request of some method; nil: nothing had to be done.
    private func send(
        _ number: Int, _ label: String, _ client: RawClient, _ random: inout SeededGenerator
    ) throws -> [Sent]? {
        let key = Data(random.bytes(16))
        let customers = try client.status().customers
        let ids = (0..<2).map { _ in UInt32.random(in: 1...UInt32(max(1, customers)), using: &random) }
        switch number < 2 ? 0 : Int.random(in: 0..<6, using: &random) {
        case 0:
            var request = Busyhour_V1_CreateCustomersRequest()
            (request.idempotencyKey, request.who) = (key, "anna")
            request.customers = (0..<Int.random(in: 1...3, using: &random)).map { place in
                customer("\(random.next())-\(place)", tags: ["a", "b"])
            }
            return try send(
                .createCustomers, request, client, label,
                changes: [
                    { $0.customers[0].name += "x" }, { $0.customers[0].tags = ["b", "a"] },
                    { $0.customers[0].channels += 1 },
                    { $0.customers.append($0.customers[0]) }, { $0.who = "ben" }, { $0.dryRun = true },
                    // What cannot be read is another request, too.
                    { $0.customers[0].status = "Asleep" },
                ],
                equals: [{ $0.customers[0].version = 9 }, { $0.customers[0].status = "active" }])
        case 1, 2:
            var request = Busyhour_V1_EditCustomersRequest()
            (request.idempotencyKey, request.who, request.show) = (key, "anna", 3)
            request.selection.ids = ids
            request.set = ["channels+=1", "tags+=t\(random.next())"]
            (request.fields, request.values.notes) = (["notes", "company"], "n")
            return try send(
                .editCustomers, request, client, label,
                changes: [
                    { $0.set[0] = "channels+=2" }, { $0.set.swapAt(0, 1) }, { $0.set.removeLast() },
                    { $0.selection.ids.append(1_000) }, { $0.values.notes = "m" }, { $0.fields = ["notes"] },
                    { $0.expectedVersion = 7 }, { $0.undoAt = 1 }, { $0.who = "" }, { $0.dryRun = true },
                    { $0.selection = .with { $0.all = true } },
                ],
                equals: [
                    { $0.show = 0 }, { $0.selection.ids.reverse() }, { $0.selection.ids.append($0.selection.ids[0]) },
                    { $0.fields.reverse() },
                ])
        case 3:
            var request = Busyhour_V1_DeleteCustomersRequest()
            (request.idempotencyKey, request.who) = (key, "anna")
            request.selection.ids = [ids[0]]
            return try send(
                .deleteCustomers, request, client, label,
                changes: [
                    { $0.selection.ids[0] += 1 }, { $0.selection = .with { $0.where = "id = 1" } }, { $0.who = "ben" },
                    { $0.expectedVersion = 2 }, { $0.dryRun = true },
                ], equals: [{ $0.show = 9 }])
        case 4:
            var request = Busyhour_V1_UndoRequest()
            (request.idempotencyKey, request.who) = (key, "anna")
            let newest = try client.call(
                35, Busyhour_V1_HistoryRequest.with { $0.limit = 1 }, Busyhour_V1_HistoryResponse.self
            ).changes[0].change
            request.change = newest - min(newest - 1, UInt32.random(in: 0..<3, using: &random))
            return try send(
                .undo, request, client, label,
                changes: [{ $0.customerID = ids[0] }, { $0.change += 1 }, { $0.who = "ben" }, { $0.dryRun = true }],
                equals: [{ $0.show = 9 }])
        default: return try importFile(key, client, label, &random)
        }
    }

    private func customer(_ name: String, tags: [String] = []) -> Busyhour_V1_Customer {
        .with { ($0.name, $0.currency, $0.tags) = (name, "EUR", tags) }
    }

    private func send<Request: Message>(
        _ method: Method, _ request: Request, _ client: RawClient, _ label: String,
        changes: [(inout Request) -> Void], equals: [(inout Request) -> Void]
    ) throws -> [Sent]? {
        let payload: [UInt8] = try request.serializedBytes()
        let answer = try client.request(method.rawValue, payload: payload)
        guard answer.kind == 1 else { return nil }
        let result = try Self.result(method, answer)
        guard let first = result.first, first > 0 else { return nil }
        let key = Array(payload[2..<18])
        let (same, changed) = try (variants(request, equals), variants(request, changes))
        return [
            Sent(
                method: method, key: key, same: [payload, payload + Self.unknown, Self.reversed(payload)] + same,
                changed: changed, result: result)
        ]
    }

    private func variants<Request: Message>(
        _ request: Request, _ changes: [(inout Request) -> Void]
    ) throws -> [[UInt8]] {
        try changes.map { change in
            var other = request
            change(&other)
            return try other.serializedBytes()
        }
    }

    /// In three parts.
    private func importFile(
        _ key: Data, _ client: RawClient, _ label: String, _ random: inout SeededGenerator
    ) throws -> [Sent]? {
        var parts: [Busyhour_V1_ImportCustomersRequest] = []
        for number in 0..<3 as Range<UInt32> {
            var request = Busyhour_V1_ImportCustomersRequest()
            (request.importID, request.part, request.last, request.who) = (key, number, number == 2, "anna")
            (request.customers, request.fields) = ([customer("N\(random.next())")], [1 << 1 | 1 << 6])
            (request.rows, request.file) = ([number + 2], "list.csv")
            parts.append(request)
        }
        let changes: [(inout Busyhour_V1_ImportCustomersRequest) -> Void] = [
            { $0.customers[0].channels = 7 }, { $0.fields[0] = 1 << 1 }, { $0.rows[0] += 1 }, { $0.who = "ben" },
            { $0.dryRun = true }, { $0.file = "other.csv" }, { $0.last.toggle() }, { $0.part += 1 },
        ]
        for (place, part) in parts.enumerated() {
            var answer = try client.call(36, part, Busyhour_V1_ImportCustomersResponse.self)
            #expect(answer.errors.isEmpty, "\(label)")
            guard place < 2 else { continue }
            // A part again before the import is done, as it was and otherwise.
            answer = try client.call(36, part, Busyhour_V1_ImportCustomersResponse.self)
            #expect(answer.created == UInt64(place + 1), "\(label)")
            for payload in try variants(part, Array(changes[..<6])) {
                #expect(try client.request(36, payload: payload).error?.code == "CONFLICT", "\(label)")
            }
        }
        return try parts.map { part in
            let payload: [UInt8] = try part.serializedBytes()
            let answer = try client.request(36, payload: payload)
            return Sent(
                method: .importCustomers, key: Array(key),
                same: [payload, payload + Self.unknown, Self.reversed(payload)], changed: try variants(part, changes),
                result: try Self.result(.importCustomers, answer))
        }
    }

    /// Keys are for one method.
    @Test func anotherMethodIsOtherContent() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        let key = Data(1...16)
        var create = Busyhour_V1_CreateCustomersRequest()
        (create.idempotencyKey, create.customers) = (key, [customer("a"), customer("b")])
        _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
        var edit = Busyhour_V1_EditCustomersRequest()
        (edit.idempotencyKey, edit.selection.ids, edit.set) = (key, [1], ["channels=1"])
        let error = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(32, edit, Busyhour_V1_ChangeResponse.self)
        }
        #expect(
            error?.message
                == "idempotency key 0102030405060708090a0b0c0d0e0f10 was used before for another request, which created "
                + "customers 1 to 2; nothing was done now: give each new request a new key, and repeat a key only with the "
                + "same content")
        edit.idempotencyKey = Data(2...17)
        #expect(try client.call(32, edit, Busyhour_V1_ChangeResponse.self).change == 2)
        create.idempotencyKey = edit.idempotencyKey
        let other = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
        }
        #expect(other?.message.contains("which edited 1 customer as change 2") == true)
        #expect(try client.status().customers == 2)
    }

    // MARK: - Bytes

    private static func result(_ method: Method, _ answer: RawFrame) throws -> [UInt64] {
        guard answer.kind == 1 else { return [] }
        switch method {
        case .createCustomers:
            return try Busyhour_V1_CreateCustomersResponse(serializedBytes: answer.payload).ids.map { UInt64($0) }
        case .importCustomers:
            return [UInt64(try Busyhour_V1_ImportCustomersResponse(serializedBytes: answer.payload).change)]
        default:
            let response = try Busyhour_V1_ChangeResponse(serializedBytes: answer.payload)
            return [UInt64(response.change), response.matched, response.changed]
        }
    }

    /// A field that no server knows: number 1,000, a varint.
    private static let unknown: [UInt8] = [0xC0, 0x3E, 1]

    /// The fields of a message from the last number to the first; those of one number keep their order.
    private static func reversed(_ payload: [UInt8]) -> [UInt8] {
        var fields: [(number: UInt64, bytes: ArraySlice<UInt8>)] = []
        var place = 0
        func varint() -> UInt64 {
            var (value, shift) = (UInt64(0), UInt64(0))
            while true {
                let byte = payload[place]
                place += 1
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { return value }
            }
        }
        while place < payload.count {
            let start = place
            let tag = varint()
            switch tag & 7 {
            case 0: _ = varint()
            case 1: place += 8
            case 5: place += 4
            default:
                let length = Int(varint())
                place += length
            }
            fields.append((tag >> 3, payload[start..<place]))
        }
        let order = fields.enumerated().sorted { ($1.element.number, $0.offset) < ($0.element.number, $1.offset) }
        return order.flatMap { $0.element.bytes }
    }

    // MARK: - Servers

    private func start(_ folder: String) throws -> Server {
        var configuration = ServerConfiguration(dataDirectory: folder)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        configuration.hep = nil
        return try Server.start(configuration, logger: silentLogger())
    }

    private static func history(_ client: RawClient) throws -> [UInt8] {
        let request = Busyhour_V1_HistoryRequest.with { $0.limit = 1_000 }
        return try client.request(35, payload: try request.serializedBytes()).payload
    }

    /// What there is without an orderly end. (Spare segments come and go.)
    private static func copy(_ folder: String, to crashed: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: crashed + "/journal", withIntermediateDirectories: true)
        for part in ["", "/journal"] {
            for name in try files.contentsOfDirectory(atPath: folder + part)
            where name == "hash-key" || name.hasSuffix(".db") || name.hasSuffix(".log") {
                try files.copyItem(atPath: folder + part + "/" + name, toPath: crashed + part + "/" + name)
            }
        }
    }
}
