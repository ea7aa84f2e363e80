import ArgumentParser
import Client
import Foundation
import Terminal
import Wire

struct ImportCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Create the customers of a CSV file: all of them, or none.",
        discussion: """
            busyhour import customers.csv
            busyhour import list.csv --start-row 3 --map 1=name,4=currency

            The header names the fields: \(CustomerFields.names.joined(separator: ", ")). tags, auth and routes are lists \
            with ; (doubled in a value), auth as ip:203.0.113.0/24;sip:alice;account:0049-30; contacts is JSON. With \
            --map the columns that it does not name go by their header, if that is a field. Fields of the server (id, \
            created_at, ...) are passed over.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The file, or - for standard input. Separated by comma, semicolon or tab; UTF-8.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "The first row of customers, from 1; the header is above. (default: the row after the first)",
            valueName: "n"))
    var startRow: Int?

    @Option(help: ArgumentHelp("Fields by column: 1=name,3=currency.", valueName: "n=field,..."))
    var map: String = ""

    @Flag(help: "Check everything, create nothing.")
    var dryRun = false

    func validate() throws {
        _ = try global.serverAddress()
        _ = try global.outputFormat()
        _ = try ImportHeader.map(map)
        if let startRow, startRow < 1 { throw UsageError("--start-row counts from 1; the first row is 1") }
    }

    func run() async throws {
        let format = try global.outputFormat()
        let customers = try readCustomers()
        let client = try await global.connect()
        let report = try await create(customers, client)
        await client.close()
        // Errors are for stderr, unless a program wants to read them.
        if report.errors.isEmpty || format != .table { try report.print(as: format) }
        if !report.errors.isEmpty { throw Refusal(lines: format == .table ? report.errorLines : [report.conclusion]) }
    }

    func report(from client: Client) async throws -> any Report {
        try await create(try readCustomers(), client)
    }

    private func create(_ customers: CustomerImport, _ client: Client) async throws -> ImportReport {
        var customers = customers
        let requests = try ImportRequests.ranges(customers.customers)
        var progress = Progress()
        defer { progress.clear() }
        let total = Number.grouped(customers.customers.count)
        // One request is carried out whole or not at all; of several all are checked before the first is carried out.
        if requests.count > 1 || dryRun || !customers.errors.isEmpty {
            for range in requests {
                progress.show("checking \(Number.grouped(range.upperBound)) of \(total) customers")
                _ = try await send(range, of: &customers, to: client, dryRun: true)
            }
        }
        var created = 0
        if customers.errors.isEmpty && !dryRun {
            for range in requests {
                progress.show("creating \(Number.grouped(range.upperBound)) of \(total) customers")
                created += try await send(range, of: &customers, to: client, dryRun: false)
                if !customers.errors.isEmpty { break }
            }
        }
        return ImportReport(
            file: file, rowCount: customers.rowCount, created: created, isDryRun: dryRun, errors: customers.errors)
    }

    private func send(
        _ range: Range<Int>, of customers: inout CustomerImport, to client: Client, dryRun: Bool
    ) async throws -> Int {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.idempotencyKey = .newIdempotencyKey()
        request.customers = Array(customers.customers[range])
        request.dryRun = dryRun
        let answer = try await client.createCustomers(request)
        for error in answer.errors { customers.add(error, index: range.lowerBound + Int(error.index)) }
        customers.countUnlistedErrors(Int(answer.errorCount) - answer.errors.count)
        return answer.ids.count
    }

    private func readCustomers() throws -> CustomerImport {
        let input = try InputFile(file)
        var octets: [UInt8] = []
        while let piece = try input.read() {
            octets += piece
            guard octets.count <= Limits.importOctets else {
                throw Refusal("\(file) has more than \(Number.grouped(Limits.importOctets)) octets; split it")
            }
        }
        do {
            return try CustomerImport(octets, startRow: startRow, map: ImportHeader.map(map))
        } catch let error as Refusal {
            throw Refusal(lines: error.lines.map { "\(file): \($0)" })
        }
    }
}
