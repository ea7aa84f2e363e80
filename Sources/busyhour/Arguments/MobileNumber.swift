// Mobile numbers of a default country: `--default-country DE`. The server takes them with their country code only.

import CallEvents

enum MobileNumber {
    /// - Throws: `UsageError` for an unknown country code.
    static func country(_ code: String) throws -> CallingCountry {
        guard let country = CallingCountry(code) else {
            let hint = code.uppercased() == "UK" ? "; did you mean GB?" : ""
            throw UsageError("'\(code)' is not an ISO 3166 code; give two letters, such as DE\(hint)")
        }
        return country
    }

    /// A number with its country code. One that has it, or that is not a number, is returned as is: the server checks
    /// it.
    /// - Throws: `UsageError` for one that does not have the country's format.
    static func international(_ text: String, _ country: CallingCountry?) throws(UsageError) -> String {
        guard let country, !text.isEmpty else { return text }
        do throws(PhoneNumberFault) {
            return try PhoneNumber(text, in: country).text
        } catch {
            guard case .notNational = error else { return text }
            throw UsageError("mobile number '\(text)' \(error)")
        }
    }

    /// An assignment as is, except for the number in `contact_mobile=0155 501`.
    static func international(assignment: String, _ country: CallingCountry?) throws(UsageError) -> String {
        guard country != nil, let sign = assignment.firstIndex(of: "=") else { return assignment }
        let name = assignment[..<sign].trimming(while: \.isWhitespace)
        guard name == "contact_mobile" else { return assignment }
        let value = assignment[assignment.index(after: sign)...].trimming(while: \.isWhitespace)
        // A number contains no quotes, so these enclose it.
        return try "contact_mobile=" + international(String(value).replacing("'", with: ""), country)
    }
}
