import Testing

@testable import CallEvents

/// Batches column by column. The columns are found by reflection: one that is added and forgotten somewhere shows.
@Suite struct CallBatchTests {
    private func contents(_ batch: Any) -> [String: String] {
        Dictionary(uniqueKeysWithValues: Mirror(reflecting: batch).children.map { ($0.label ?? "", "\($0.value)") })
    }

    /// The columns, of which each call or event has an element, in order.
    private func columns(_ batch: Any) -> [String: [String]] {
        var columns: [String: [String]] = [:]
        for child in Mirror(reflecting: batch).children where child.label != "parties" && child.label != "details" {
            if let currencies = child.value as? RecordCurrencies {
                columns["currencies"] = currencies.ofCall.map { "\($0)" }
            } else if Mirror(reflecting: child.value).displayStyle == .collection {
                columns[child.label ?? ""] = Mirror(reflecting: child.value).children.map { "\($0.value)" }
            }
        }
        return columns
    }

    private static let rows = 5

    /// Every column has a value in every row, and no two are equal.
    private func records() -> CallRecordBatch {
        var batch = CallRecordBatch()
        batch.parties = [Party(customerID: 7), Party(sipUser: "a")]
        for row in 0..<Self.rows {
            let number = UInt32(row)
            batch.party.append(number % 2)
            batch.setupMicros.append(Int64(row) + 100)
            batch.ringMilliseconds.append(number + 200)
            batch.answerMilliseconds.append(number + 300)
            batch.endMilliseconds.append(number + 400)
            batch.talkMilliseconds.append(number + 500)
            batch.code.append(UInt16(row) + 600)
            batch.q850.append(UInt8(row) + 10)
            batch.costMicros.append(Int64(row) + 800)
            batch.key.append(CallKey(high: 9, low: UInt64(row)))
            batch.describeLast(batch.details.append(CallDetails(callID: "c\(row)")))
            batch.currencies.append(["EUR", "USD", nil, "USD", "GBP"][row], after: row)
        }
        (batch.costLimitMicros, batch.isCostsOnly) = (77, true)
        return batch
    }

    private func events() -> CallEventBatch {
        var batch = CallEventBatch()
        batch.parties = [Party(customerID: 7), Party(sipUser: "a")]
        for row in 0..<Self.rows {
            batch.append(
                CallEventKind.allCases[row], key: CallKey(high: 9, low: UInt64(row)), timeMicros: Int64(row) + 100,
                party: UInt32(row) % 2, sequence: UInt32(row) + 200, code: UInt16(row) + 300, q850: UInt8(row) + 10,
                relayed: row % 2 == 0)
            batch.append(transaction: CallTransaction(branch: UInt64(row) + 400))
            batch.describeLast(batch.details.append(CallDetails(callID: "c\(row)")))
        }
        return batch
    }

    @Test func everyColumnLosesItsFirstRows() {
        for count in 0...Self.rows + 2 {
            var (records, events) = (records(), events())
            let (recordsBefore, eventsBefore) = (records, events)
            records.removeFirst(count)
            events.removeFirst(count)
            for (before, after) in [(recordsBefore as Any, records as Any), (eventsBefore as Any, events as Any)] {
                let (old, new) = (columns(before), columns(after))
                #expect(old.keys.count > 9 && old.values.allSatisfy { $0.count == Self.rows })
                for (name, values) in old { #expect(new[name] == Array(values.dropFirst(count)), "\(name), \(count)") }
                for name in ["parties", "details"] { #expect(contents(before)[name] == contents(after)[name]) }
            }
            #expect(records.costLimitMicros == 77 && records.isCostsOnly)
        }
    }

    @Test func anEmptiedBatchIsANewOne() {
        var (records, events) = (records(), events())
        let (full, fullEvents) = (contents(records), contents(events))
        records.removeAll()
        events.removeAll()
        let (new, newEvents) = (contents(CallRecordBatch()), contents(CallEventBatch()))
        #expect(contents(records) == new && contents(events) == newEvents)
        // Nothing above is the same by chance.
        for (name, value) in new { #expect(full[name] != value, "\(name) has nothing before") }
        for (name, value) in newEvents { #expect(fullEvents[name] != value, "\(name) has nothing before") }
    }

    /// Every range of the calls, with all that a batch says of all its calls.
    @Test func someRowsAreAllOfThem() {
        let whole = records()
        for first in 0...Self.rows {
            for end in first...Self.rows {
                let part = whole.rows(first..<end)
                let (all, some) = (columns(whole), columns(part))
                for (name, values) in all where name != "detail" {
                    #expect(some[name] == Array(values[first..<end]), "\(name), \(first)..<\(end)")
                }
                #expect(part.detail.map { part.details[Int($0)] } == (first..<end).map { whole.details[$0] })
                #expect(part.parties == whole.parties && part.costLimitMicros == 77 && part.isCostsOnly)
                for row in first..<end {
                    #expect(part.currencies.code(ofCall: row - first) == whole.currencies.code(ofCall: row))
                }
            }
        }
    }

    /// A batch that says less: without costs, keys and details, in one currency.
    @Test func columnsThatAreEmptyStayEmpty() {
        var batch = records()
        (batch.costMicros, batch.key) = ([], [])
        (batch.details, batch.detail) = (CallDetailList(), [])
        batch.currencies = RecordCurrencies(all: "EUR")
        let part = batch.rows(1..<3)
        #expect(part.count == 2 && part.costMicros.isEmpty && part.key.isEmpty && part.detail.isEmpty)
        #expect(part.currencies == RecordCurrencies(all: "EUR") && part.cost(0) == nil)
        batch.removeFirst(2)
        #expect(batch.count == 3 && batch.currencies.code(ofCall: 2) == "EUR")
        batch.costMicros = [5, CallRecordBatch.untoldCost, 0]
        #expect((0..<3).map { batch.cost($0) } == [5, nil, 0])
    }

    /// Where there is no row, details belong to none.
    @Test func noRowHasNoDetails() {
        var (records, events) = (CallRecordBatch(), CallEventBatch())
        records.describeLast(records.details.append(CallDetails(callID: "c")))
        events.describeLast(events.details.append(CallDetails(callID: "c")))
        #expect(records.detail.isEmpty && events.detail.isEmpty)
    }

    /// Details of any of the rows, in any number: the others have none.
    @Test func anyOfTheRowsHaveDetails() {
        for described in 0..<(1 << 4) {
            var (records, events) = (CallRecordBatch(), CallEventBatch())
            for row in 0..<4 {
                records.party.append(0)
                events.append(.ring, key: .none, timeMicros: 0)
                guard described >> row & 1 == 1 else {
                    records.describeLast(CallDetailList.none)
                    events.describeLast(CallDetailList.none)
                    continue
                }
                // Twice: what is told last counts.
                for _ in 0..<2 {
                    records.describeLast(records.details.append(CallDetails(callID: "c\(row)")))
                    events.describeLast(events.details.append(CallDetails(callID: "c\(row)")))
                }
            }
            for row in 0..<4 {
                let expected = described >> row & 1 == 1 ? "c\(row)" : nil
                func callID(_ detail: [UInt32], _ details: CallDetailList) -> String? {
                    row < detail.count && detail[row] != CallDetailList.none ? details[Int(detail[row])].callID : nil
                }
                #expect(callID(records.detail, records.details) == expected, "\(described)")
                #expect(callID(events.detail, events.details) == expected, "\(described)")
            }
            records.forgetUnusedDetails()
            #expect(records.details.count == described.nonzeroBitCount)
        }
    }
}
