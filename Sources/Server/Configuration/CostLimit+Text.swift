import Board
import CallEvents

extension CostLimit {
    /// From settings: a bare amount applies to all currencies, an amount after a currency to that one.
    /// - Throws: a text that is neither, or a second one for the same currency.
    init(parsing texts: [String]) throws(ServerError) {
        self.init()
        var hasGeneral = false
        for text in texts {
            let words = text.split(separator: " ", omittingEmptySubsequences: true)
            guard (1...2).contains(words.count), let micros = words.last.flatMap({ Self.micros($0) }), micros > 0 else {
                throw ServerError(
                    "'\(text)' is no limit of costs; write an amount above 0 as in 500, or VND 5000000 for one currency",
                    kind: .usage)
            }
            if words.count == 1 {
                if hasGeneral {
                    throw ServerError("two limits of costs for all currencies; leave one out", kind: .usage)
                }
                hasGeneral = true
                self.micros = micros
                continue
            }
            guard let currency = CurrencyCode.named(words[0]) else {
                throw ServerError(
                    "'\(words[0])' in the cost limit '\(text)' is no currency; write its code, as in EUR 500",
                    kind: .usage)
            }
            guard microsByCurrency.updateValue(micros, forKey: currency) == nil else {
                throw ServerError("two limits of costs in \(currency); leave one out", kind: .usage)
            }
        }
    }

    /// Digits with at most six decimals; nil: not such an amount, or more than is plausible for one call.
    private static func micros(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isPlain, parts.count <= 2, let units = Int64(parts[0]), units <= BoardLimits.costMicros / 1_000_000 else {
            return nil
        }
        guard parts.count == 2 else { return units * 1_000_000 }
        guard parts[1].utf8.count <= 6 else { return nil }
        let padded = parts[1] + String(repeating: "0", count: 6 - parts[1].utf8.count)
        return Int64(padded).map { units * 1_000_000 + $0 }
    }
}
