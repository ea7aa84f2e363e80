import SwiftProtobuf
import Testing
import Wire

@testable import busyhour

/// Rows that are not where they were expected: the first of each kind are shown, the others counted.
@Suite struct OddRowTests {
    private static func list(_ kind: OddRow.Kind, rows: Int, all: UInt64) throws -> [String] {
        var (list, lines) = (OddRowList(), [String]())
        let show: (String) throws -> Void = { lines.append($0) }
        // In two answers.
        let odd = (0..<rows).map { OddRow(kind: kind, file: "f", line: UInt32($0 + 1)) }
        try list.show(Array(odd.prefix(rows / 2)), by: show)
        try list.show(Array(odd.dropFirst(rows / 2)), by: show)
        var summary = FeedSummary()
        switch kind {
        case .late: summary.late = all
        case .future: summary.future = all
        case .unattributed: summary.unattributed = all
        case .refused: summary.errors = all
        case .otherCustomer: summary.errorsByName = ["other_customer": all]
        }
        try list.finish(summary, by: show)
        return lines
    }

    @Test(arguments: OddRow.Kind.allCases) func theFirstAreShownAndTheOthersCounted(kind: OddRow.Kind) throws {
        let most = Int(kind.limit)
        for rows in [0, 1, most - 1, most, most + 1, most + 2] {
            let lines = try Self.list(kind, rows: rows, all: UInt64(rows))
            let shown = min(rows, most)
            let rest = rows == most + 1 ? ["1 more is \(kind.rawValue)"] : ["2 more are \(kind.rawValue)"]
            #expect(lines.count == shown + (rows > most ? 1 : 0), "\(rows)")
            if rows > most { #expect(Array(lines.suffix(1)) == rest) }
            if rows > 0 { #expect(lines[0].hasPrefix("f:1: \(kind.rawValue): ")) }
        }
        // Those that the server did not name are counted, too; where none is named nothing is said.
        #expect(try Self.list(kind, rows: 1, all: 1_234).last == "1,233 more are \(kind.rawValue)")
        #expect(try Self.list(kind, rows: 0, all: 7).isEmpty)
    }

    /// Rows of an answer, by their places; several of one line are one.
    @Test func rowsOfAnAnswer() {
        let answer = Busyhour_V1_IngestResponse.with {
            ($0.lateRows, $0.futureRows, $0.unattributedRows, $0.otherCustomerRows) = ([0, 1], [2], [3, 9], [4])
            $0.refusals = [
                .with { ($0.row, $0.name, $0.message) = (4, "cost_limit", "too much") }, .with { $0.row = 5 },
            ]
        }
        let rows = OddRow.all(answer, RowPlaces(file: "f", lines: [7, 7, 8, 9, 12]))
        let shown = rows.map { "\($0.kind.rawValue) \($0.line)" }
        #expect(shown == ["refused 12", "late 7", "future 8", "unattributed 9", "other_customer 12"])
        #expect(rows[0].description == "f:12: cost_limit: too much")
        #expect(OddRow.all(answer, RowPlaces()).isEmpty)
    }
}
