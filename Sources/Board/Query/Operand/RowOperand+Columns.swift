// The columns behind the names of the board.

import Columnar

extension RowOperand {
    /// The operand of a field or metric that is a number; nil for texts, lists and values that columns do not hold.
    init?(_ column: BoardColumn) {
        switch column {
        case .field(let field):
            guard let operand = RowOperand(field) else { return nil }
            self = operand
        case .metric(let metric, let window):
            switch metric.formula {
            case .count(let sum), .money(let sum): self = .integers(NumberSum(sum, window))
            case .ratio(let numerator, let denominator, let scale):
                self = .ratio(
                    numerator: NumberSum(numerator, window), denominator: NumberSum(denominator, window), scale: scale)
            case .amount(let sum, let divisor): self = .amount(NumberSum(sum, window), divisor: divisor)
            case .pddQuantile: return nil
            }
        case .call: return nil
        }
    }

    private init?(_ field: CustomerField) {
        switch field {
        case .id: self = .integers(NumberSum(.id))
        case .credit: self = .integers(NumberSum(.credit))
        case .debitLimit: self = .integers(NumberSum(.debitLimit))
        case .available: self = .integers(NumberSum([.init(source: .credit), .init(source: .debitLimit)]))
        case .channels: self = .integers(NumberSum(.channels))
        case .flowSpeed: self = .integers(NumberSum(.flowSpeed))
        case .portalAccess: self = .integers(NumberSum(.portalAccess))
        case .shortCallSeconds: self = .integers(NumberSum(.shortCallSeconds))
        case .createdAt: self = .integers(NumberSum(.createdAt))
        case .updatedAt: self = .integers(NumberSum(.updatedAt))
        case .version: self = .integers(NumberSum(.version))
        case .lastCall: self = .times(.lastCall)
        case .name, .status, .currency, .country, .company, .accountManager, .tags, .warnings: return nil
        }
    }
}

extension CustomerTable {
    /// A field of few different texts as codes; nil for other fields.
    func codes(_ field: CustomerField) -> GroupColumn? {
        switch field {
        case .status:
            GroupColumn(
                codes: .shownStatus(statuses, active: active), domain: CustomerTable.shownStatusNames.count,
                values: .texts(CustomerTable.shownStatusNames))
        case .currency: CustomerTable.codes(currencies)
        case .country: CustomerTable.codes(countries)
        case .company: CustomerTable.codes(companies)
        case .accountManager: CustomerTable.codes(accountManagers)
        case .portalAccess: GroupColumn(codes: .bytes(portalAccess), domain: 2, values: .booleans)
        default: nil
        }
    }

    /// The dictionary column of a field; nil where it has none.
    func dictionary(_ field: CustomerField) -> DictionaryColumn? {
        switch field {
        case .currency: currencies
        case .country: countries
        case .company: companies
        case .accountManager: accountManagers
        default: nil
        }
    }

    private static func codes(_ column: DictionaryColumn) -> GroupColumn {
        GroupColumn(codes: .dictionary(column.codes), domain: column.values.count, values: .texts(column.values))
    }
}

extension EngineState {
    /// Any field with one value, as a group column. Fields that are not texts of few values are numbered first.
    func groupColumn(_ field: CustomerField) -> GroupColumn? {
        if let codes = customers.codes(field) { return codes }
        if field == .name || field == .id {
            var rows = Column<UInt32>()
            rows.grow(to: customers.count)
            for chunk in 0..<rows.chunkCount {
                let first = chunk * ChunkSize.rows
                rows.withMutableChunk(chunk) { for index in $0.indices { $0[index] = UInt32(first + index) } }
            }
            return GroupColumn(
                codes: .numbered(rows), domain: customers.count,
                values: field == .id ? .ids : .names(customers.names))
        }
        guard let operand = RowOperand(.field(field)) else { return nil }
        return numbered(operand, field: field)
    }

    private func numbered(_ operand: RowOperand, field: CustomerField) -> GroupColumn {
        let vectors = RowVectors(operand) { column($0, setups: Column()) }
        var numbers = GroupNumbers(limit: BoardLimits.customers)
        var codes = Column<UInt32>()
        codes.grow(to: customers.count)
        for chunk in 0..<codes.chunkCount {
            let rows = codes.rows(inChunk: chunk).count
            let values = vectors.chunk(chunk, rows: rows)
            codes.withMutableChunk(chunk) { codes in
                // There are no more values than customers, which is the limit.
                for row in 0..<rows { codes[row] = numbers.number(of: UInt64(bitPattern: values[row])) ?? 0 }
            }
        }
        let values = numbers.keys.map { Int64(bitPattern: $0) }
        let shown: GroupValues =
            switch field {
            case .credit, .debitLimit, .available: .money(values)
            case .createdAt, .updatedAt, .lastCall: .times(values)
            default: .integers(values)
            }
        return GroupColumn(codes: .numbered(codes), domain: max(1, values.count), values: shown)
    }
}
