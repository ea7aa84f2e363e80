import CallEvents
import Testing

/// Telephone numbers as people write them.
@Suite struct PhoneNumberTests {
    private static func number(_ text: String, _ country: String? = nil) throws -> PhoneNumber {
        try PhoneNumber(text, in: country.map { try #require(CallingCountry($0)) })
    }

    @Test(
        arguments: [
            ("+4915550100011", "+4915550100011"), ("004915550100012", "004915550100012"),
            ("+49 (0)155 50-100/011", "+4915550100011"), ("+1 (555) 010-0123", "+15550100123"),
            ("00 44 7700.900123", "00447700900123"), ("+49\u{A0}155\u{2011}50100011", "+4915550100011"),
        ])
    func numbersWithTheirCountry(_ written: String, _ kept: String) throws {
        #expect(try Self.number(written).text == kept)
        #expect(try Self.number(written).e164 == "+" + kept.drop { $0 == "+" || $0 == "0" })
        #expect(try Self.number(written, "DE").text == kept, "a country of others changes nothing")
        #expect(try Self.number(kept).text == kept)
    }

    @Test(
        arguments: [
            ("0155 50100011", "DE", "+4915550100011"), ("07700 900123", "gb", "+447700900123"),
            ("(555) 010-0123", "US", "+15550100123"), ("1 555 010 0123", "CA", "+15550100123"),
            ("06 30 123 4567", "HU", "+36301234567"), ("8 912 345 67 89", "RU", "+79123456789"),
            ("612345678", "ES", "+34612345678"), ("3331234567", "IT", "+393331234567"),
            ("06 1234567", "IT", "+39061234567"),
        ])
    func numbersOfANamedCountry(_ written: String, _ country: String, _ whole: String) throws {
        #expect(try Self.number(written, country).text == whole)
        #expect(throws: PhoneNumberFault.noCountry) { try PhoneNumber(written) }
    }

    @Test(
        arguments: [
            "", "abc", "+", "00", "+049155501000", "+49155", "+1234567890123456", "+49 155 x12", "++4915550100011",
            "4915550100011+", "4,91556E+12", "#NAME?", "+49155\n5010001", "tel:+4915550100011", "+4915550100011;+49155",
        ])
    func whatIsNoNumber(_ text: String) {
        #expect(throws: PhoneNumberFault.self) { try PhoneNumber(text) }
    }

    /// What is wrong is told, not only that something is.
    @Test(
        arguments: [
            ("", .notANumber), ("+", .notANumber), ("00", .notANumber), ("abc", .notANumber), ("030 (0)1", .notANumber),
            ("+01555010", .beginsWithZero), ("000155501", .beginsWithZero), ("+0", .beginsWithZero),
            ("+491555", .length(6)), ("+4915550100011000", .length(16)), ("+2101234567", .noSuchCode("210")),
            ("0049155", .length(5)), ("155 501 0001", .noCountry),
        ] as [(String, PhoneNumberFault)])
    func theFaultIsNamed(_ text: String, _ fault: PhoneNumberFault) {
        #expect(throws: fault) { try PhoneNumber(text) }
    }

    /// Seven to fifteen digits, with a plus and with two zeros.
    @Test func lengthsHaveBorders() {
        for count in 4...18 {
            let digits = "4" + "4" + String(repeating: "7", count: count - 2)
            for text in ["+" + digits, "00" + digits] {
                #expect(((try? PhoneNumber(text)) != nil) == (7...15).contains(count), "\(text)")
            }
        }
    }

    /// A number that lost its zero, or has its country already, is not guessed at.
    @Test(arguments: [("15550100011", "DE"), ("4915550100011", "DE"), ("34612345678", "ES"), ("0100123", "US")])
    func whatIsNotWrittenAsInTheCountry(_ text: String, _ country: String) {
        #expect(throws: PhoneNumberFault.notNational(country)) { try Self.number(text, country) }
    }

    @Test func everyCountryHasItsCode() {
        let codes = """
            AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD
            CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF
            GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
            KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
            NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI
            SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI
            VN VU WF WS XK YE YT ZA ZM ZW
            """.split(whereSeparator: \.isWhitespace)
        for code in codes {
            let country = CallingCountry(String(code))
            #expect(country?.code == String(code) && (1...3).contains(country?.callingCode.count ?? 0), "\(code)")
        }
        #expect(codes.count == 250 && CallingCountry("UK") == nil)
    }
}
