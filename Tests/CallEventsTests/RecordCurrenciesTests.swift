import Testing

@testable import CallEvents

/// The currencies of a batch, against a list with one entry per call.
@Suite struct RecordCurrenciesTests {
    /// All lists of up to five calls with no currency and two currencies.
    private static let lists: [[String?]] = {
        var lists: [[String?]] = [[]]
        var last = lists
        for _ in 0..<5 {
            last = last.flatMap { list in [nil, "EUR", "USD"].map { list + [$0] } }
            lists += last
        }
        return lists
    }()

    private func currencies(_ list: [String?]) -> RecordCurrencies {
        var currencies = RecordCurrencies()
        for (row, code) in list.enumerated() { currencies.append(code, after: row) }
        return currencies
    }

    private func expect(_ currencies: RecordCurrencies, _ list: [String?], _ what: String) {
        #expect(list.indices.map { currencies.code(ofCall: $0) } == list, "\(list), \(what)")
        #expect(RecordCurrencies(codes: currencies.codes, ofCall: currencies.ofCall) == currencies, "\(list), \(what)")
    }

    @Test func eachCallKeepsItsOwn() {
        for list in Self.lists {
            let whole = currencies(list)
            expect(whole, list, "appended")
            for row in list.indices {
                for code in [nil, "EUR", "USD", "GBP"] {
                    var (changed, model) = (whole, list)
                    changed.replace(at: row, by: code, of: list.count)
                    model[row] = code
                    expect(changed, model, "\(row) is \(code ?? "none") now")
                }
                expect(whole[row..<list.count], Array(list[row...]), "from \(row) on")
                expect(whole[0..<row], Array(list[..<row]), "up to \(row)")
            }
            for count in 0...list.count {
                var rest = whole
                rest.removeFirst(count)
                expect(rest, Array(list.dropFirst(count)), "without \(count)")
            }
            var none = whole
            none.removeAll()
            #expect(none == RecordCurrencies())
        }
    }

    /// As long as all calls have one currency there is no column.
    @Test func oneCurrencyTakesNoColumn() {
        #expect(currencies(["EUR", "EUR", "EUR"]).ofCall.isEmpty && currencies([nil, nil]).isEmpty)
        #expect(currencies([nil, "EUR"]).ofCall == [0, 1] && currencies(["EUR", nil]).ofCall == [1, 0])
    }

    /// More codes than an index can tell are not told; those before stay.
    @Test func codesHaveABound() {
        let list = (0..<300).map { "code \($0)" } + ["code 7", "code 254", "code 255"]
        let whole = currencies(list)
        #expect(whole.codes.count == 255)
        for (row, code) in list.enumerated() {
            let isTold = row < 255 || code == "code 7" || code == "code 254"
            #expect(whole.code(ofCall: row) == (isTold ? code : nil), "\(code)")
        }
        var replaced = whole
        replaced.replace(at: 3, by: "code 299", of: list.count)
        #expect(replaced.code(ofCall: 3) == nil && replaced.code(ofCall: 4) == "code 4")
    }

    @Test func anIndexNeedsItsCode() {
        #expect(RecordCurrencies(codes: ["EUR"], ofCall: [0, 1]) != nil)
        #expect(RecordCurrencies(codes: ["EUR"], ofCall: [2]) == nil && RecordCurrencies(codes: [], ofCall: [1]) == nil)
        let codes = (0..<256).map { "\($0)" }
        #expect(RecordCurrencies(codes: Array(codes.dropLast()), ofCall: [255]) != nil)
        #expect(RecordCurrencies(codes: codes, ofCall: []) == nil)
    }
}
