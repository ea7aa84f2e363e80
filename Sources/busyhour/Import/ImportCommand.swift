import ArgumentParser
import Client
import Foundation
import SwiftProtobuf
import Terminal
import Wire

struct ImportCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Create the customers of a CSV file: all of them, or none.",
        discussion: """
            busyhour import customers.csv
            busyhour import list.csv --start-row 3 --map 1=name,4=currency

            The header names the fields: \(CustomerFields.names.joined(separator: ", ")). tags, auth and routes are lists with ;
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(
        help: ArgumentHelp("The first row of customers, from 1. (default: the one behind the header)", valueName: "n"))
    var startRow: Int?

    @Option(help: ArgumentHelp("Fields by column: 1=name,3=currency.", valueName: "n=field,..."))
    var map: String = ""

    @Flag(help: "Check everything, create nothing.")
    var dryRun = false

    func validate() throws {
        _ = try global.serverAddress()
        _ = try global.outputFormat()
        _ = try mapping()
        if let startRow, startRow < 1 { throw UsageError("--start-row counts from 1") }
    }

    func report(from client: Client) async throws -> any Report {
        var rows = try CustomerImport(CSVRows(try octets()).rows, startRow: startRow, map: try mapping())
        let requests = ImportCommand.requests(rows.customers)
        var progress = Progress()
        // One request is created whole or not at all; of several all are checked before the first is created.
        if requests.count > 1 || dryRun || rows.errorCount > 0 {
            for request in requests {
                progress.show(
                    "checking \(Number.grouped(request.lowerBound)) of \(Number.grouped(rows.customers.count))")
                _ = try await create(request, &rows, client, dryRun: true)
            }
        }
        var created = 0
        if rows.errorCount == 0 && !dryRun {
            for request in requests {
                progress.show(
                    "creating \(Number.grouped(request.lowerBound)) of \(Number.grouped(rows.customers.count))")
                created += try await create(request, &rows, client, dryRun: false)
            }
        }
        progress.clear()
        guard rows.errorCount == 0 else {
            let more = rows.errorCount - rows.errors.count
            throw Refusal(
                lines: rows.errors.map { "\(file): \($0)" }
                    + (more > 0 ? ["\(file): \(Number.grouped(more)) more errors"] : [])
                    + [
                        "\(file): nothing was created: \(Number.grouped(rows.errorCount)) errors in \(Number.grouped(rows.customers.count)) rows"
                    ])
        }
        return ImportReport(created: created, wouldCreate: dryRun ? rows.customers.count : nil)
    }

    private func octets() throws -> [UInt8] {
        let input = try InputFile(file)
        var octets: [UInt8] = []
        while let piece = try input.read() {
            octets += piece
            if octets.count > Limits.importOctets {
                throw Refusal("\(file) has more than \(Number.grouped(Limits.importOctets)) octets; split it")
            }
        }
        return octets
    }

    private func create(
        _ range: Range<Int>, _ rows: inout CustomerImport, _ client: Client, dryRun: Bool
    ) async throws -> Int {
        var request = Busyhour_V1_CreateCustomersRequest()
        // A repetition of the request, should one be needed, is answered as the first time.
        request.idempotencyKey = withUnsafeBytes(of: UUID().uuid) { Data($0) }
        request.customers = Array(rows.customers[range])
        request.dryRun = dryRun
        let answer = try await client.createCustomers(request)
        for error in answer.errors { rows.report(error, offset: range.lowerBound) }
        rows.countMore(Int(answer.errorCount) - answer.errors.count)
        return answer.ids.count
    }

    /// Parts that fit a request.
    private static func requests(_ customers: [Busyhour_V1_Customer]) -> [Range<Int>] {
        var requests: [Range<Int>] = []
        var start = 0
        var octets = 0
        for (index, customer) in customers.enumerated() {
            let size = (try? customer.serializedData().count) ?? 0
            if index > start && (octets + size > Limits.requestOctets || index - start >= Limits.customersPerRequest) {
                requests.append(start..<index)
                (start, octets) = (index, 0)
            }
            octets += size + 8
        }
        if start < customers.count { requests.append(start..<customers.count) }
        return requests
    }

    private func mapping() throws -> [Int: String] {
        var mapping: [Int: String] = [:]
        for part in map.split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, let column = Int(sides[0].trimmingCharacters(in: .whitespaces)),
                (1...Limits.columns).contains(column)
            else { throw UsageError("--map: '\(part)' is not column=field; write 1=name,3=currency") }
            mapping[column] = sides[1].trimmingCharacters(in: .whitespaces)
        }
        return mapping
    }
}

private struct ImportReport: Report {
    var created: Int
    /// Of a dry run.
    var wouldCreate: Int?

    func lines(_ page: Page) -> [String] {
        [
            wouldCreate.map { "would create \(Number.grouped($0)) customers" }
                ?? "created \(Number.grouped(created)) customers"
        ]
    }

    var json: JSONValue {
        .object(
            [.init("created", .integer(Int64(created)))]
                + (wouldCreate.map { [.init("would_create", .integer(Int64($0)))] } ?? []) + [
                    .init("errors", .array([]))
                ])
    }
}
