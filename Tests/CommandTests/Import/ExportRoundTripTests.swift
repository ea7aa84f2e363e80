import NIOCore
import Randomness
import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

/// Whatever is in a customer comes back from the file that an export writes, however it is told to write it.
@Suite struct ExportRoundTripTests {
    /// A file as `busyhour export` writes it.
    private static func file(
        _ customers: [Busyhour_V1_Customer], _ columns: [ExportColumn], _ style: CSVStyle
    ) throws -> [UInt8] {
        var answer = Busyhour_V1_ListCustomersResponse()
        answer.customers = customers
        let bytes: [UInt8] = try answer.serializedBytes()
        var csv = CustomerCSV(columns, style: style)
        let read = csv.read(bytes.span.bytes)
        #expect(read?.count == customers.count)
        return style.mark + Array((CSVText.line(columns.map { .text($0.rawValue) }, style: style) + "\n").utf8)
            + csv.lines
    }

    private static func read(
        _ file: [UInt8], decimalComma: Bool, piece: Int = 1_000
    ) throws -> (customers: [Busyhour_V1_Customer], errors: [String]) {
        var reading = CustomerImport(startRow: nil, map: [:], reading: CellReading(decimalComma: decimalComma))
        for first in stride(from: 0, to: file.count, by: piece) {
            try reading.append(Array(file[first..<min(file.count, first + piece)]))
        }
        try reading.finish()
        var customers: [Busyhour_V1_Customer] = []
        for part in reading.takeParts(isLast: true) {
            var frame = try part.frame(Busyhour_V1_ImportCustomersRequest(), id: 1)
            frame.moveReaderIndex(forwardBy: FrameHeader.size)
            customers += try Busyhour_V1_ImportCustomersRequest(serializedBytes: frame.readableBytesSpan).customers
        }
        return (customers, reading.errors.sorted.map(\.description))
    }

    /// What a file with these columns tells of a customer.
    private static func told(_ customer: Busyhour_V1_Customer, _ columns: Set<ExportColumn>) -> Busyhour_V1_Customer {
        func has(_ column: ExportColumn) -> Bool { columns.contains(column) }
        var told = Busyhour_V1_Customer()
        if has(.id) { told.id = customer.id }
        if has(.name) { told.name = customer.name }
        if has(.currency) { told.currency = customer.currency }
        if has(.status) { told.status = customer.status }
        if has(.credit) { told.creditMicros = customer.creditMicros }
        if has(.debitLimit) { told.debitLimitMicros = customer.debitLimitMicros }
        if has(.channels) { told.channels = customer.channels }
        if has(.flowSpeed) { told.flowSpeed = customer.flowSpeed }
        if has(.portalAccess) { told.portalAccess = customer.portalAccess }
        if has(.country) { told.country = customer.country }
        if has(.company) { told.company = customer.company }
        if has(.accountManager) { told.accountManager = customer.accountManager }
        if has(.tags) { told.tags = customer.tags }
        if has(.contacts) { told.contacts = customer.contacts }
        if has(.auth) { told.auth = customer.auth }
        if has(.routes) { told.routes = customer.routes }
        if has(.shortCallSeconds) { told.shortCallSeconds = customer.shortCallSeconds }
        if has(.notes) { told.notes = customer.notes }
        guard let first = customer.contacts.first else { return told }
        var contact = Busyhour_V1_Contact()
        if has(.contactName) { contact.name = first.name }
        if has(.contactEmail) { contact.email = first.email }
        if has(.contactMobile) { contact.mobile = first.mobile }
        if has(.contactKind) { contact.kind = first.kind }
        if !has(.contacts) && contact != Busyhour_V1_Contact() { told.contacts = [contact] }
        return told
    }

    @Test(arguments: Seeds.of()) func whatIsExportedIsImported(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for trial in 0..<60 {
            let customers = (1...20).map { RandomCustomer.make($0, &random) }
            let style = CSVStyle(
                separator: Array(",;|\t".utf8).randomElement(using: &random)!, hasMark: .random(using: &random),
                decimalComma: .random(using: &random))
            var columns = ExportColumn.standard
            if !trial.isMultiple(of: 3) {
                // With the id it can be told whose line it is, and an import needs no name then.
                let others = ExportColumn.allCases.filter { $0 != .id }.shuffled(using: &random)
                columns = ([.id] + others.prefix(.random(in: 1...20, using: &random))).shuffled(using: &random)
            }
            let file = try Self.file(customers, columns, style)
            // An amount with a comma is one also where no option says so; one with a point is not to be read as with a
            // comma.
            let said = style.decimalComma && Bool.random(using: &random)
            let read = try Self.read(file, decimalComma: said, piece: .random(in: 1...5_000, using: &random))
            let note: Comment = "seed \(seed), trial \(trial), \(style)"
            #expect(read.errors == [], note)
            #expect(read.customers == customers.map { Self.told($0, Set(columns)) }, note)
        }
    }

    @Test func asEuropesExcelReadsIt() throws {
        let customer = Busyhour_V1_Customer.with {
            ($0.id, $0.name, $0.currency) = (7, "Müller; \"Söhne\"", "EUR")
            ($0.creditMicros, $0.debitLimitMicros) = (-1_234_567_000, 12_500_000)
            $0.contacts = [.with { ($0.name, $0.email) = ("Ann", "a@x.example") }]
        }
        let columns = try ExportColumn.parse("id, name,Credit,debit_limit,contact_email")
        let file = try Self.file(
            [customer], columns, CSVStyle(separator: UInt8(ascii: ";"), hasMark: true, decimalComma: true))
        #expect(
            String(decoding: file, as: UTF8.self)
                == "\u{FEFF}id;name;credit;debit_limit;contact_email\n"
                + "7;\"Müller; \"\"Söhne\"\"\";-1234,5670;12,50;a@x.example\n")
        let commas = try Self.file([customer], [.id, .credit], CSVStyle(decimalComma: true))
        #expect(String(decoding: commas, as: UTF8.self) == "id,credit\n7,\"-1234,5670\"\n")
    }

    /// A file with unknown columns may have the ids of another system: it has to name its customers.
    @Test func anIDIsEnoughInAFileOfOurs() throws {
        func refusal(_ text: String, ignoreUnknown: Bool = false, map: String = "") throws -> [String] {
            var reading = CustomerImport(
                startRow: nil, map: try ImportHeader.map(map), reading: CellReading(ignoreUnknown: ignoreUnknown))
            do throws(Refusal) {
                try reading.append(Array(text.utf8))
                try reading.finish()
                return []
            } catch {
                return error.lines
            }
        }
        #expect(try refusal("id,credit\n7,5\n").isEmpty)
        #expect(try refusal("x,y\n7,5\n", map: "1=id,2=credit").isEmpty)
        #expect(try refusal("credit\n5\n").count == 2)
        #expect(try refusal("ID,Kunde,credit\n7,A,5\n", ignoreUnknown: true).count == 2)
    }
}
