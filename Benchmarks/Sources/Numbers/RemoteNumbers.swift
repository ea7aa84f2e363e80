import CallEvents
import Client
import Foundation
import Wire

/// A server of its own, and a connection to it.
struct RemoteNumbers {
    private let process: Process
    private let client: Client
    private let dataDirectory: URL

    static func start(server: String) async throws -> RemoteNumbers {
        let dataDirectory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "numbers-\(UUID().uuidString)")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: server)
        process.arguments = [
            "--data-dir", dataDirectory.path, "--listen", "127.0.0.1:0", "--hep", "off", "--clock", "events",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let words = line.split(whereSeparator: \.isWhitespace)
        let port = words.first { $0.hasPrefix("127.0.0.1:") }.flatMap { Int($0.dropFirst(10)) } ?? 0
        let client = try await Client.connect(host: "127.0.0.1", port: port)
        return RemoteNumbers(process: process, client: client, dataDirectory: dataDirectory)
    }

    func stop() async {
        await client.close()
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: dataDirectory)
    }

    func create(_ count: Int) async throws {
        for first in stride(from: 1, through: count, by: 10_000) {
            var request = Busyhour_V1_CreateCustomersRequest()
            request.customers = (first..<min(first + 10_000, count + 1)).map { number in
                var customer = Busyhour_V1_Customer()
                customer.name = "customer number \(number)"
                customer.currency = "USD"
                customer.status = "Active"
                return customer
            }
            _ = try await client.createCustomers(request)
        }
    }

    /// Seconds until all batches are answered, eight under way at a time. Encoding is part of it.
    func ingest(_ batches: [CallRecordBatch]) async throws -> Double {
        let columns = batches.map { batch in
            var columns = IngestCallsColumns()
            columns.parties = RemoteNumbers.parties(batch.parties)
            columns.party = batch.party
            columns.setupMicros = batch.setupMicros
            columns.ringMilliseconds = batch.ringMilliseconds
            columns.answerMilliseconds = batch.answerMilliseconds
            columns.endMilliseconds = batch.endMilliseconds
            columns.code = batch.code.map(UInt32.init)
            return columns
        }
        return try await timed(columns.count) { _ = try await client.ingestCalls(columns[$0]) }
    }

    func ingest(_ batches: [CallEventBatch]) async throws -> Double {
        let columns = batches.map { batch in
            var columns = IngestEventsColumns()
            columns.parties = RemoteNumbers.parties(batch.parties)
            columns.kind = batch.kind.map(\.rawValue)
            columns.keyHigh = batch.key.map(\.high)
            columns.keyLow = batch.key.map(\.low)
            columns.timeMicros = batch.timeMicros
            columns.party = batch.party
            columns.sequence = batch.sequence
            columns.code = batch.code.map(UInt32.init)
            return columns
        }
        return try await timed(columns.count) { _ = try await client.ingestEvents(columns[$0]) }
    }

    private func timed(_ count: Int, _ send: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= 8 { try await group.next() }
                group.addTask { try await send(index) }
            }
            try await group.waitForAll()
        }
        let duration = start.duration(to: clock.now)
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    private static func parties(_ parties: PartyList) -> Parties {
        var ids = Parties()
        for id in parties.customerIDs { ids.append(customerID: id) }
        return ids
    }
}
