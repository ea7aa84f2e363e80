import Foundation
import NIOCore
import Randomness
import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

/// Files as people make them, and everything that is said of a bad one.
@Suite struct CustomerImportTests {
    private struct File {
        var customers: [Busyhour_V1_Customer] = []
        var numbers: [UInt32] = []
        var fields: [UInt32] = []
        var reading: CustomerImport
        var errors: ImportErrors { reading.errors }
        var rowCount: Int { reading.rowCount }
    }

    private static func read(
        _ text: String, startRow: Int? = nil, map: String = "", decimalComma: Bool = false
    ) throws -> File {
        try read(Array(text.utf8), startRow: startRow, map: map, decimalComma: decimalComma)
    }

    /// - Parameter piece: bytes that come at a time.
    private static func read(
        _ bytes: [UInt8], startRow: Int? = nil, map: String = "", decimalComma: Bool = false, piece: Int = .max
    ) throws -> File {
        var reading = CustomerImport(
            startRow: startRow, map: try ImportHeader.map(map), reading: CellReading(decimalComma: decimalComma))
        var parts: [ImportRows] = []
        for first in stride(from: 0, to: bytes.count, by: piece) {
            try reading.append(Array(bytes[first..<min(bytes.count, first + min(piece, bytes.count))]))
            parts += reading.takeParts(isLast: false)
        }
        try reading.finish()
        parts += reading.takeParts(isLast: true)
        var file = File(reading: reading)
        for part in parts {
            var frame = try part.frame(Busyhour_V1_ImportCustomersRequest(), id: 1)
            frame.moveReaderIndex(forwardBy: FrameHeader.size)
            let request = try Busyhour_V1_ImportCustomersRequest(serializedBytes: frame.readableBytesSpan)
            #expect(request.customers.count <= Limits.rowsPerPart && request.customers.count == part.count)
            file.customers += request.customers
            file.numbers += request.rows
            file.fields += request.fields
        }
        return file
    }

    private static func errors(_ text: String) throws -> [String] { try read(text).errors.sorted.map(\.description) }

    @Test func everyFieldIsRead() throws {
        let file = try Self.read(
            """
            id,Name,currency,status,credit,debit_limit,channels,flow-speed,portal_access,country,company,Account Manager,\
            tags,auth,routes,short_call_seconds,notes,contact_name,contact_email,contact_mobile,contact_kind,created_at
            7,Acme,EUR,Pending,-12.000001,5,30,10,yes,DE,Acme GmbH,Ann,a;b;;c,ip:203.0.113.0/24;sip:al;;ice;\
            account:0049-30,std;!alt,12,"two
            lines",Bob,b@x.example,'+49155,noc,2020-01-01
            """)
        #expect(file.errors.isEmpty, "\(file.errors)")
        let customer = try #require(file.customers.first)
        #expect(
            customer.id == 7 && customer.name == "Acme" && customer.currency == "EUR" && customer.status == "Pending")
        #expect(customer.creditMicros == -12_000_001 && customer.debitLimitMicros == 5_000_000)
        #expect(customer.channels == 30 && customer.flowSpeed == 10 && customer.shortCallSeconds == 12)
        #expect(customer.portalAccess && customer.country == "DE" && customer.company == "Acme GmbH")
        #expect(customer.accountManager == "Ann" && customer.notes == "two\nlines" && customer.tags == ["a", "b;c"])
        #expect(customer.auth.map(\.value) == ["203.0.113.0/24", "al;ice", "0049-30"])
        #expect(customer.auth.map(\.kind) == [.ip, .sip, .account])
        #expect(customer.routes.map(\.name) == ["std", "alt"] && customer.routes.map(\.enabled) == [true, false])
        let contact = try #require(customer.contacts.first)
        #expect(
            contact.name == "Bob" && contact.email == "b@x.example" && contact.mobile == "+49155"
                && contact.kind == "noc")
    }

    @Test func contactsAreJSONWhereverTheirColumnStands() throws {
        let json = "\"[{\"\"name\"\":\"\"Ann\"\",\"\"email\"\":\"\"a@x\"\"},{\"\"mobile\"\":\"\"+1\"\"}]\""
        let file = try Self.read(
            "contact_name,name,currency,contacts\nEve,A,USD,\(json)\n,B,USD,\(json)\n,C,USD,oops\n")
        #expect(file.customers.prefix(2).map { $0.contacts.map(\.name) } == [["Eve", ""], ["Ann", ""]])
        #expect(file.customers.prefix(2).map { $0.contacts.map(\.mobile) } == [["", "+1"], ["", "+1"]])
        #expect(file.errors.sorted.map(\.row) == [4])
    }

    @Test(arguments: [",", ";", "\t"])
    func theSeparatorIsSeenByTheHeader(_ mark: String) throws {
        let text = [["name", "currency", "credit"], ["Acme; Inc, Ltd", "USD", "1,50"]]
            .map { $0.map { "\"\($0)\"" }.joined(separator: mark) }.joined(separator: "\r\n")
        let customer = try #require(try Self.read("\u{FEFF}" + text).customers.first)
        #expect(customer.name == "Acme; Inc, Ltd" && customer.creditMicros == 1_500_000)
    }

    @Test func titlesMayStandAboveTheHeaderAndUnitsBelow() throws {
        let text = "Our, customers\n\nname,currency\n(text),(code)\nAcme,USD\n"
        #expect(try Self.read(text, startRow: 5).customers.map(\.name) == ["Acme"])
        #expect(try Self.read("name,currency\nA,USD\nB,USD\nC,USD\n", startRow: 4).customers.map(\.name) == ["C"])
    }

    @Test func aMapNamesColumnsOfAForeignFile() throws {
        let foreign = "Kunde;Ort;Währung\nAcme;Bonn;EUR\n"
        let customer = try #require(try Self.read(foreign, map: "1=name, 3=Currency").customers.first)
        #expect(customer.name == "Acme" && customer.currency == "EUR")
        let partly = try Self.read("Kunde,credit,currency,name\nAcme,5,USD,ignored\n", map: "1=name")
        #expect(partly.customers.first?.name == "Acme" && partly.customers.first?.creditMicros == 5_000_000)
        let headless = try Self.read("Acme,USD\nBeta,EUR\n", startRow: 1, map: "1=name,2=currency")
        #expect(headless.customers.map(\.name) == ["Acme", "Beta"])
    }

    /// What a file's columns were found to be reads the next one of its kind.
    @Test func aTemplateIsTheMappingThatWasFound() throws {
        let first = try Self.read(
            "Titles\nKunde;Währung;Credit;created_at\nAcme;EUR;1,5;x\n", startRow: 3, map: "1=name,2=currency")
        let template = Busyhour_V1_ImportTemplate(
            "t", first.reading.fields, startRow: 3,
            CellReading(decimalComma: true, encoding: .windows1252, defaultCountry: try MobileNumber.country("de")))
        #expect(template.defaultCountry == "DE" && template.encoding == "windows-1252")
        #expect(template.mapText == "1=name,2=currency,3=credit" && template.startRow == 3 && template.decimalComma)
        var reading = CustomerImport(startRow: 3, map: template.map, reading: CellReading(decimalComma: true))
        try reading.append(Array("Titles\nA;B;C;D\nBeta;USD;2,345;y\n".utf8))
        try reading.finish()
        #expect(reading.errors.isEmpty && reading.fields == first.reading.fields && reading.rowCount == 1)
        let report = TemplatesReport(templates: [template])
        #expect(
            report.lines(.plain)[1].hasSuffix(
                "yes            1=name,2=currency,3=credit  DE               windows-1252"))
        #expect(report.json.text.contains("{\"column\":3,\"field\":\"credit\"}"))
    }

    @Test(arguments: [
        "1", "x=name", "0=name", "1=nme", "1=name,1=currency", "1=name,2=name", "99999999=name",
    ])
    func aMapThatSaysNothingIsWrongUsage(_ map: String) {
        #expect(throws: UsageError.self) { try ImportHeader.map(map) }
    }

    @Test func everythingWrongWithTheHeaderIsSaidAtOnce() throws {
        let refusal = #expect(throws: Refusal.self) { try Self.read("nme,credit,chanels,credit,xyzzy\nA,1,2,3,4\n") }
        let lines = refusal?.lines ?? []
        #expect(lines.count == 4, "\(lines)")
        #expect(lines.contains { $0.contains("column A") && $0.contains("did you mean 'name'?") })
        #expect(lines.contains { $0.contains("column C") && $0.contains("did you mean 'channels'?") })
        #expect(lines.contains { $0.contains("columns B and D are both 'credit'") })
        #expect(lines.contains { $0.contains("no column is 'currency'") })
        #expect(throws: Refusal.self) { try Self.read("") }
        #expect(throws: Refusal.self) { try Self.read("Acme,USD\n", startRow: 1) }
    }

    @Test func everyBadCellIsNamedByRowAndColumn() throws {
        let errors = try Self.errors(
            """
            name,currency,channels,credit,auth,portal_access,contact_mobile
            A,USD,4.42E+11,1e3,account:4.4E+11,maybe,4.91551E+11

            B,USD,-1,12.3456789,tel:5,,
            C,USD,99999999999,"1,234",ip:,,
            a,USD,1,1,,,
            D,USD,1,1,sip:x,,
            E,USD,1,1,sip:x,,,extra
            """)
        let expected = [
            "row 2, column C \"channels\": 4.42E+11 looks damaged by a spreadsheet",
            "row 2, column D \"credit\": 1e3 looks damaged",
            "row 2, column E \"auth\": 4.4E+11 looks damaged", "row 2, column F \"portal_access\": 'maybe'",
            "row 2, column G \"contact_mobile\": 4.91551E+11 looks damaged", "row 4, column C \"channels\": '-1'",
            "row 4, column D \"credit\": '12.3456789' has more than 6 decimals", "row 4, column E \"auth\": 'tel:5'",
            "row 5, column C \"channels\": '99999999999'", "row 5, column D \"credit\": '1,234' has an ambiguous comma",
            "row 5, column E \"auth\": 'ip:'", "row 8, column H: the header has no such column",
        ]
        #expect(errors.count == expected.count, "\(errors)")
        for (error, start) in zip(errors, expected) { #expect(error.hasPrefix(start), "\(error)") }
    }

    @Test func badRowsAreForTheServerToLookAtAndItsErrorsGetTheirRows() throws {
        var file = try Self.read("currency,contact_email,name,channels\nUSD,,A,\n\nUSD,x,B,many\nUSD,,C,1\n")
        // The bad row goes along without its bad cell, marked, so that all that is wrong with it is said at once.
        #expect(file.customers.map(\.name) == ["A", "B", "C"] && file.rowCount == 3 && file.errors.count == 1)
        let refused = 1 << 1 | 1 << 6 | 1 << 20 | 1 << 31 as UInt32
        #expect(file.numbers == [2, 4, 5] && file.fields == [1 << 1, refused, 1 << 1 | 1 << 6])
        #expect(file.reading.failedRows == 1 && file.reading.uncheckedRows == 0)
        var error = Busyhour_V1_RowError()
        (error.index, error.field, error.message) = (5, "name", "taken")
        file.reading.add(error)
        (error.index, error.field) = (2, "contacts")
        file.reading.add(error)
        #expect(
            file.errors.sorted.map(\.description).filter { $0.hasSuffix(": taken") }
                == ["row 2, column B \"contact_email\": taken", "row 5, column C \"name\": taken"])
    }

    private func report(_ file: CustomerImport, created: Int = 0, isDryRun: Bool = false) -> ImportReport {
        ImportReport(
            file: "f.csv", rowCount: file.rowCount, created: created, updated: 0, unchanged: 0, failed: file.failedRows,
            change: nil, isDryRun: isDryRun, errors: file.errors)
    }

    @Test func someErrorsArePrintedAndAllAreCountedByKind() throws {
        let text = "name,currency,channels\n" + (0..<1_500).map { "C\($0),USD,x\n" }.joined()
        let report = report(try Self.read(text).reading)
        #expect(report.errorLines.count == Limits.printedImportErrors + 3)
        #expect(Limits.printedImportErrors + Limits.printedErrorKinds + 3 <= 20, "lines of a screen")
        #expect(
            report.errorLines.suffix(3) == [
                "1,488 more errors (--all-errors lists them); all 1,500 by kind:",
                "1,500 of: \"channels\": … is not a whole number from … to … write digits alone",
                "f.csv: nothing was created or changed: 1,500 errors in 1,500 rows (would create 0, update 0, leave 0, "
                    + "refuse 1,500)",
            ])
        #expect(report.json.text.hasSuffix("],\"error_count\":1500}"))
        var all = CustomerImport(startRow: nil, map: [:], reading: CellReading(allErrors: true))
        try all.append(Array(text.utf8))
        try all.finish()
        #expect(all.errors.lines.count == 1_500 && all.errors.lines[1_499].hasPrefix("row 1501, column C"))
    }

    @Test func reportsSayWhatWasDone() throws {
        var report = report(try Self.read("name,currency\nA,USD\n").reading, created: 3)
        report.change = 9
        #expect(report.lines(.plain) == ["created 3 customers; `busyhour customer undo --change 9` takes it back"])
        #expect(report.json.text.contains("\"created\":3,\"updated\":0,\"would_create\":0"))
        (report.isDryRun, report.change, report.unchanged) = (true, nil, 2)
        #expect(report.lines(.plain) == ["would create 3 customers, update 0, unchanged 2, errors 0"])
        #expect(report.json.text.contains("\"created\":0,\"updated\":0,\"would_create\":3"))
    }

    @Test(arguments: [1, 2, 3, 7, 64])
    func aFileIsTheSameInPieces(piece: Int) throws {
        let text = "\u{FEFF}name;currency;notes\r\n\"A;\"\"x\";EUR;\"a\r\nb \"\r\n\r\nÄ😀;USD; n \r\n"
        let whole = try Self.read(text)
        #expect(whole.customers.map(\.name) == ["A;\"x", "Ä😀"] && whole.numbers == [2, 4])
        #expect(whole.customers.map(\.notes) == ["a\r\nb ", "n"])
        let units = text.utf16.dropFirst()
        let encodings: [[UInt8]] = [
            Array(text.utf8), [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
            [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
        ]
        for bytes in encodings {
            let file = try Self.read(bytes, piece: piece)
            #expect(file.customers == whole.customers && file.numbers == whole.numbers)
        }
        #expect(throws: Refusal.self) { try Self.read([0xFF, 0xFE, 0x61, 0x00, 0x62]) }
        #expect(throws: Refusal.self) { try Self.read([0xFF, 0xFE, 0x00, 0xD8, 0x62, 0x00]) }
    }

    @Test func aDecimalCommaIsOneWhereThatIsTold() throws {
        let file = try Self.read("name;currency;credit\nA;EUR;1,234\nB;EUR;1.5\n", decimalComma: true)
        #expect(file.customers.first?.creditMicros == 1_234_000 && file.errors.count == 1)
        #expect(try Self.errors("name;currency;credit\nA;EUR;1,234\n")[0].contains("ambiguous comma"))
    }

    /// Cells are read where they stand or as texts; both come to the same.
    @Test(arguments: Seeds.of()) func cellsInEveryWriting(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "1", "0", "12345678", ".", "-", "+", "e", "E", ";", " ", "ip:", "SIP:", "sip", ":", "a", "!", "ä", "&",
            "ip:10.0.0.1", "prefix:",
        ]
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 1...5, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined().trimmingCharacters(in: .whitespaces)
            guard !text.isEmpty else { continue }
            let note: Comment = "seed \(seed): \(text)"
            func read(_ field: String) throws -> Busyhour_V1_Customer? {
                let file = try Self.read("name,currency,\(field)\nA,EUR,\(text)\n")
                return file.errors.isEmpty ? file.customers.first : nil
            }
            let money = Number.isScientific(text) ? nil : try? Money.micros(text, decimalComma: true)
            #expect(try read("credit")?.creditMicros == money, note)
            #expect(try read("channels")?.channels == (Number.isScientific(text) ? nil : UInt32(text)), note)
            let entriesOfList = SpreadsheetDamage(text) == nil ? SemicolonList.parse(text) : nil
            #expect(try read("tags")?.tags == entriesOfList, note)
            #expect(try read("routes")?.routes == entriesOfList?.map(Busyhour_V1_Route.init(listed:)), note)
            let entries = try? SemicolonList.parse(text).map { try Busyhour_V1_AuthEntry.parse($0) }
            let damaged =
                entries?.flatMap(\.conditions).contains { Number.isScientific($0.value) && $0.value.contains("+") }
                ?? false
            #expect(try read("auth")?.auth == (damaged ? nil : entries), note)
        }
    }

    /// Files made to harm: an error, in bounded memory.
    @Test func hostileFilesAreRefused() throws {
        func refusal(_ head: String, repeating piece: String, bytes: Int = 40 << 20) -> String {
            do {
                var reading = CustomerImport(startRow: nil, map: [:])
                try reading.append(Array(head.utf8))
                let block = Array(String(repeating: piece, count: max(1, (1 << 18) / piece.utf8.count)).utf8)
                for _ in 0..<bytes / block.count {
                    try reading.append(block)
                    _ = reading.takeParts(isLast: false)
                }
                try reading.finish()
                return reading.errors.isEmpty ? "nothing was wrong" : "errors"
            } catch {
                return "\(error)"
            }
        }
        #expect(refusal("name,currency\nA", repeating: "x").contains("row 2 has more than"))
        #expect(refusal("name,currency\n\"A", repeating: "x,y\n").contains("row 2 has more than"))
        #expect(refusal("name,currency\n", repeating: ",") != "nothing was wrong")
        #expect(refusal("name,currency\nA,EUR\n", repeating: ",").contains("row 3 has more than 16384 cells"))
        #expect(refusal("", repeating: ",").contains("row 1 has more than"))
        #expect(refusal("name,currency\n", repeating: "\0\n").contains("more than 2000000 rows"))
        #expect(refusal("name,currency\n", repeating: "A,EUR\n", bytes: 16 << 20).contains("more than 2000000 rows"))
    }

    /// Random bytes, and files with some bytes changed: rows or a refusal, never a trap.
    @Test(arguments: Seeds.of()) func damagedFilesDoNoHarm(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let good = Array("name;currency;credit;tags;auth\n\"A;x\";EUR;1,5;a;b\nB;USD;2.50;\"q\"\"\";sip:x\n".utf8)
        for trial in 0..<3_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : Array("\";,\n\r\t".utf8).randomElement(using: &random)!
            }
            if trial % 3 == 0 { bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) } }
            let whole = try? Self.read(bytes)
            let pieces = try? Self.read(bytes, piece: Int.random(in: 1...20, using: &random))
            #expect(whole?.customers == pieces?.customers, "seed \(seed), trial \(trial)")
            #expect(whole?.errors == pieces?.errors, "seed \(seed), trial \(trial)")
        }
    }

    @Test func columnsHaveSpreadsheetLetters() {
        #expect([0, 25, 26, 51, 52, 701, 702].map(ImportHeader.letter) == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"])
    }

    /// The server gets a bad row without its bad cells, and what it says of those is known already: nothing else is.
    @Test func errorsOfTheServerForCellsThatAreKnownToBeBad() throws {
        let header = "id,name,currency,channels,credit\n"
        let rows: [(text: String, bad: Set<String>)] = [
            ("x,,EUR,1,2", ["id"]), ("1,A,EUR,x,2", ["channels"]), ("1,A,EUR,1,x", ["credit"]),
            ("x,A,EUR,x,2", ["id", "channels"]), ("1,A,EUR,x,x", ["channels", "credit"]), ("1,A,EUR,1,2", []),
        ]
        for (text, bad) in rows {
            for field in ["id", "name", "currency", "channels", "credit", "tags"] {
                var file = try Self.read(header + text + "\n").reading
                let before = file.errors.count
                #expect(before == bad.count, "\(text)")
                let error = Busyhour_V1_RowError.with { ($0.index, $0.field, $0.message) = (2, field, "no") }
                file.add(error)
                // Without its id a row may have no name, and need none.
                let isKnown = bad.contains(field) || field == "name" && bad.contains("id")
                #expect(file.errors.count == before + (isKnown ? 0 : 1), "\(text): \(field)")
            }
        }
    }
}
