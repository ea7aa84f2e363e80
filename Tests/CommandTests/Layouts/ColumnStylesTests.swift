import ArgumentParser
import Terminal
import Testing
import Wire

@testable import busyhour

/// Widths, pins and formats of a layout's columns.
@Suite struct ColumnStylesTests {
    private func styles(_ arguments: String...) throws -> [Busyhour_V1_ColumnStyle] {
        try ColumnStyleOptions.parse(arguments).styles()
    }

    @Test func optionsSayWhatEachColumnIs() throws {
        let styles = try styles(
            "--width", "name=20, asr=8", "--pin", "id,name", "--column-format", "credit=#,##0.0", "--column-format",
            "last_call=date")
        #expect(styles.map(\.column) == ["name", "asr", "id", "credit", "last_call"])
        #expect(styles.map(\.width) == [20, 8, 0, 0, 0] && styles.map(\.pinned) == [true, false, true, false, false])
        #expect(styles.map(\.format) == ["", "", "", "#,##0.0", "date"])
    }

    @Test(arguments: [
        ["--width", "name"], ["--width", "name=0"], ["--width", "name=x"], ["--width", "name=501"],
        ["--column-format", "credit"], ["--column-format", "credit=0.0000000"], ["--column-format", "credit=#0"],
    ])
    func whatSaysNothingIsWrongUsage(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try ColumnStyleOptions.parse(arguments) }
    }

    @Test func formatsAreForTheirValues() throws {
        func text(_ format: String, _ cell: ResultCell) -> String? { CellFormat(format)?.text(cell, .utc) }
        #expect(text("0", .integer(12_345)) == "12345" && text("#,##0", .integer(-12_345)) == "-12,345")
        #expect(text("0.00", .integer(7)) == "7.00" && text("0.0", .number(1_234.56)) == "1234.6")
        #expect(text("#,##0", .money(1_234_567_890)) == "1,235" && text("0.000", .money(-1_234_500)) == "-1.235")
        #expect(text("0", .money(-400_000)) == "0" && text("#,##0.000000", .money(.min)) == "-9,223,372,036,854.775808")
        #expect(text("date", .time(1_772_600_767_250_000)) == "2026-03-04")
        #expect(text("time", .time(1_772_600_767_250_000)) == "05:06:07")
        #expect(text("datetime", .time(1_772_600_767_250_000)) == "2026-03-04 05:06:07Z")
        let auckland = DisplayZone.fixed(seconds: 13 * 3_600)
        #expect(CellFormat("date")?.text(.time(1_772_626_000_000_000), auckland) == "2026-03-05")
        #expect(text("date", .integer(1)) == nil && text("0", .text("a")) == nil && text("0", .null) == nil)
    }
}
