// Rows that were read and are not, or not only, where they were expected: late, ahead of the clock, unattributed, of
// another customer, refused by the server for their money.

import Terminal
import Wire

/// The positions of a request's rows.
struct RowPlaces: Equatable, Sendable {
    var file = ""
    /// One per row, from 1.
    var lines: [UInt32] = []
}

/// Why the server refused a row.
struct RowFailure: Equatable, Sendable {
    var name: String
    var message: String
}

struct OddRow: Equatable, Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case late, future, unattributed, refused
        case otherCustomer = "other_customer"

        /// The meaning, and what to do.
        var meaning: String {
            switch self {
            case .late: "older than the longest window; it counts in the window 'all' only"
            case .future:
                "ahead of the server's clock and not counted; check --time-zone and the clock of the switch"
            case .unattributed: "no customer has its account, address or SIP user; see `busyhour status`"
            case .refused: "not counted"
            case .otherCustomer:
                "its call was heard of another customer, so nothing of it was counted; see `busyhour calls --ended` for the Call-ID, "
                    + "and give both customers the right auth entries"
            }
        }

        /// How many are shown.
        var limit: UInt64 { self == .refused ? UInt64(Limits.shownLineErrors) : Limits.shownOddRows }
    }

    var kind: Kind
    var file: String
    var line: UInt32
    /// Of a refused row: the error's name, and what is wrong in words.
    var error: RowFailure?

    var description: String { "\(file):\(line): \(error?.name ?? kind.rawValue): \(error?.message ?? kind.meaning)" }

    /// The rows named by an answer, by kind.
    static func all(_ answer: Busyhour_V1_IngestResponse, _ places: RowPlaces) -> [OddRow] {
        let named: [(Kind, [UInt32])] = [
            (.late, answer.lateRows), (.future, answer.futureRows), (.unattributed, answer.unattributedRows),
            (.otherCustomer, answer.otherCustomerRows),
        ]
        let refused = answer.refusals.filter { Int($0.row) < places.lines.count }.map { refusal in
            OddRow(
                kind: .refused, file: places.file, line: places.lines[Int(refusal.row)],
                error: RowFailure(name: refusal.name, message: refusal.message))
        }
        return refused
            + named.flatMap { kind, rows in
                // Several events may come from one line.
                var lines: [UInt32] = []
                for row in rows where Int(row) < places.lines.count {
                    let line = places.lines[Int(row)]
                    if lines.last != line { lines.append(line) }
                }
                return lines.map { OddRow(kind: kind, file: places.file, line: $0) }
            }
    }
}

/// Shows the first rows of each kind, and counts the others.
struct OddRowList {
    private var shown: [OddRow.Kind: UInt64] = [:]

    mutating func show(_ rows: [OddRow], by show: (String) throws -> Void) throws {
        for row in rows where shown[row.kind, default: 0] < row.kind.limit {
            shown[row.kind, default: 0] += 1
            try show(row.description)
        }
    }

    /// Shows the number of further ones, at the end.
    func finish(_ summary: FeedSummary, by show: (String) throws -> Void) throws {
        for kind in OddRow.Kind.allCases {
            let all =
                switch kind {
                case .late: summary.late
                case .future: summary.future
                case .unattributed: summary.unattributed
                case .refused: summary.errors
                case .otherCustomer: summary.errorsByName[kind.rawValue] ?? 0
                }
            let named = shown[kind] ?? 0
            guard named > 0, all > named else { continue }
            try show("\(Number.grouped(all - named)) more \(all - named == 1 ? "is" : "are") \(kind.rawValue)")
        }
    }
}
