import Board
import Foundation
import SwiftProtobuf
import Testing
import Wire

@testable import Server

/// Parts of an import: one error anywhere refuses all of it, and a part that the journal has not taken is none.
@Suite struct ImportPartTests {
    /// - Parameters:
    ///   - status: one that is none cannot be read at all.
    ///   - currency: one that is none is seen when the row is checked.
    private func part(
        _ number: UInt32, of count: UInt32, status: String = "Active", currency: String = "EUR", notes: Int = 0
    ) -> Busyhour_V1_ImportCustomersRequest {
        .with { request in
            request.importID = Data(repeating: 7, count: 16)
            (request.part, request.last) = (number, number == count - 1)
            request.customers = [
                .with {
                    ($0.name, $0.currency, $0.status) = ("n\(number)", currency, status)
                    $0.notes = String(repeating: "x", count: notes)
                }
            ]
            (request.fields, request.rows) = ([1 << 1 | 1 << 6 | 1 << 3 | 1 << 17], [number + 2])
        }
    }

    private func send(
        _ request: Busyhour_V1_ImportCustomersRequest, _ client: SimulatedClient
    ) throws -> Busyhour_V1_ImportCustomersResponse {
        try client.call(.importCustomers, request, Busyhour_V1_ImportCustomersResponse.self)
    }

    /// Every choice of good and bad parts, one to four of them; bad in a value, or in what it would come to.
    @Test(arguments: [false, true]) func anErrorInAnyPartRefusesAll(isOfCurrency: Bool) throws {
        for count in 1...4 as ClosedRange<UInt32> {
            for bad in 0..<UInt32(1) << count {
                let server = try SimulatedServer()
                defer { server.stop() }
                let client = try server.connect()
                var answer = Busyhour_V1_ImportCustomersResponse()
                for number in 0..<count {
                    let isBad = bad >> number & 1 == 1
                    let status = isBad && !isOfCurrency ? "Asleep" : "Active"
                    let currency = isBad && isOfCurrency ? "EURO" : "EUR"
                    answer = try send(part(number, of: count, status: status, currency: currency), client)
                }
                let label: Comment = "\(count) parts, bad ones \(String(bad, radix: 2))"
                #expect(answer.errorCount == UInt64(bad.nonzeroBitCount), label)
                #expect((answer.change != 0) == (bad == 0), label)
                #expect(server.host.engine.customerCount == (bad == 0 ? Int(count) : 0), label)
                #expect(server.host.engine.importCount == 0, label)
            }
        }
    }

    /// The disk stands until the journal takes no more: the import has to begin again, and what is there afterwards is
    /// what a restart finds.
    @Test func aPartThatTheJournalRefusesEndsTheImport() throws {
        let path = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let server = try SimulatedServer(segmentBytes: 64 << 10, directory: path)
        let client = try server.connect()
        server.disk.stand()
        // An import's parts are answered when they are durable: each is sent, and nothing waited for.
        var number: UInt32 = 0
        while server.host.requestErrors["BUSY", default: 0] == 0 {
            let request = part(number, of: .max, notes: 2_000)
            client.send(rawFrame(36, id: number, payload: try request.serializedBytes()))
            number += 1
            #expect(number < 1_000, "the journal takes all of it")
        }
        #expect(number > 2 && server.host.engine.importCount == 0)
        server.disk.goOn()
        let answers = client.frames(Int(number))
        #expect(answers.dropLast().allSatisfy { $0.kind == 1 } && answers.last?.error?.code == "BUSY")
        // Neither this part nor the end belongs to an import now.
        for late in [part(number - 1, of: .max, notes: 2_000), part(number, of: number + 1)] {
            let error = #expect(throws: Busyhour_V1_Error.self) { try send(late, client) }
            #expect(error?.code == "NOT_FOUND")
        }
        _ = try send(part(0, of: 2), client)
        #expect(try send(part(1, of: 2), client).change == 1)
        let state = server.host.engine.snapshot().stateHash()
        server.becomeDurable()
        server.stop(keepsFiles: true)
        let again = try SimulatedServer(segmentBytes: 64 << 10, directory: path)
        #expect(again.host.engine.customerCount == 2 && again.host.engine.snapshot().stateHash() == state)
        again.stop()
    }

    /// Parts that an orderly end finds come to nothing, and a later part is not taken by the next server.
    @Test func partsDoNotOutliveTheServer() throws {
        let path = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        for round in 0..<3 {
            let server = try SimulatedServer(segmentBytes: 64 << 10, directory: path)
            #expect(server.host.engine.importCount == 0, "round \(round)")
            let client = try server.connect()
            #expect(throws: Busyhour_V1_Error.self) { try send(part(1, of: 3), client) }
            _ = try send(part(0, of: 3), client)
            #expect(server.host.engine.importCount == 1)
            // Not saved: the journal is all that the next one has.
            let (folder, files) = (path + "/journal", FileManager.default)
            let logs = try files.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".log") }
            let kept = try logs.map { try Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)) }
            server.stop()
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (log, data) in zip(logs, kept) { try data.write(to: URL(fileURLWithPath: folder + "/" + log)) }
        }
    }
}
