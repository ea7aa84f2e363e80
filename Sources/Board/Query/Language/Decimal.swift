/// A number exactly as it was written, so that money and integers are compared with it and not with the nearest real
/// number.
struct Decimal: Equatable, Sendable {
    /// Most significant first, 0...9 each, without leading zeros. Empty: 0.
    private let digits: ArraySlice<UInt8>
    /// The last digit stands for 10^exponent.
    private let exponent: Int
    private let isNegative: Bool

    /// Its position among the multiples of a unit that fit 64 bits.
    enum Place: Equatable {
        case at(Int64)
        /// Between this multiple and the next.
        case above(Int64)
        case belowAll
        case aboveAll
    }

    /// From a text that `Double` reads: a sign, digits with at most one point, an exponent.
    init(_ text: String) {
        var bytes = Array(text.utf8)[...]
        isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        let mantissa = bytes.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        let decimals = point.map { mantissa.endIndex - $0 - 1 } ?? 0
        digits = mantissa.filter { $0 != UInt8(ascii: ".") }.map { $0 - UInt8(ascii: "0") }.drop { $0 == 0 }
        // A text has far fewer digits than this, so a larger exponent changes nothing.
        let written = bytes.dropFirst(mantissa.count + 1)
        let bound = 1_000_000
        let isSmall = written.first == UInt8(ascii: "-")
        let scale = written.isEmpty ? 0 : Int(String(decoding: written, as: UTF8.self)) ?? (isSmall ? -bound : bound)
        exponent = max(-bound, min(bound, scale)) - decimals
    }

    /// - Parameter decimals: the unit is 10^-decimals: 6 for money, 0 for integers.
    func place(decimals: Int) -> Place {
        if digits.isEmpty { return .at(0) }
        let wholeDigits = digits.count + exponent + decimals
        // 19 digits fit 64 bits without a sign, 20 are beyond the range of those with one.
        guard wholeDigits <= 19 else { return isNegative ? .belowAll : .aboveAll }
        let whole = digits.prefix(max(0, wholeDigits))
        let hasRest = digits.dropFirst(whole.count).contains { $0 != 0 }
        var magnitude = whole.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        for _ in whole.count..<max(whole.count, wholeDigits) { magnitude *= 10 }
        let floor = isNegative ? -magnitude - (hasRest ? 1 : 0) : magnitude
        guard let value = Int64(exactly: floor) else { return isNegative ? .belowAll : .aboveAll }
        return hasRest ? .above(value) : .at(value)
    }
}
