/// What is wrong with a row, by a stable name.
public enum CDRErrorName: String, CaseIterable, Sendable {
    /// The file does not begin with a header line that names the columns.
    case header = "cdr_header"
    /// The map or the filter names a column that the file does not have: nothing of the file is read.
    case map = "cdr_map"
    /// The row's number of fields differs from its layout.
    case fields = "cdr_fields"
    /// A quote is not closed, or text follows a closing quote.
    case quote = "cdr_quote"
    /// The line or document is longer than any real one.
    case longLine = "cdr_long_line"
    /// The file ends within a row.
    case cutLine = "cdr_cut_line"
    /// The packed file ends in the middle, or is damaged.
    case cutFile = "cdr_cut_file"
    /// Not a JSON document, or not of the expected shape.
    case json = "cdr_json"
    /// Not UTF-8 where a name is needed, or another encoding altogether.
    case encoding = "cdr_encoding"
    /// The row does not identify its call.
    case missingKey = "cdr_missing_key"
    /// The row does not say when the call began.
    case missingTime = "cdr_missing_time"
    /// A time that cannot be read.
    case time = "cdr_time"
    /// Times that run backwards by more than an hour, or calls longer than 49 days.
    case timeOrder = "cdr_time_order"
    /// A number that cannot be read or is out of range.
    case number = "cdr_number"
    /// A source address that cannot be read.
    case address = "cdr_address"
    /// A negative duration.
    case negative = "cdr_negative"
    /// A talk time longer than the call.
    case talk = "cdr_talk"
    /// A delay before the ringing that is longer than the call.
    case pdd = "cdr_pdd"
    /// A cost below zero, a credit note, in a row without an id.
    case credit = "cdr_credit"
    /// A currency that is not in ISO 4217.
    case currency = "cdr_currency"
    /// Rows of one call that state different currencies.
    case currencies = "cdr_currencies"
}

/// Why a line is neither a call nor an error, by a stable name.
public enum CDRNoCallName: String, CaseIterable, Sendable {
    /// Excluded by the filter.
    case filtered
    /// A title, a second header line, a line of types or dashes.
    case heading
    /// A total, a number of rows, or the end of an export.
    case total
    /// A row with nothing in it.
    case empty
    /// Another leg of a call, another rating run, a message.
    case leg
}

/// What is odd about a row that was read anyway, by a stable name.
public enum CDRWarningName: String, CaseIterable, Sendable {
    /// An unknown disposition. The call counts; without an answer it counts as failed (network).
    case disposition = "cdr_disposition"
}

/// A row that was read in spite of something odd.
public struct CDRWarning: Equatable, Sendable, CustomStringConvertible {
    public let file: String
    /// Line in the file, from 1.
    public let line: Int
    public let name: CDRWarningName
    /// One line: what is odd, and how it was read. Control characters of the input are replaced.
    public let message: String

    public var description: String { "\(file):\(line): warning \(name.rawValue): \(message)" }
}

/// One row that could not be read: where, what and how to fix it.
public struct CDRError: Error, Equatable, Sendable, CustomStringConvertible {
    public let file: String
    /// Line in the file, from 1; for a document the line where it begins.
    public let line: Int
    public let name: CDRErrorName
    /// One line: what is wrong and how to fix it. Control characters of the input are replaced.
    public let message: String

    public var description: String { "\(file):\(line): \(name.rawValue): \(message)" }
}

/// Settings that no file can be read with. `message` is one line: what is wrong and how to fix it.
public struct CDRUsageError: Error, Equatable, Sendable, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}

/// The outcome of the rows. At any moment `rows` is the sum of `calls`, `credits`, `continued`, `notCalls`,
/// `duplicates` and `errors`.
public struct CDRCounters: Equatable, Sendable {
    /// Lines that are neither blank nor a header, or documents.
    public var rows = 0
    /// Rows that begin a call. (A call still held for further rows is already counted here.)
    public var calls = 0
    /// Credit notes.
    public var credits = 0
    /// Further rows of a call that is already in `calls`: a second carrier, a BYE, a re-INVITE.
    public var continued = 0
    /// Trailer lines, B legs, inner legs, other rating runs, messages, CANCELs.
    public var notCalls = 0
    /// Rows of a call that this reader has emitted before, as far as it remembers.
    public var duplicates = 0
    /// Rows that could not be read.
    public var errors = 0
    /// Those of `notCalls` with a named reason.
    public var notCallsByName: [CDRNoCallName: Int] = [:]
    /// `errors` by name.
    public var errorsByName: [CDRErrorName: Int] = [:]
    /// Rows that were read and have something odd, by name.
    public var warningsByName: [CDRWarningName: Int] = [:]

    public init() {}
}

/// Why a row is refused; the text is made from it only when the error is stored.
struct RowFault: Error {
    var name: CDRErrorName
    /// Index of the field at fault, or -1 for the row.
    var field = -1
    /// Number of fields expected (`fields`).
    var expected = 0
    /// A quote is not closed (`quote`): the row may continue in the next line.
    var isOpen = false
}

extension RowFault {
    /// How to fix it, for every name.
    var remedy: String {
        switch name {
        case .header: "begin the file with a header line that names the columns, or name them with --map or --columns"
        case .map: "name columns as the file does"
        case .fields: "name the fields of this file with --columns, in their order"
        case .quote: "close the quote on the same line, and write a quote within a field twice"
        case .longLine: "remove it; reading continues at the next line"
        case .cutLine: "complete or remove the last line"
        case .cutFile: "fetch the file again"
        case .json:
            "give one whole document as the switch wrote it; one that posts with encode may need encode-values false"
        case .encoding: "convert the file to UTF-8, for example with iconv -t UTF-8"
        case .missingKey: "give every row its call's unique id"
        case .missingTime: "give every row the time at which its call began"
        case .time:
            "write epoch seconds, RFC 3339, YYYY-MM-DD hh:mm:ss or DD.MM.YYYY hh:mm:ss; of 01/02/2026 the month is "
                + "unknown"
        case .timeOrder: "check the order of the columns and the clock of the switch"
        case .number: "write plain digits within the range of the field"
        case .address: "write an IPv4 or IPv6 address without port"
        case .negative: "check the clock of the switch and the order of the columns"
        case .talk: "check which columns are the duration and the talk time, and their units"
        case .pdd: "check which columns are the duration and the delay, and their units"
        case .credit: "give credit notes an id, by which one that comes twice is known"
        case .currency: "write a code of ISO 4217, such as EUR"
        case .currencies: "give all rows of one call in the same currency"
        }
    }

    var problem: String {
        switch name {
        case .header: "the columns are not known"
        case .map: "a column is not in the file"
        case .fields: "wrong number of fields"
        case .quote: "a quote is not closed or is followed by text"
        case .longLine: "the line is too long"
        case .cutLine: "the file ends within a row"
        case .cutFile: "the file cannot be unpacked to its end"
        case .json: "not a JSON document of this format"
        case .encoding: "not UTF-8"
        case .missingKey: "the call's unique id is empty"
        case .missingTime: "the time at which the call began is empty"
        case .time: "not a time"
        case .timeOrder: "the times run backwards or span more than 49 days"
        case .number: "not a number in range"
        case .address: "not an IP address"
        case .negative: "a length of time is below zero"
        case .talk: "the talk time is longer than the call"
        case .pdd: "the delay before the ringing is longer than the call"
        case .credit: "the cost is below zero, and the row has no id"
        case .currency: "not a currency"
        case .currencies: "another currency than in the call's other rows"
        }
    }
}
