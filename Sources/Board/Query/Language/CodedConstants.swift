// Constants compared with fields of codes: `status = 'active'` and `country IN ('de', 'FR')` mean the codes as they are
// stored. The comparison and the stored values are unchanged, so a query means the same in any other engine once its
// constants are folded.

import CallEvents

extension ExpressionParser {
    /// A constant as the field on the other side stores it; anything else unchanged.
    /// - Parameter isWhole: whether it is compared for equality, so that a value the field never has is a mistake. (An
    ///   order has other bounds.)
    func coded(
        _ expression: Expression, beside other: Expression, isWhole: Bool
    ) throws(QueryError) -> Expression {
        guard case .constant(.text(let text)) = expression.node, case .column(.field(let field)) = other.node,
            let code = ExpressionParser.code(text, of: field)
        else { return expression }
        if isWhole && !code.isKnown { throw unknown(text, field, expression.position) }
        var result = expression
        result.node = .constant(.text(code.text))
        return result
    }

    /// The code for a text, and whether it exists; nil: the field has no codes.
    private static func code(_ text: String, of field: CustomerField) -> (text: String, isKnown: Bool)? {
        switch field {
        case .status:
            if text.lowercased() == CustomerTable.dialing.lowercased() { return (CustomerTable.dialing, true) }
            let status = CustomerStatus.named(text)
            return (status?.rawValue ?? text, status != nil)
        case .currency:
            let code = CurrencyCode.folded(text)
            return (code, CurrencyCode.isKnown(code))
        case .country:
            let code = CountryCode.folded(text)
            return (code, CountryCode.isKnown(code))
        default: return nil
        }
    }

    private func unknown(_ text: String, _ field: CustomerField, _ position: Int) -> QueryError {
        let shown = QueryError.quoted(text)
        let message: String
        switch field {
        case .status:
            let names = CustomerStatus.allCases.map(\.rawValue) + [CustomerTable.dialing]
            let near = names.map {
                ($0, BoardColumn.editDistance(Array(text.prefix(64).lowercased()), Array($0.lowercased())))
            }
            .min { $0.1 < $1.1 }
            let hint = near.flatMap { $0.1 <= 3 ? "did you mean '\($0.0)'? " : nil } ?? ""
            message = "there is no status \(shown); \(hint)it is one of \(names.joined(separator: ", "))"
        case .currency:
            message = "there is no currency \(shown) in ISO 4217\(CurrencyCode.hint(for: text))"
        default:
            message =
                text.isEmpty
                ? "no country is '': of customers without one write country IS NULL"
                : "there is no country \(shown) in ISO 3166\(CountryCode.hint(for: text))"
        }
        return QueryError("\(message)", position: position)
    }
}
