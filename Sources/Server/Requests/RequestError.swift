import Wire

/// Why a request is refused; travels as an error frame.
struct RequestError: Error, Equatable {
    var code: ErrorCode
    /// One line: what is wrong, where, and how to fix it.
    var message: String
    var details: [String: String] = [:]

    init(_ code: ErrorCode, _ message: String, details: [String: String] = [:]) {
        self.code = code
        self.message = message
        self.details = details
    }
}
