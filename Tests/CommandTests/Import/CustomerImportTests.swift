import Foundation
import Terminal
import Testing
import Wire

@testable import busyhour

/// Files as people make them, and everything that is said of a bad one.
@Suite struct CustomerImportTests {
    private static func read(
        _ text: String, startRow: Int? = nil, map: String = ""
    ) throws -> CustomerImport {
        try CustomerImport(Array(text.utf8), startRow: startRow, map: ImportHeader.map(map))
    }

    private static func errors(_ text: String) throws -> [String] { try read(text).errors.sorted.map(\.description) }

    @Test func everyFieldIsRead() throws {
        let file = try Self.read(
            """
            id,Name,currency,status,credit,debit_limit,channels,flow-speed,portal_access,country,company,Account Manager,\
            tags,auth,routes,short_call_seconds,notes,contact_name,contact_email,contact_mobile,contact_kind,created_at
            7,Acme,EUR,Pending,-12.000001,5,30,10,yes,DE,Acme GmbH,Ann,a;b;;c,ip:203.0.113.0/24;sip:al;;ice;\
            account:0049-30,std;alt,12,"two
            lines",Bob,b@x.example,'+49155,noc,2020-01-01
            """)
        #expect(file.errors.isEmpty, "\(file.errors)")
        let customer = try #require(file.customers.first)
        #expect(
            customer.id == 0 && customer.name == "Acme" && customer.currency == "EUR" && customer.status == "Pending")
        #expect(customer.creditMicros == -12_000_001 && customer.debitLimitMicros == 5_000_000)
        #expect(customer.channels == 30 && customer.flowSpeed == 10 && customer.shortCallSeconds == 12)
        #expect(customer.portalAccess && customer.country == "DE" && customer.company == "Acme GmbH")
        #expect(customer.accountManager == "Ann" && customer.notes == "two\nlines" && customer.tags == ["a", "b;c"])
        #expect(customer.auth.map(\.value) == ["203.0.113.0/24", "al;ice", "0049-30"])
        #expect(customer.auth.map(\.kind) == [.ip, .sip, .account])
        #expect(customer.routes.map(\.name) == ["std", "alt"] && customer.routes.allSatisfy(\.enabled))
        let contact = try #require(customer.contacts.first)
        #expect(
            contact.name == "Bob" && contact.email == "b@x.example" && contact.mobile == "+49155"
                && contact.kind == "noc")
    }

    @Test func contactsAreJSONWhereverTheirColumnStands() throws {
        let json = "\"[{\"\"name\"\":\"\"Ann\"\",\"\"email\"\":\"\"a@x\"\"},{\"\"mobile\"\":\"\"+1\"\"}]\""
        let file = try Self.read(
            "contact_name,name,currency,contacts\nEve,A,USD,\(json)\n,B,USD,\(json)\n,C,USD,oops\n")
        #expect(file.customers.map { $0.contacts.map(\.name) } == [["Eve", ""], ["Ann", ""]])
        #expect(file.customers.map { $0.contacts.map(\.mobile) } == [["", "+1"], ["", "+1"]])
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

    @Test(arguments: [
        "1", "x=name", "0=name", "1=nme", "1=name,1=currency", "1=name,2=name", "99999999=name",
    ])
    func aMapThatSaysNothingIsWrongUsage(_ map: String) {
        #expect(throws: UsageError.self) { try ImportHeader.map(map) }
    }

    @Test func everythingWrongWithTheHeaderIsSaidAtOnce() throws {
        let refusal = #expect(throws: Refusal.self) { try Self.read("nme,credit,chanels,credit,xyzzy\nA,1,2,3,4\n") }
        let lines = refusal?.lines ?? []
        #expect(lines.count == 6, "\(lines)")
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
            "row 5, column E \"auth\": 'ip:'", "row 6, column A \"name\": 'a' is also the name of row 2",
            "row 8, column H: the header has no such column", "row 8, column E \"auth\": 'x' is also in row 7",
        ]
        #expect(errors.count == expected.count, "\(errors)")
        for (error, start) in zip(errors, expected) { #expect(error.hasPrefix(start), "\(error)") }
    }

    @Test func onlyGoodRowsAreForTheServerAndItsErrorsGetTheirRows() throws {
        var file = try Self.read(
            "currency,contact_email,name\nUSD,,A\n\nUSD,x,B\nUSD,,C\n".replacing("USD,x,B", with: "USD,,A"))
        #expect(file.customers.map(\.name) == ["A", "C"] && file.rowCount == 3 && file.errors.count == 1)
        var error = Busyhour_V1_RowError()
        error.field = "name"
        error.message = "taken"
        file.add(error, index: 1)
        error.field = "contacts"
        file.add(error, index: 0)
        #expect(
            file.errors.sorted.map(\.description).filter { $0.hasSuffix(": taken") }
                == ["row 2, column B \"contact_email\": taken", "row 5, column C \"name\": taken"])
    }

    @Test func thousandErrorsAreListedAndAllCounted() throws {
        let text = "name,currency,channels\n" + (0..<1_500).map { "C\($0),USD,x\n" }.joined()
        let file = try Self.read(text)
        let report = ImportReport(
            file: "f.csv", rowCount: file.rowCount, created: 0, isDryRun: false, errors: file.errors)
        #expect(report.errorLines.count == 1_002)
        #expect(
            report.errorLines.suffix(2) == [
                "500 more errors", "f.csv: nothing was created: 1,500 errors in 1,500 rows",
            ])
        #expect(report.json.text.hasSuffix("],\"error_count\":1500}"))
    }

    @Test func reportsSayWhatWasDone() {
        var report = ImportReport(file: "f.csv", rowCount: 3, created: 3, isDryRun: false, errors: .init())
        #expect(report.lines(.plain) == ["created 3 customers"])
        #expect(report.json.text == "{\"created\":3,\"errors\":[],\"error_count\":0}")
        report.isDryRun = true
        report.created = 0
        #expect(report.lines(.plain) == ["would create 3 customers"])
        #expect(report.json.text == "{\"created\":0,\"would_create\":3,\"errors\":[],\"error_count\":0}")
    }

    @Test func requestsHoldWhatTheyMay() throws {
        var small = Busyhour_V1_Customer()
        small.name = "A"
        #expect(try ImportRequests.ranges([]).isEmpty)
        let many = try ImportRequests.ranges(Array(repeating: small, count: Limits.customersPerRequest * 2 + 1))
        #expect(many.map(\.count) == [Limits.customersPerRequest, Limits.customersPerRequest, 1])
        var large = small
        large.notes = String(repeating: "n", count: Limits.requestOctets / 3)
        #expect(try ImportRequests.ranges(Array(repeating: large, count: 5)).map(\.count) == [2, 2, 1])
    }

    @Test func columnsHaveSpreadsheetLetters() {
        #expect([0, 25, 26, 51, 52, 701, 702].map(ImportHeader.letter) == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"])
    }
}
