// Codes of currencies and countries: their stored form, and what was probably meant.

import CallEvents
import Testing

@testable import Board

@Suite struct CodesTests {
    @Test func knownCodesGetTheirStoredForm() {
        for (text, code) in [
            ("eur", "EUR"), ("Eur", "EUR"), ("EUR", "EUR"), ("xxq", "xxq"), ("eu", "eu"), ("euro", "euro"), ("", ""),
            (" eur", " eur"),
        ] {
            #expect(CurrencyCode.folded(text) == code, "\(text)")
        }
        for (text, code) in [
            ("de", "DE"), ("dE", "DE"), ("xk", "XK"), ("zz", "zz"), ("deu", "deu"), ("d", "d"), ("", ""),
        ] {
            #expect(CountryCode.folded(text) == code, "\(text)")
        }
        #expect(["XK", "DE", "xk", "", "ZZ"].map { CountryCode.isKnown($0) } == [true, true, false, false, false])
    }

    /// The likeliest: the same first letter before others, the major currencies before all.
    @Test func whatWasProbablyMeant() {
        for (text, hint) in [
            ("EURO", "EUR"), ("eurx", "EUR"), ("USX", "USD"), ("usx", "USD"), ("QQQQ", nil), ("E", nil), ("EUROS", nil),
            ("CHX", "CHF"),
        ] as [(String, String?)] {
            #expect(CurrencyCode.hint(for: text) == (hint.map { "; did you mean '\($0)'?" } ?? ""), "\(text)")
        }
        for (text, hint) in [
            ("UK", "GB"), ("uk", "GB"), ("Germany", "DE"), ("GERMANX", nil), ("DEU", "DE"), ("DEX", "DE"),
            ("XXXX", nil), ("united kingdom", "GB"), ("Q", nil), ("", nil),
        ] as [(String, String?)] {
            #expect(CountryCode.hint(for: text) == (hint.map { "; did you mean '\($0)'?" } ?? ""), "\(text)")
        }
    }

    @Test func statusesAreKnownByNameInAnyCase() {
        for status in CustomerStatus.allCases {
            #expect(CustomerStatus.allCases[status.position] == status)
            for name in [status.rawValue, status.rawValue.uppercased(), status.rawValue.lowercased()] {
                #expect(CustomerStatus.named(name) == status)
            }
        }
        for name in ["", "Dialing", "All", "Active ", "PendingApproval"] { #expect(CustomerStatus.named(name) == nil) }
    }
}
