import Feeds
import Testing

@testable import busyhour

/// Which of the formats of `feed cdr` is the records' and which the output's.
@Suite struct FeedFormatsTests {
    private static func formats(_ line: String) throws -> FeedFormats {
        let command = try BusyHour.parse(commandLine: line.split(separator: " ").map(String.init))
        return try #require(command as? FeedCDRCommand).plan(CDRTemplate()).formats
    }

    @Test(arguments: [
        ("feed cdr --format asterisk x", CDRFormat.asterisk, OutputFormat.table),
        ("--format json feed cdr --format asterisk x", .asterisk, .json),
        ("feed --format json cdr --format asterisk x", .asterisk, .json),
        ("feed cdr --format asterisk x --format json", .asterisk, .json),
        ("feed cdr --format json --format asterisk x", .asterisk, .json),
        ("feed cdr --format asterisk --output ndjson x", .asterisk, .ndjson),
        ("--format table feed cdr --format asterisk --output json x", .asterisk, .json),
        ("--format csv feed cdr --format kamailio-acc x", .kamailioAcc, .csv),
        ("feed cdr --format csv --time-zone -02:00 --format json x", .csv, .json),
        ("--format json feed cdr --format csv x", .csv, .json),
        ("--format csv feed cdr --format csv x", .csv, .csv),
        ("feed cdr --format csv x", .csv, .table),
    ])
    func valuesAreToldApart(_ line: String, _ records: CDRFormat, _ output: OutputFormat) throws {
        let formats = try Self.formats(line)
        #expect(formats.records == records)
        #expect(formats.output == output)
    }

    @Test(arguments: [
        ("feed cdr x", "is missing"), ("--format json feed cdr x", "is missing"),
        ("feed cdr --format asteriks x", "did you mean 'asterisk'?"),
        ("feed cdr --format asterisk --format jsno x", "'json'?"),
        ("feed cdr --format asterisk --format cgrates-csv x", "cannot be both"),
        ("feed cdr --format asterisk --output csvv x", "did you mean 'csv'?"),
        ("feed cdr --format asterisk --output cgrates-csv x", "--output has no"),
        ("feed cdr --format asterisk --follow a b", "one file"), ("feed cdr --format asterisk --follow -", "one file"),
        ("feed cdr --format csv --dry-run --follow a", "leave --follow out"),
        ("feed cdr --format csv --map id x", "two sides"),
        ("feed cdr --format csv --map ident=a x", "no field 'ident'"),
        ("feed cdr --format csv --filter type=Stop x", "(at character 6)"),
        ("feed cdr --format csv --keep all x", "--keep has no 'all'"),
        ("feed cdr --format csv --durations h x", "--durations has no 'h'"),
        ("feed cdr --format csv --dispositions a=b x", "no outcome"),
        ("feed cdr --format asterisk --map id=1,setup_at=2,talk=3 x", "--format csv"),
        ("feed cdr --format yeti --format csv --format cucm x", "cannot be both"),
        ("feed cdr --format asterisk --position p x", "--follow"),
        ("feed cdr --format asterisk --time-zone Mars/X x", "Mars/X"),
        ("feed cdr --format csv --columns a,b x", "lack a start time"), ("feed cdr --format asterisk", "file"),
        ("feed", "name one of hep, cdr"),
    ])
    func mistakesAreWrongUsage(_ line: String, _ hint: String) async {
        let ending = await BusyHour.run(line.split(separator: " ").map(String.init))
        #expect(ending.exitCode == 2)
        #expect(ending.errors.count == 1 && ending.errors.joined().contains(hint), "\(ending.errors)")
    }
}
