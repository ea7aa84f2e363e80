/// A telephone number by which somebody can be reached from anywhere (E.164): a country's code and all that follows, 7 to 15
/// digits.
public struct PhoneNumber: Equatable, Sendable {
    /// Behind a `+`.
    public let digits: String
    /// As it is kept: its digits behind a `+` or, where it was written so, behind the international prefix `00`.
    public let text: String

    /// `+4915550100011`.
    public var e164: String { "+" + digits }

    /// The digits that E.164 allows; fewer than seven are no subscriber's.
    static let lengths = 7...15

    /// Reads a number as people write it: spaces, `-`, `.`, `/`, parentheses are passed over, `00` is a `+`, and so is the `(0)`
    /// that stands for a trunk prefix.
    /// - Parameter country: of numbers that are written without theirs; nil: such are refused.
    public init(_ written: String, in country: CallingCountry? = nil) throws(PhoneNumberFault) {
        var digits = ""
        var hasPlus = false
        for character in written.replacing("(0)", with: "") {
            switch character {
            case "0"..."9" where character.isASCII: digits.append(character)
            case "+" where digits.isEmpty && !hasPlus: hasPlus = true
            case "-", "(", ")", "/", ".", "\u{2010}", "\u{2011}", "\u{2013}": break
            case _ where character.isWhitespace && !character.isNewline: break
            default: throw .notANumber
            }
        }
        let isInternational = hasPlus || digits.hasPrefix("00")
        if !isInternational {
            if written.contains("(0)") { throw .notANumber }
            self = try Self.national(digits, country)
            return
        }
        let number = hasPlus ? digits : String(digits.dropFirst(2))
        try Self.check(number)
        (self.digits, text) = (number, hasPlus ? "+" + number : digits)
    }

    private init(digits: String) { (self.digits, text) = (digits, "+" + digits) }

    private static func check(_ digits: String) throws(PhoneNumberFault) {
        if digits.isEmpty { throw .notANumber }
        if digits.hasPrefix("0") { throw .beginsWithZero }
        guard lengths.contains(digits.count) else { throw .length(digits.count) }
    }

    /// A number without its country.
    private static func national(_ digits: String, _ country: CallingCountry?) throws(PhoneNumberFault) -> PhoneNumber {
        if digits.isEmpty { throw .notANumber }
        guard let country else { throw .noCountry }
        var number = digits
        switch country.callingCode {
        // Three digits of area, seven of the subscriber; Russia and Kazakhstan the same.
        case "1", "7":
            if number.count == 11, number.hasPrefix(country.trunkPrefix) { number.removeFirst() }
            guard number.count == 10 else { throw .notNational(country.code) }
        case let code where country.trunkPrefix.isEmpty:
            // It may have its country's code already: then nobody can tell.
            guard !number.hasPrefix(code) || number.count < code.count + 7 else { throw .notNational(country.code) }
        default:
            // Without its trunk prefix it is one of some town, or lost its zero to a spreadsheet.
            guard number.hasPrefix(country.trunkPrefix) else { throw .notNational(country.code) }
            number.removeFirst(country.trunkPrefix.count)
        }
        let whole = country.callingCode + number
        try check(whole)
        return PhoneNumber(digits: whole)
    }
}

/// Why a text is no telephone number that can be called from anywhere.
public enum PhoneNumberFault: Error, Equatable, Sendable, CustomStringConvertible {
    case notANumber
    case noCountry
    case notNational(String)
    case beginsWithZero
    case length(Int)

    public var description: String {
        switch self {
        case .notANumber: "is not a telephone number; write + and its digits, as +4915550100011"
        case .noCountry:
            "has no country; write + and its digits, as +4915550100011, or name the country of such numbers with "
                + "--default-country DE"
        case .notNational(let country):
            "is not written as numbers are within \(country); write + and its digits, as +4915550100011"
        case .beginsWithZero: "has a 0 behind the +, and no country's code begins so; write it as +4915550100011"
        case .length(let count):
            "has \(count) digits, and a number with its country has \(PhoneNumber.lengths.lowerBound) to "
                + "\(PhoneNumber.lengths.upperBound); write it as +4915550100011"
        }
    }
}
