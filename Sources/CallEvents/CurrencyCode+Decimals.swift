// How many decimals an amount has in a currency (ISO 4217, the minor unit's exponent).

extension CurrencyCode {
    /// Decimals of a currency's amounts as people write them: 2 for most, 0 for yen, 3 for dinars; 2 for unknown codes.
    public static func decimals(_ code: String) -> Int { unusual[code] ?? 2 }

    private static let unusual: [String: Int] = {
        let byDecimals = [
            0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
            3: "BHD IQD JOD KWD LYD OMR TND",
            4: "CLF UYW",
        ]
        return Dictionary(
            uniqueKeysWithValues: byDecimals.flatMap { decimals, codes in
                codes.split(separator: " ").map { (String($0), decimals) }
            })
    }()
}
