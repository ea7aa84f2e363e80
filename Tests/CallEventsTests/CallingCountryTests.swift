import Testing

@testable import CallEvents

/// Facts of numbering plans, from the "List of Recommendation ITU-T E.164 assigned country codes" (annex to the ITU
/// Operational Bulletin) and the metadata of libphonenumber 9.0.43; numbers are made up, or of ranges kept for fiction.
@Suite struct CallingCountryTests {
    /// A code is a country's, or is shared: by the North American plan, Russia and Kazakhstan, and by territories with
    /// the country whose plan they are part of.
    @Test func sharedCodes() {
        var countries: [String: Set<String>] = [:]
        for country in CallingCountry.table.values { countries[country.callingCode, default: []].insert(country.code) }
        let shared = countries.filter { $0.value.count > 1 }
        let expected: [String: String] = [
            "1": "AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT UM US VC VG VI", "7": "KZ RU",
            "39": "IT VA", "44": "GB GG IM JE", "47": "BV NO SJ", "61": "AU CC CX", "64": "NZ PN", "212": "EH MA",
            "262": "RE TF YT", "358": "AX FI", "500": "FK GS", "590": "BL GP MF", "599": "BQ CW", "672": "AQ HM NF",
        ]
        #expect(Set(shared.keys) == Set(expected.keys))
        for (code, names) in expected {
            #expect(shared[code] == Set(names.split(separator: " ").map(String.init)), "+\(code)")
        }
    }

    /// So a number's beginning tells its code.
    @Test func noCodeIsTheBeginningOfAnother() {
        let codes = Set(CallingCountry.table.values.map(\.callingCode))
        for code in codes {
            #expect(!codes.contains { $0 != code && $0.hasPrefix(code) }, "+\(code)")
        }
        #expect(CallingCountry.table.count == 250)
    }

    @Test(arguments: [
        "210", "214", "217", "259", "280", "289", "384", "424", "429", "671", "693", "699", "801", "851", "857", "871",
        "884", "890", "969", "978", "990", "999",
    ])
    func spareCodesAreNobodys(_ code: String) {
        #expect(throws: PhoneNumberFault.noSuchCode(code)) { try PhoneNumber("+" + code + "1234567") }
    }

    @Test(arguments: ["247", "290", "383", "800", "808", "870", "878", "881", "882", "883", "979", "211", "599", "970"])
    func codesOfNetworksAndIslandsAreTaken(_ code: String) throws {
        #expect(try PhoneNumber("+" + code + "1234567").e164 == "+\(code)1234567")
    }

    @Test(
        arguments: [
            // The North American plan: the 1 may be there or not.
            ("US", "(212) 555-0100", "+12125550100"), ("CA", "1 416 555 0100", "+14165550100"),
            ("JM", "876-555-0100", "+18765550100"), ("PR", "1-787-555-0100", "+17875550100"),
            ("DO", "809 555 0100", "+18095550100"), ("BS", "242-555-0100", "+12425550100"),
            // Russia and Kazakhstan: an 8.
            ("RU", "8 (912) 345-67-89", "+79123456789"), ("KZ", "8 701 234 5678", "+77012345678"),
            ("RU", "912 345-67-89", "+79123456789"), ("RU", "800 123-45-67", "+78001234567"),
            // A 0 before the area, gone abroad.
            ("DE", "01555 0100011", "+4915550100011"), ("FR", "06 39 98 01 23", "+33639980123"),
            ("GB", "07700 900123", "+447700900123"), ("JE", "07797 712345", "+447797712345"),
            ("GP", "0690 00 12 34", "+590690001234"), ("BL", "0690 00 12 34", "+590690001234"),
            ("AU", "0491 570 006", "+61491570006"), ("JP", "090-1234-5678", "+819012345678"),
            ("KR", "010-1234-5678", "+821012345678"), ("LT", "0612 34567", "+37061234567"),
            ("AR", "011 2345-6789", "+541123456789"), ("SE", "070-174 06 05", "+46701740605"),
            // Other trunk prefixes.
            ("HU", "06 20 123 4567", "+36201234567"), ("BY", "8 029 491 19 11", "+375294911911"),
            ("TM", "8 66 123456", "+99366123456"),
            // None, and all digits stay: Italy's and the Vatican's 0, which is part of the number.
            ("IT", "06 698 12345", "+390669812345"), ("IT", "312 345 6789", "+393123456789"),
            ("IT", "393 123 4567", "+393931234567"), ("VA", "06 698 12345", "+390669812345"),
            ("SM", "0549 886377", "+3780549886377"), ("ES", "612 34 56 78", "+34612345678"),
            ("PT", "912 345 678", "+351912345678"), ("DK", "32 12 34 56", "+4532123456"),
            ("NO", "406 12 345", "+4740612345"), ("PL", "512 345 678", "+48512345678"),
            ("CZ", "601 123 456", "+420601123456"), ("GR", "691 234 5678", "+306912345678"),
            ("CI", "01 23 45 67 89", "+2250123456789"), ("BJ", "01 95 12 34 56", "+2290195123456"),
            ("GA", "06 03 12 34", "+24106031234"), ("CG", "06 123 4567", "+242061234567"),
            ("MX", "55 1234 5678", "+525512345678"), ("SG", "8123 4567", "+6581234567"),
            ("HK", "5123 4567", "+85251234567"), ("TT", "868 291 1234", "+18682911234"),
            // Mobile numbers are written without the 0, and others with it.
            ("CN", "131 2345 6789", "+8613123456789"), ("CN", "010 1234 5678", "+861012345678"),
            ("BR", "(11) 96123-4567", "+5511961234567"), ("BR", "011 96123-4567", "+5511961234567"),
            ("CO", "321 1234567", "+573211234567"), ("PE", "912 345 678", "+51912345678"),
            ("GE", "555 12 34 56", "+995555123456"), ("MC", "06 12 34 56 78", "+377612345678"),
            ("MC", "93 12 34 56", "+37793123456"), ("NP", "984-1234567", "+9779841234567"),
            ("LB", "71 123 456", "+96171123456"), ("LB", "03 123 456", "+9613123456"),
            ("MH", "235-1234", "+6922351234"),
        ])
    func asPeopleWriteThemThere(_ country: String, _ written: String, _ whole: String) throws {
        #expect(try PhoneNumber(written, in: #require(CallingCountry(country))).e164 == whole)
    }

    @Test(
        arguments: [
            // Without the 15, or with a 9 before the area, these would be other numbers.
            ("AR", "011 15-2345-6789"), ("MX", "044 55 1234 5678"), ("BR", "0 15 11 96123-4567"),
            // A digit too few or too many.
            ("US", "555-0100"), ("FR", "06 39 98 01 2"), ("FR", "06 39 98 01 234"), ("ES", "61234567"),
            // Perhaps a zero is lost, perhaps it is of some town.
            ("DE", "1555 0100011"), ("GB", "7700 900123"), ("HU", "20 123 4567"),
            // It has its country's code, or not.
            ("ES", "34612345678"), ("IT", "393123456789"), ("DK", "4532123456"), ("CN", "8613123456789"),
        ])
    func whatIsWrittenOtherwiseIsNotGuessedAt(_ country: String, _ written: String) throws {
        let country = try #require(CallingCountry(country))
        #expect(throws: PhoneNumberFault.self) { try PhoneNumber(written, in: country) }
    }

    /// Where the zero may be left out, a number that begins with one has it: with a digit too few it is no number.
    @Test func aZeroIsNeverPartOfANumber() throws {
        for country in CallingCountry.table.values where country.isTrunkOptional && country.trunkPrefix == "0" {
            for length in country.lengths {
                let rest = String(repeating: "7", count: length - 1)
                let found = try? PhoneNumber("0" + rest, in: country).e164
                let isWhole = country.lengths.contains(length - 1)
                #expect(found == (isWhole ? "+" + country.callingCode + rest : nil), "\(country.code), \(length)")
            }
        }
    }

    /// With and without its trunk prefix, of any length that there is: the same number, and one that is whole.
    @Test func everyCountryReadsItsNumbers() throws {
        for country in CallingCountry.table.values {
            for length in country.lengths {
                // Begins with a digit that no code and no trunk prefix begins with.
                let first = ["5", "4", "2"].first {
                    !country.callingCode.hasPrefix($0) && !country.trunkPrefix.hasPrefix($0)
                }
                let number = try #require(first) + String(repeating: "7", count: length - 1)
                let whole = "+" + country.callingCode + number
                #expect(try PhoneNumber(country.trunkPrefix + number, in: country).e164 == whole, "\(country)")
                let bare = try? PhoneNumber(number, in: country).e164
                let isWhole = country.trunkPrefix.isEmpty || country.isTrunkOptional || country.callingCode.count == 1
                #expect(bare == (isWhole ? whole : nil), "\(country)")
                #expect((7...15).contains(whole.count - 1), "\(country)")
            }
        }
    }
}
