import Board
import Foundation
import NIOCore
import Randomness
import Testing
import Wire

@testable import Server

@Suite struct MessageTests {
    @Test func aCustomerComesBackAsItWent() throws {
        var customer = Customer()
        customer.name = "Ärger & Söhne"
        customer.currency = "EUR"
        customer.status = .pendingApproval
        customer.creditMicros = -1
        customer.debitLimitMicros = 2
        customer.channels = 3
        customer.flowSpeed = 4
        customer.portalAccess = true
        customer.country = "DE"
        customer.company = "c"
        customer.accountManager = "m"
        customer.tags = ["a", "b"]
        customer.contacts = [Contact(name: "n", email: "e", mobile: "1", kind: "noc")]
        customer.auth = [.ip("10.0.0.0/8"), .sip("alice"), .account("0049")]
        customer.routes = [Route(name: "r", enabled: false), Route(name: "s")]
        customer.shortCallSeconds = 5
        customer.notes = "x\ny"
        #expect(try Customer(Busyhour_V1_Customer(customer), index: 0) == customer)
    }

    @Test func theServersFieldsAreNotTheClients() throws {
        var message = Busyhour_V1_Customer()
        message.id = 9
        message.version = 9
        message.createdAt = 9
        message.updatedAt = 9
        message.lastCall = 9
        #expect(try Customer(message, index: 0) == Customer())
    }

    @Test func unknownValuesOfACustomer() {
        var message = Busyhour_V1_Customer()
        message.status = "Dialing"
        #expect(
            throws: CustomerError(
                index: 3, field: "status",
                message: "no status 'Dialing'; known are Active, Inactive, Pending, Pending Approval, Penalty")
        ) { try Customer(message, index: 3) }
        message.status = ""
        message.auth = [.init()]
        message.auth[0].kind = .UNRECOGNIZED(9)
        let error = #expect(throws: CustomerError.self) { try Customer(message, index: 3) }
        #expect(error?.field == "auth")
    }

    @Test func columnsOfAnAnswer() {
        let texts = Busyhour_V1_ResultColumn(
            ResultColumn(
                name: "t", values: .texts(codes: [0, 1, 0], dictionary: ["a", "b"]), nulls: [false, true, false]))
        #expect(texts.kind == .text && texts.codes == [0, 1, 0] && texts.dictionary == ["a", "b"])
        #expect(texts.nulls == Data([0b010]))
        let few = Busyhour_V1_ResultColumn(
            ResultColumn(
                name: "t", values: .texts(codes: [5, 2, 5, 9], dictionary: ["a", "b", "c", "d", "e", "f"]),
                nulls: [false, false, false, true]))
        #expect(few.codes == [0, 1, 0, 2] && few.dictionary == ["f", "c", ""])
        let lists = Busyhour_V1_ResultColumn(ResultColumn(name: "l", values: .textLists([["x", "y"], [], ["y"]])))
        #expect(lists.kind == .texts && lists.textCounts == [2, 0, 1])
        #expect(lists.codes == [0, 1, 1] && lists.dictionary == ["x", "y"])
        #expect(lists.nulls.isEmpty)
        let flags = Busyhour_V1_ResultColumn(ResultColumn(name: "b", values: .booleans([true, false])))
        #expect(flags.kind == .boolean && flags.integers == [1, 0])
        let ten = Busyhour_V1_ResultColumn(
            ResultColumn(
                name: "n", values: .numbers(Array(repeating: 1, count: 10)), nulls: Array(repeating: true, count: 10)))
        #expect(ten.kind == .number && ten.numbers.count == 10 && ten.nulls == Data([0xFF, 0b11]))
    }

    @Test func groupsAndPivotsOfAnAnswer() {
        var answer = BoardAnswer()
        answer.groups = 1
        answer.depths = [1, 2]
        answer.groupColumns = 2
        answer.columns = [
            ResultColumn(name: "country", values: .texts(codes: [0, 0], dictionary: ["DE"])),
            ResultColumn(
                name: "currency", values: .texts(codes: [0, 1], dictionary: ["", "EUR"]), nulls: [true, false]),
            ResultColumn(name: "credit", values: .money([0, 5]), nulls: [true, false]),
            ResultColumn(name: "credit", pivot: "", values: .money([0, 5]), nulls: [true, false]),
        ]
        answer.totalMoney = [MoneyTotal(columnIndex: 2, currency: "EUR", micros: 5)]
        answer.groupMoney = MoneyAmounts([
            GroupMoney(row: 0, columnIndex: 2, currency: "EUR", micros: 5),
            GroupMoney(row: 0, columnIndex: 2, currency: "USD", micros: -1),
            GroupMoney(row: 0, columnIndex: 3, currency: "EUR", micros: 5),
        ])
        let message = Busyhour_V1_BoardResponse(answer)
        #expect(message.groups == 1 && message.depths == [1, 2] && message.groupColumns == 2)
        #expect(message.columns.map(\.pivoted) == [false, false, false, true])
        #expect(message.totalMoney.rows.isEmpty && message.totalMoney.columns == [2])
        #expect(message.totalMoney.currencies == ["EUR"] && message.totalMoney.micros == [5])
        #expect(message.groupMoney.rows == [0, 0, 0] && message.groupMoney.columns == [2, 2, 3])
        #expect(message.groupMoney.currencyCodes == [0, 1, 0] && message.groupMoney.currencies == ["EUR", "USD"])
        #expect(message.groupMoney.micros == [5, -1, 5])
        #expect(!Busyhour_V1_BoardResponse(BoardAnswer()).hasTotalMoney)
    }

    /// Random figures, some of them negative as corrections might make them.
    @Test(arguments: Seeds.fixed(0..<50))
    func figuresAreWrittenAsSwiftProtobufWritesThem(seed: UInt64) throws {
        var state = seed
        func random() -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(bitPattern: state) >> Int64(state >> 58)
        }
        var figures = CustomerFigures()
        let fields: [WritableKeyPath<CustomerFigures, Int64>] = [
            \.asOfMicros, \.creditMicros, \.debitLimitMicros, \.active, \.cps, \.bids, \.attempts, \.outcomes,
            \.effective,
            \.pddCount, \.pddMilliseconds, \.ended, \.talked, \.short, \.talkMilliseconds, \.costMicros, \.answered,
            \.busy,
            \.noAnswer, \.rejected, \.abandoned, \.badNumber, \.network, \.refused, \.blocked,
        ]
        for field in fields where state % 5 != 0 || field == \.asOfMicros { figures[keyPath: field] = random() }
        figures.channels = UInt32(truncatingIfNeeded: random())
        figures.flowSpeed = seed % 2 == 0 ? 0 : .max
        let expected = try FrameEncoder.frame(
            Busyhour_V1_MetricsResponse(figures), method: 11, kind: .response, id: 0x0102_0304)
        var written = ByteBuffer()
        written.writeWithOutputRawSpan(minimumWritableBytes: CustomerFigures.longestFrame) {
            figures.writeFrame(id: 0x0102_0304, to: &$0)
        }
        #expect(written == expected)
    }

    @Test func aQuestionWithDefaults() throws {
        var request = Busyhour_V1_BoardRequest()
        #expect(try BoardQuery(request) == BoardQuery())
        request.where = "asr < 40"
        request.window = "1h"
        request.limit = .max
        request.offset = .max
        let query = try BoardQuery(request)
        #expect(query.filter == "asr < 40" && query.window == .oneHour && query.limit == .max && query.offset == .max)
    }

    @Test func questionsThatAreRefused() {
        let changes: [(inout Busyhour_V1_BoardRequest) -> Void] = [
            { $0.window = "2h" }
        ]
        for change in changes {
            var request = Busyhour_V1_BoardRequest()
            change(&request)
            #expect(throws: RequestError.self) { try BoardQuery(request) }
        }
    }

    /// Whatever codes the rows have and however many texts there are, also more than rows, a client gets codes that are
    /// within the dictionary, for the same texts. A code beyond it is the empty text.
    @Test func codesOfTextsAreWithinTheirDictionary() {
        for count in 0...3 {
            let texts = (0..<count).map { "t\($0)" }
            for rowCount in 0...4 {
                for number in 0..<1 << (2 * rowCount) {
                    let codes = (0..<rowCount).map { UInt32(number >> (2 * $0) & 3) }
                    let column = Busyhour_V1_ResultColumn(
                        ResultColumn(name: "c", values: .texts(codes: codes, dictionary: texts)))
                    let label: Comment = "\(codes) of \(count)"
                    guard column.codes.allSatisfy({ $0 < column.dictionary.count }) else {
                        Issue.record("\(label) are sent as \(column.codes)")
                        continue
                    }
                    let sent = column.codes.map { column.dictionary[Int($0)] }
                    #expect(sent == codes.map { Int($0) < count ? texts[Int($0)] : "" }, label)
                    #expect(column.dictionary.count <= max(rowCount, 0), label)
                }
            }
        }
    }

    /// The bit of each row, and of no other, whatever their number.
    @Test(arguments: 0...20) func nullsAreBits(rowCount: Int) {
        for row in 0..<max(1, rowCount) {
            var nulls = [Bool](repeating: false, count: rowCount)
            if rowCount > 0 { nulls[row] = true }
            for isOther in [false, true] {
                let shown = isOther ? nulls.map { !$0 } : nulls
                let column = Busyhour_V1_ResultColumn(
                    ResultColumn(
                        name: "c", values: .integers(Array(repeating: 1, count: rowCount)), nulls: shown))
                let bits = [UInt8](column.nulls)
                #expect(bits.count == (rowCount + 7) / 8)
                let read = (0..<rowCount).map { place -> Bool in
                    let byte = Int(bits[place / 8])
                    return byte >> (place % 8) & 1 == 1
                }
                #expect(read == shown, "\(row) of \(rowCount)")
            }
        }
    }
}
