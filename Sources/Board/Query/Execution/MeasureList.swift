// The measures that the columns of a query need, each once: plain ones, and money, which is added up by currency.

struct MeasureList {
    private(set) var plain: [Measure] = []
    private(set) var money: [Measure] = []
    /// Sources whose sum over all customers may not fit 64 bits.
    private let isLarge: (NumberSource) -> Bool

    /// Position of the number of customers, in both lists.
    static let customers = 0

    init(isLarge: @escaping (NumberSource) -> Bool) {
        self.isLarge = isLarge
        plain = [Measure(operation: .count, source: .customers)]
        money = plain
    }

    mutating func plainSum(_ sum: NumberSum) -> MeasureSum {
        MeasureSum(terms: sum.terms.map { term in
            let isPeak = if case .input(.cpsPeak, _) = term.source { true } else { false }
            let measure = Measure(operation: isPeak ? .maximum : .sum, source: .column(term.source))
            return .init(measure: MeasureList.position(of: measure, in: &plain), factor: term.factor)
        })
    }

    mutating func moneySum(_ sum: NumberSum) -> MeasureSum {
        MeasureSum(terms: sum.terms.map { term in
            let source = MeasureSource.column(term.source)
            guard isLarge(term.source) else {
                let measure = Measure(operation: .sum, source: source)
                return .init(measure: MeasureList.position(of: measure, in: &money), factor: term.factor)
            }
            let upper = Measure(operation: .sumOfUpperHalves, source: source)
            let lower = Measure(operation: .sumOfLowerHalves, source: source)
            return .init(
                measure: MeasureList.position(of: upper, in: &money), factor: term.factor,
                lowerHalves: MeasureList.position(of: lower, in: &money))
        })
    }

    private static func position(of measure: Measure, in list: inout [Measure]) -> Int {
        if let position = list.firstIndex(of: measure) { return position }
        list.append(measure)
        return list.count - 1
    }
}
