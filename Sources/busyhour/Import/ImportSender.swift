// Sends rows to the server, in parts of which a few are under way, and collects the answers.

import Client
import Foundation
import Wire

struct ImportSender {
    private let client: Client
    private let id = Data.newIdempotencyKey()
    private let isDryRun: Bool
    private let who: String
    private let fileName: String
    /// The time limit for the answer to a part.
    private let patience: Duration
    private var part: UInt32 = 0
    private var underWay: [Task<Busyhour_V1_ImportCustomersResponse, any Error>] = []
    /// The newest answer.
    private(set) var answer = Busyhour_V1_ImportCustomersResponse()

    /// - Parameter fileName: for the history.
    init(
        _ client: Client, isDryRun: Bool, who: String, fileName: String, patience: Duration = Limits.changePatience
    ) {
        (self.client, self.isDryRun, self.who) = (client, isDryRun, who)
        (self.fileName, self.patience) = (fileName, patience)
    }

    mutating func send(_ parts: [ImportRows], of file: inout CustomerImport) async throws {
        for part in parts where part.count > 0 { try await send(part, &file, isLast: false) }
    }

    /// Waits for every answer.
    /// - Parameter isMeant: false: something is wrong, and nothing is to be imported.
    mutating func finish(_ file: inout CustomerImport, isMeant: Bool) async throws {
        while !underWay.isEmpty { try await receive(&file) }
        if isMeant && file.errors.isEmpty {
            try await send(ImportRows(), &file, isLast: true)
            try await receive(&file)
        } else {
            var request = Busyhour_V1_ImportCustomersRequest()
            request.importID = id
            request.abort = true
            _ = try await client.importCustomers(request)
        }
    }

    private mutating func send(_ rows: ImportRows, _ file: inout CustomerImport, isLast: Bool) async throws {
        if underWay.count >= Limits.partsUnderWay { try await receive(&file) }
        var request = Busyhour_V1_ImportCustomersRequest()
        request.importID = id
        request.part = part
        request.last = isLast
        request.dryRun = isDryRun
        (request.who, request.file) = (who, fileName)
        part += 1
        let (client, patience) = (client, patience)
        // Runs at once until it waits for the answer: ordinary tasks may start in any order.
        underWay.append(
            Task.immediate { [request] in
                try await client.importCustomers(rows, request, timeout: patience)
            })
    }

    private mutating func receive(_ file: inout CustomerImport) async throws {
        answer = try await underWay.removeFirst().value
        for error in answer.errors { file.add(error) }
        file.countUnlistedErrors(Int(answer.errorCount) - sentErrors - answer.errors.count)
        sentErrors = Int(answer.errorCount)
    }

    /// The number of errors that the server has reported so far.
    private var sentErrors = 0
}
