// Mobile numbers of a country that is named once: `--default-country DE`. The server takes them with their country only.

import CallEvents

enum MobileNumber {
    /// - Throws: `UsageError` for a code that is no country's.
    static func country(_ code: String) throws -> CallingCountry {
        guard let country = CallingCountry(code) else {
            let hint = code.uppercased() == "UK" ? "; did you mean GB?" : ""
            throw UsageError("'\(code)' is not an ISO 3166 code; give two letters, such as DE\(hint)")
        }
        return country
    }

    /// A number with its country. One that has it, or that is none, is as it was written: the server looks at it.
    /// - Throws: `UsageError` for one that is not written as numbers are in the country.
    static func international(_ text: String, _ country: CallingCountry?) throws(UsageError) -> String {
        guard let country, !text.isEmpty else { return text }
        do throws(PhoneNumberFault) {
            return try PhoneNumber(text, in: country).text
        } catch {
            guard case .notNational = error else { return text }
            throw UsageError("mobile number '\(text)' \(error)")
        }
    }

    /// An assignment as it is, but for the number in `contact_mobile=0155 501`.
    static func international(assignment: String, _ country: CallingCountry?) throws(UsageError) -> String {
        guard country != nil, let sign = assignment.firstIndex(of: "=") else { return assignment }
        let name = assignment[..<sign].trimming(while: \.isWhitespace)
        guard name == "contact_mobile" else { return assignment }
        let value = assignment[assignment.index(after: sign)...].trimming(while: \.isWhitespace)
        // A number has no quotes in it, so those are around it.
        return try "contact_mobile=" + international(String(value).replacing("'", with: ""), country)
    }
}
