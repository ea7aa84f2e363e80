import NIOCore
import Randomness
import SwiftProtobuf
import Terminal
import Testing
import Wire

@testable import busyhour

/// Lines made of bytes, beside those made of messages cell by cell.
@Suite struct CustomerCSVTests {
    private static func lines(
        _ customers: [Busyhour_V1_Customer], _ columns: [ExportColumn], _ style: CSVStyle
    ) -> [UInt8] {
        let columns = columns.map(\.reference)
        let lines = customers.map { customer in
            CSVText.line(columns.map { $0.csv(customer) }, style: style) + "\n"
        }
        return Array(lines.joined().utf8)
    }

    @Test(arguments: Seeds.of()) func theyAreWhatTheColumnsSay(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "=", "'", "+", "-", "@", "＝", ";", ",", "\"", "\\", "\n", "\r", "\t", " ", "\u{A0}", "a", "Ä", "!", "\0",
            "\u{7F}", "#", "#REF!", "Err:502", "|", "\u{301}", "NULL", "(null)", "\\N", "4E+1",
        ]
        func text() -> String {
            (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
        }
        func list<Element>(_ element: () -> Element) -> [Element] {
            (0..<Int.random(in: 0...3, using: &random)).map { _ in element() }
        }
        for _ in 0..<2_000 {
            var response = Busyhour_V1_ListCustomersResponse()
            response.total = .random(in: 0...9, using: &random)
            response.customers = list { () -> Busyhour_V1_Customer in
                var customer = Busyhour_V1_Customer()
                customer.id = .random(in: 0 ... .max, using: &random)
                (customer.name, customer.currency, customer.status) = (text(), text(), text())
                let amounts: [Int64] = [0, 1, -1, 10, 120_000, -5_000_000, 1_234_567, .min, .max]
                customer.creditMicros = amounts.randomElement(using: &random)!
                customer.debitLimitMicros = .random(in: -9_999_999...9_999_999, using: &random)
                (customer.channels, customer.flowSpeed) = (.random(in: 0...20, using: &random), .max)
                (customer.country, customer.company, customer.notes) = (text(), text(), text())
                (customer.portalAccess, customer.accountManager) = (.random(using: &random), text())
                (customer.createdAt, customer.updatedAt) = (.random(in: 0...1, using: &random), 1_700_000_000_123_456)
                (customer.version, customer.lastCall) = (.random(in: 0...9, using: &random), 0)
                // An entry of a list is never empty.
                customer.tags = list { "x" + text() }
                customer.contacts = list { () -> Busyhour_V1_Contact in
                    .with { ($0.name, $0.email, $0.mobile, $0.kind) = (text(), text(), text(), text()) }
                }
                customer.auth = list {
                    let kinds: [Busyhour_V1_AuthEntry.Kind] = [.ip, .sip, .account, .conditions]
                    let kind = kinds.randomElement(using: &random)!
                    return .init(kind, kind == .conditions ? "ip:10.0.0.1&header:x-a=b;c&&d" : text())
                }
                customer.routes = list { .init(listed: "x" + text()) }
                return customer
            }
            let bytes: [UInt8] = try response.serializedBytes()
            let style = CSVStyle(
                separator: Array(",;|\t".utf8).randomElement(using: &random)!, hasMark: false,
                decimalComma: .random(using: &random))
            let columns = ExportColumn.allCases.shuffled(using: &random).prefix(.random(in: 1...26, using: &random))
            var csv = CustomerCSV(Array(columns), style: style)
            let read = csv.read(bytes.span.bytes)
            #expect(read?.count == response.customers.count && read?.total == response.total)
            #expect(csv.lines == Self.lines(response.customers, Array(columns), style), "seed \(seed)")
            let lastID = CustomerCSV.lastID(of: bytes.span.bytes)
            #expect(lastID == response.customers.last?.id)
        }
    }

    @Test func whatIsNoAnswerIsSeen() throws {
        var response = Busyhour_V1_ListCustomersResponse()
        response.customers = [.with { ($0.name, $0.routes) = ("a", [.init("b")]) }]
        let bytes: [UInt8] = try response.serializedBytes()
        var csv = CustomerCSV()
        let whole = csv.read(bytes.span.bytes)
        #expect(whole?.count == 1)
        for end in 1..<bytes.count {
            let cut = Array(bytes[..<end])
            let read = csv.read(cut.span.bytes)
            #expect(read == nil, "cut at \(end)")
        }
    }

    /// Every text that a program leaves in place of a value, alone, behind apostrophes, and with a character more: the
    /// line is what the columns say, and what was written is read.
    @Test func whatLooksLikeALostValueIsWrittenAsText() throws {
        let damaged = [
            "NULL", "null", "(NULL)", "(null)", "\\N", "#N/A", "#REF!", "####", "##", "#", "Err:502", "err:999", "1E+5",
            "-4.4E+11", "1e5", "12e5", "N", "e", "(", "\\", "=1", "+1", "-1", "@x", "\tx", "a", "", " ", "a ", " a",
            "'",
        ]
        let texts = damaged.flatMap { text in [text, "'" + text, "''" + text, text + "x", "x" + text, text + ";\""] }
        for text in texts {
            var response = Busyhour_V1_ListCustomersResponse()
            response.customers = [.with { ($0.id, $0.name, $0.currency, $0.notes) = (1, "A", "EUR", text) }]
            let bytes: [UInt8] = try response.serializedBytes()
            let columns: [ExportColumn] = [.id, .name, .currency, .notes]
            var csv = CustomerCSV(columns)
            let read = csv.read(bytes.span.bytes)
            #expect(read?.count == 1 && csv.lines == Self.lines(response.customers, columns, .standard), "\(text)")
            var reading = CustomerImport(startRow: nil, map: [:])
            try reading.append(Array("id,name,currency,notes\n".utf8) + csv.lines)
            try reading.finish()
            #expect(reading.errors.sorted.map(\.description) == [], "\(text)")
            let part = try #require(reading.takeParts(isLast: true).first)
            var frame = try part.frame(Busyhour_V1_ImportCustomersRequest(), id: 1)
            frame.moveReaderIndex(forwardBy: FrameHeader.size)
            let customers = try Busyhour_V1_ImportCustomersRequest(serializedBytes: frame.readableBytesSpan).customers
            #expect(customers.map(\.notes) == [text], "\(text)")
        }
    }
}
