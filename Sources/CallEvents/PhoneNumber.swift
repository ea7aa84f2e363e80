/// A telephone number that can be dialled from anywhere (E.164): a country's code and all that follows, 7 to 15 digits.
public struct PhoneNumber: Equatable, Sendable {
    /// The digits after the `+`.
    public let digits: String
    /// The stored form: its digits after a `+` or, if it was written that way, after the international prefix `00`.
    public let text: String

    /// `+4915550100011`.
    public var e164: String { "+" + digits }

    /// The numbers of digits that E.164 allows; fewer than seven cannot be a subscriber's number.
    static let lengths = 7...15

    /// Reads a number as people write it: spaces, `-`, `.`, `/` and parentheses are ignored, `00` means `+`, and the
    /// `(0)` that stands for a trunk prefix is dropped.
    /// - Parameter country: the country of numbers written without one; nil: such numbers are refused.
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
        guard CallingCountry.isAssigned(digits) else { throw .noSuchCode(String(digits.prefix(3))) }
    }

    /// Resolves a number without its country.
    private static func national(_ digits: String, _ country: CallingCountry?) throws(PhoneNumberFault) -> PhoneNumber {
        if digits.isEmpty { throw .notANumber }
        guard let country else { throw .noCountry }
        guard let number = significant(digits, country) else { throw .notNational(country.code) }
        let whole = country.callingCode + number
        try check(whole)
        return PhoneNumber(digits: whole)
    }

    /// The part of a number within a country that is dialled after the calling code; nil: it does not have the form of
    /// numbers there.
    private static func significant(_ digits: String, _ country: CallingCountry) -> String? {
        let (trunk, code) = (country.trunkPrefix, country.callingCode)
        if !trunk.isEmpty && digits.hasPrefix(trunk) {
            let rest = String(digits.dropFirst(trunk.count))
            // Area codes of the North American plan, of Russia and Kazakhstan may begin as the trunk prefix does.
            if country.lengths.contains(rest.count) { return rest }
        }
        // Three digits of area, seven of the subscriber: complete without its trunk prefix. Elsewhere a number without
        // it is a local number, or lost its zero to a spreadsheet.
        let isWhole = trunk.isEmpty || country.isTrunkOptional || code == "1" || code == "7"
        guard isWhole, country.lengths.contains(digits.count), trunk != "0" || !digits.hasPrefix("0") else {
            return nil
        }
        // It may have its country's code already: undecidable.
        let mayHaveCode = digits.hasPrefix(code) && country.lengths.contains(digits.count - code.count)
        return mayHaveCode ? nil : digits
    }
}

/// Why a text is not a telephone number that can be called from anywhere.
public enum PhoneNumberFault: Error, Equatable, Sendable, CustomStringConvertible {
    case notANumber
    case noCountry
    case notNational(String)
    case beginsWithZero
    case noSuchCode(String)
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
        case .noSuchCode(let digits):
            "begins with +\(digits), and no country's code does; write it as +4915550100011"
        case .length(let count):
            "has \(count) digits, and a number with its country has \(PhoneNumber.lengths.lowerBound) to "
                + "\(PhoneNumber.lengths.upperBound); write it as +4915550100011"
        }
    }
}
