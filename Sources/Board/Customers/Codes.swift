// The codes that fields may have: currencies (see `CurrencyCode`) and countries (ISO 3166-1 alpha-2,
// and XK, which switches use for Kosovo).

import CallEvents

extension CurrencyCode {
    /// A known code in its stored form, ignoring case; any other text as is.
    static func folded(_ text: String) -> String { Codes.folded(text, known) }

    /// `; did you mean 'EUR'?`, or empty.
    static func hint(for text: String) -> String { Codes.hint(Codes.nearest(to: text, major + known.sorted())) }

    /// The likeliest, before others that are as near.
    private static let major = ["EUR", "USD", "GBP", "CHF", "AED", "INR"]
}

enum CountryCode {
    static func isKnown(_ code: String) -> Bool { known.contains(code) }

    /// A known code in its stored form, ignoring case; any other text as is.
    static func folded(_ text: String) -> String { Codes.folded(text, known) }

    /// `; did you mean 'GB'?`, or empty.
    static func hint(for text: String) -> String {
        let text = text.uppercased()
        return Codes.hint(others[text] ?? (text.count > 3 ? nil : Codes.nearest(to: text, known.sorted())))
    }

    /// What people write instead: other codes, three-letter codes, and names.
    private static let others = [
        "UK": "GB", "EL": "GR", "EN": "GB", "SU": "RU", "YU": "RS", "DEU": "DE", "GER": "DE", "GBR": "GB", "AUT": "AT",
        "CHE": "CH", "SUI": "CH", "DNK": "DK", "EST": "EE", "IRL": "IE", "POL": "PL", "PRT": "PT", "SWE": "SE",
        "SVN": "SI",
        "SVK": "SK", "UKR": "UA", "TUR": "TR", "CHN": "CN", "ARE": "AE", "UAE": "AE", "KOR": "KR", "MEX": "MX",
        "CHL": "CL",
        "GERMANY": "DE", "DEUTSCHLAND": "DE", "AUSTRIA": "AT", "SWITZERLAND": "CH", "FRANCE": "FR", "ITALY": "IT",
        "SPAIN": "ES", "PORTUGAL": "PT", "POLAND": "PL", "NETHERLANDS": "NL", "BELGIUM": "BE", "SWEDEN": "SE",
        "NORWAY": "NO", "DENMARK": "DK", "FINLAND": "FI", "IRELAND": "IE", "GREECE": "GR", "TURKEY": "TR",
        "UKRAINE": "UA",
        "RUSSIA": "RU", "CHINA": "CN", "INDIA": "IN", "JAPAN": "JP", "BRAZIL": "BR", "MEXICO": "MX", "CANADA": "CA",
        "UNITED STATES": "US", "UNITED KINGDOM": "GB", "GREAT BRITAIN": "GB", "ENGLAND": "GB",
    ]

    private static let known = Set(
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ
        BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR
        CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
        GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU
        ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
        LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ
        MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
        PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
        SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
        TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}

enum Codes {
    /// Most are already in stored form, and a million are checked.
    static func folded(_ text: String, _ known: Set<String>) -> String {
        guard (2...3).contains(text.utf8.count), text.utf8.contains(where: { $0 &- 0x61 < 26 }) else { return text }
        let upper = text.uppercased()
        return known.contains(upper) ? upper : text
    }

    /// The first code within one change of a letter; among several, one with the same first letter.
    static func nearest(to text: String, _ codes: [String]) -> String? {
        guard (2...4).contains(text.count) else { return nil }
        let word = Array(text.uppercased())
        let near = codes.filter { BoardColumn.editDistance(word, Array($0)) <= 1 }
        return near.first { $0.first == word.first } ?? near.first
    }

    static func hint(_ code: String?) -> String { code.map { "; did you mean '\($0)'?" } ?? "" }
}

extension CustomerStatus {
    /// By name, ignoring case.
    public static func named(_ name: String) -> CustomerStatus? {
        CustomerStatus(rawValue: name) ?? allCases.first { $0.rawValue.lowercased() == name.lowercased() }
    }
}

extension Customer {
    /// Brings codes and numbers into their stored form. Invalid ones stay as they are, to be refused by name.
    public mutating func normalize() {
        currency = CurrencyCode.folded(currency)
        country = CountryCode.folded(country)
        for index in contacts.indices { contacts[index].mobile = Contact.normalized(mobile: contacts[index].mobile) }
    }
}

extension Contact {
    static func normalized(mobile: String) -> String {
        mobile.isEmpty ? mobile : (try? PhoneNumber(mobile))?.text ?? mobile
    }
}
