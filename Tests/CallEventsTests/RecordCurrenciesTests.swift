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

    @Test func anIndexNeedsItsCode() {
        #expect(RecordCurrencies(codes: ["EUR"], ofCall: [0, 1]) != nil)
        #expect(RecordCurrencies(codes: ["EUR"], ofCall: [2]) == nil && RecordCurrencies(codes: [], ofCall: [1]) == nil)
        let codes = (0..<256).map { "\($0)" }
        #expect(RecordCurrencies(codes: Array(codes.dropLast()), ofCall: [255]) != nil)
        #expect(RecordCurrencies(codes: codes, ofCall: []) == nil)
    }
}
