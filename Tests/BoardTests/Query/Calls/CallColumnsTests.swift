// Every column of a finished call in a filter: what the call itself shows.

import CallEvents
import Randomness
import Testing

@testable import Board

@Suite struct CallColumnsTests {
    private static let now: Int64 = 1_000_000_000_000_000

    private func engine(_ mask: NumberMask, _ random: inout SeededGenerator) -> Engine {
        var configuration = EngineConfiguration()
        configuration.numberMask = mask
        let engine = Engine(configuration: configuration)
        let drafts = (1...3).map { number in
            var customer = Customer()
            (customer.name, customer.currency) = ("C\(number)", number == 2 ? "EUR" : "USD")
            return customer
        }
        _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: Self.now)
        var batch = CallRecordBatch()
        batch.parties = PartyList((1...3).map { Party(customerID: $0) })
        for number in 0..<240 as Range<Int64> {
            let isAnswered = Bool.random(using: &random)
            batch.party.append(UInt32.random(in: 0..<3, using: &random))
            batch.setupMicros.append(Self.now + number * 1_000_000)
            batch.ringMilliseconds.append([CallRecordBatch.never, 0, 700, 1_500].randomElement(using: &random)!)
            batch.answerMilliseconds.append(isAnswered ? 2_000 : CallRecordBatch.never)
            batch.endMilliseconds.append([2_000, 5_500, 9_000].randomElement(using: &random)!)
            batch.talkMilliseconds.append(CallRecordBatch.never)
            batch.code.append(isAnswered ? 200 : [404, 486, 503, 0].randomElement(using: &random)!)
            batch.q850.append([0, 16, 41].randomElement(using: &random)!)
            batch.costMicros.append(isAnswered ? [0, 250_000, 3_000_000].randomElement(using: &random)! : 0)
            guard number % 3 > 0 else { continue }
            let details = CallDetails(
                callID: number % 2 == 0 ? "id-\(number % 7)" : "", calling: ["", "49301", "5"][Int(number % 3)],
                called: number % 5 == 0 ? "" : "4420\(number % 4)", reason: number % 4 == 0 ? "Busy Here" : "",
                source: number % 4 == 1 ? nil : IPAddress(v4: 0x0A00_0001),
                destination: number % 6 == 1 ? IPAddress(v4: 0x0A00_0005) : nil)
            batch.describeLast(batch.details.append(details))
        }
        _ = engine.ingest(batch, now: Self.now + 300_000_000)
        return engine
    }

    private func answer(_ engine: Engine, _ filter: String, limit: Int = 1_000, customer: UInt32 = 0) throws
        -> FinishedCallsAnswer
    {
        var query = FinishedCallsQuery()
        (query.filter, query.limit, query.customerID) = (filter, limit, customer)
        return try engine.finishedCalls(query, now: Self.now + 301_000_000).answer()
    }

    /// The value of a column, from what is shown of the call.
    private func cell(_ column: CallColumn, _ call: FinishedCall) -> Cell {
        func text(_ text: String) -> Cell { text.isEmpty ? .null : .text(text) }
        func time(_ micros: Int64) -> Cell { micros == 0 ? .null : .time(micros) }
        switch column {
        case .id, .customer: return .integer(Int64(call.customerID))
        case .name: return .text("C\(call.customerID)")
        case .callID: return text(call.details.callID)
        case .direction: return .text(call.isInbound ? "inbound" : "outbound")
        case .calling: return text(call.details.calling)
        case .called: return text(call.details.called)
        case .source: return text(call.details.source?.description ?? "")
        case .destination: return text(call.details.destination?.description ?? "")
        case .code: return call.code == 0 ? .null : .integer(Int64(call.code))
        case .reason: return text(call.details.reason)
        case .q850: return call.q850 == 0 ? .null : .integer(Int64(call.q850))
        case .outcome: return .text(call.outcome)
        case .setupAt: return .time(call.setupMicros)
        case .ringAt: return time(call.ringMicros)
        case .answeredAt: return time(call.answerMicros)
        case .endedAt: return time(call.endMicros)
        case .talk: return call.answerMicros == 0 ? .null : .number(Double(call.talkMilliseconds) / 1_000)
        case .pddMilliseconds:
            let heard = call.ringMicros == 0 ? call.answerMicros : call.ringMicros
            return heard == 0 ? .null : .integer((heard - call.setupMicros) / 1_000)
        case .cost: return call.costMicros == 0 ? .null : .money(call.costMicros)
        }
    }

    @Test(arguments: Seeds.of(1), [NumberMask.none, .last(2), .all])
    func everyColumnIsThatOfTheCall(seed: UInt64, mask: NumberMask) throws {
        var random = SeededGenerator(seed: seed)
        let engine = engine(mask, &random)
        let all = try answer(engine, "").calls
        #expect(all.count == 240)
        for column in CallColumn.allCases {
            let cells = all.map { cell(column, $0) }
            let isNull = all.indices.filter { cells[$0] == .null }
            let name = column.rawValue
            #expect(try answer(engine, "\(name) IS NULL").calls == isNull.map { all[$0] }, "\(name)")
            for _ in 0..<6 {
                let constant = cells.randomElement(using: &random) ?? .null
                guard let text = written(constant) else { continue }
                for (comparison, holds) in [("=", [0]), ("<", [-1]), (">=", [0, 1]), ("<>", [-1, 1])] {
                    let orders = cells.map { $0.compare(constant) }
                    let expected = all.indices.filter { place in orders[place].map { holds.contains($0) } ?? false }
                    let filter = "\(name) \(comparison) \(text)"
                    #expect(try answer(engine, filter).calls == expected.map { all[$0] }, "\(filter)")
                }
            }
        }
    }

    private func written(_ cell: Cell) -> String? {
        switch cell {
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .money(let micros): Money.text(micros)
        case .text(let text): "'\(text)'"
        // As seconds since a time that is known.
        case .time(let micros):
            (micros - Self.now) % 1_000_000 == 0 ? Self.text(second: (micros - Self.now) / 1_000_000) : nil
        case .null, .texts, .boolean: nil
        }
    }

    /// Some seconds after the first call: it was at 01:46:40.
    private static func text(second: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let seconds = 3_600 + 46 * 60 + 40 + second
        return "'2001-09-09T\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))Z'"
    }

    /// As many as are wanted, the newest first, and at least one; what was searched for them is counted.
    @Test func limitsAndCounts() throws {
        var random = SeededGenerator(seed: 5)
        let engine = engine(.none, &random)
        let all = try answer(engine, "").calls
        #expect(all.map(\.setupMicros) == all.map(\.setupMicros).sorted(by: >))
        for (limit, count) in [(-5, 1), (0, 1), (1, 1), (2, 2), (239, 239), (240, 240), (241, 240), (.max, 240)] {
            let found = try answer(engine, "", limit: limit)
            #expect(found.calls == Array(all.prefix(count)) && found.looked == count && found.kept == 240, "\(limit)")
        }
        for id in 0...4 as ClosedRange<UInt32> {
            let own = all.filter { id == 0 || $0.customerID == id }
            let found = try answer(engine, "", customer: id)
            #expect(found.calls == own && found.looked == 240, "\(id)")
            let customers = found.customers.mapValues { "\($0.name) \($0.currency)" }
            let names: [UInt32: String] = [1: "C1 USD", 2: "C2 EUR", 3: "C3 USD"]
            #expect(customers == names.filter { id == 0 || $0.key == id }, "\(id)")
        }
    }
}
