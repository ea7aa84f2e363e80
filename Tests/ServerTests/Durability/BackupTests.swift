import Board
import Foundation
import Server
import SwiftProtobuf
import Testing
import Wire

/// A server that begins with a backup has all that the other one had: customers, calls, and how far producers are.
@Suite struct BackupTests {
    private let id = Data((1...16).map { UInt8($0) })
    private let noon: Int64 = 1_735_732_800_000_000

    /// Reads a backup in pieces, as the command does.
    private func backUp(_ client: RawClient) throws -> Data {
        let request = Busyhour_V1_SnapshotRequest.with { $0.backup = true }
        let made = try client.call(48, request, Busyhour_V1_SnapshotResponse.self)
        let bytes = try #require(made.files.first?.bytes)
        var data = Data()
        while UInt64(data.count) < bytes {
            let read = Busyhour_V1_ReadBackupRequest.with {
                ($0.backupID, $0.offset) = (made.backupID, UInt64(data.count))
            }
            let piece = try client.call(49, read, Busyhour_V1_ReadBackupResponse.self)
            #expect(piece.bytes == bytes && !piece.octets.isEmpty)
            guard !piece.octets.isEmpty else { break }
            data += piece.octets
        }
        // It is gone once it is read.
        let again = Busyhour_V1_ReadBackupRequest.with { $0.backupID = made.backupID }
        #expect(throws: Busyhour_V1_Error.self) { try client.call(49, again, Busyhour_V1_ReadBackupResponse.self) }
        return data
    }

    private func send(_ numbers: ClosedRange<UInt64>, _ client: RawClient) throws -> Busyhour_V1_IngestResponse {
        var request = Busyhour_V1_IngestCallsRequest()
        request.parties = [.with { $0.customerID = 1 }]
        for number in numbers {
            request.party.append(0)
            request.setupMicros.append(noon + Int64(number))
            request.endMilliseconds.append(1_000)
        }
        request.batch = .with {
            ($0.producer, $0.epoch, $0.first, $0.last) = (id, 1, numbers.lowerBound, numbers.upperBound)
        }
        return try client.call(6, request, Busyhour_V1_IngestResponse.self)
    }

    @Test(arguments: [false, true]) func aBackupHasTheMarksOfProducers(wasSaved: Bool) throws {
        let folder = temporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (file, new) = (folder + "/backup.db", folder + "/new")
        do {
            let server = try TestServer { $0.clock = .events }
            defer { server.stop() }
            let client = try server.client()
            let create = Busyhour_V1_CreateCustomersRequest.with {
                $0.customers = [.with { ($0.name, $0.currency) = ("a", "EUR") }]
            }
            _ = try client.call(2, create, Busyhour_V1_CreateCustomersResponse.self)
            #expect(try send(1...10, client).calls == 10)
            if wasSaved { _ = try client.call(48, Busyhour_V1_SnapshotRequest(), Busyhour_V1_SnapshotResponse.self) }
            #expect(try send(11...15, client).calls == 5)
            try backUp(client).write(to: URL(fileURLWithPath: file))
            // What comes later is not in it.
            #expect(try send(16...20, client).applied == 20)
        }
        // A check says so, of the file as of the directory.
        #expect(try DataInspection(path: file).lines.contains { $0.contains(", 1 producers, ") })
        try BackupRestore.restore(file, to: new)
        let held = try DataInspection(path: new).lines
        #expect(held.contains { $0.hasPrefix("statistics: ") && $0.contains(", 1 producers, ") }, "\(held)")
        let server = try TestServer(directory: new) { $0.clock = .events }
        defer { server.stop() }
        let client = try server.client()
        #expect(try client.status().producers == 1)
        let hello = Busyhour_V1_HelloRequest.with { ($0.producer, $0.epoch) = (id, 2) }
        let greeted = try client.call(20, hello, Busyhour_V1_HelloResponse.self)
        #expect(greeted.known && greeted.applied == 15 && greeted.safe == 15)
        let metrics = Busyhour_V1_MetricsRequest.with { ($0.customerID, $0.window) = (1, "all") }
        #expect(try client.call(11, metrics, Busyhour_V1_MetricsResponse.self).bids == 15)
    }

    @Test func onlySoManyBackupsAreRead() throws {
        let server = try TestServer()
        defer { server.stop() }
        let client = try server.client()
        let request = Busyhour_V1_SnapshotRequest.with { $0.backup = true }
        let made = try (0..<4).map { _ in try client.call(48, request, Busyhour_V1_SnapshotResponse.self).backupID }
        #expect(Set(made).count == 4)
        let error = #expect(throws: Busyhour_V1_Error.self) {
            try client.call(48, request, Busyhour_V1_SnapshotResponse.self)
        }
        #expect(error?.code == "BUSY")
        // One that is read makes room for one.
        let read = Busyhour_V1_ReadBackupRequest.with { ($0.backupID, $0.offset) = (made[0], 0) }
        _ = try client.call(49, read, Busyhour_V1_ReadBackupResponse.self)
        _ = try client.call(48, request, Busyhour_V1_SnapshotResponse.self)
        #expect(throws: Busyhour_V1_Error.self) { try client.call(48, request, Busyhour_V1_SnapshotResponse.self) }
    }
}
