import CallEvents
import Testing

@testable import Feeds

/// Lines of an export that are no rows: counted by name, and no errors.
@Suite struct HeadingTests {
    private static let header = "id,account,setup_at,end_at,cost\n"
    private static let rows = "a,acme,1795168800,1795168810,0.5\nb,acme,1795168860,1795168870,0.5\n"

    @Test(arguments: [
        (
            header + "VARCHAR(50),TEXT,INTEGER,timestamp without time zone,\"numeric(9,2)\"\n" + rows,
            CDRNoCallName.heading
        ),
        (header + "Call,Trunk,Begin,End,EUR\n" + rows, .heading), (header + "---,---,---,---,---\n" + rows, .heading),
        (header + "-----+-----+----\n" + rows, .heading), ("Export of November\n" + header + rows, .heading),
        (header + rows + header, .heading), (header + rows + "Total,2,,,1.00\n", .total),
        (header + rows + "(2 rows)\n", .total), (header + rows + "Grand total,,,,1.00", .total),
        (header + rows + "# end of export\n", .total), (header + rows + "Summe;2\n", .total),
        (header + rows + "End of file\n", .total), (header + rows + ",,,,\n", .empty),
    ])
    func theyAreSeen(_ text: String, _ name: CDRNoCallName) throws {
        for piece in [1, 7, Int.max] {
            var reader = try Sample.read(Array(text.utf8), .csv, piece: piece)
            #expect(reader.takeRecords().count == 2, "\(text)")
            #expect(reader.counters.notCallsByName == [name: 1], "\(text): \(reader.takeErrors())")
            #expect(reader.counters.errors == 0 && Consistency.holds(reader.counters))
        }
    }

    @Test func aLineThatTellsTheSeparator() throws {
        var reader = try Sample.read("sep=;\n" + (Self.header + Self.rows).replacing(",", with: ";"), .csv)
        #expect(reader.takeRecords().count == 2 && reader.counters.rows == 2)
    }

    /// Other columns in the middle: the file was joined from two.
    @Test func anotherHeader() throws {
        var reader = try Sample.read(
            Self.header + Self.rows + "account,id,setup_at,talk\nacme,c,1795168900,9\n", .csv)
        let batch = reader.takeRecords()
        #expect(batch.count == 3 && batch.parties.count == 1 && batch.talkMilliseconds[2] == 9_000)
    }

    /// Rows that are wrong stay errors, whatever they look like.
    @Test(arguments: [
        "c,acme,soon,1795168870,\n", "c,acme,1795168860,never,\n", "x,y\n", "1,2,3\n",
        "totally,acme,soon,1795168870,1\n",
        "c,acme,,1795168870,1\n",
    ])
    func errorsAreNoHeadings(_ row: String) throws {
        for text in [Self.header + Self.rows + row, Self.header + row.replacing("x,y", with: "x,9") + Self.rows] {
            var reader = try Sample.read(text, .csv)
            #expect(reader.takeErrors().count == 1 && reader.takeRecords().count == 2, "\(text)")
        }
    }

    /// Columns that were named, and a file that has a header line of its own all the same.
    @Test func aHeaderUnderNamedColumns() throws {
        let rows = "Q850 code,Call,Begun,Length\n16,a,1795168800,5\n16,b,1795168860,5\n"
        var reader = try Sample.read(rows, .csv, columns: ["q850", "id", "setup_at", "talk"])
        #expect(reader.takeRecords().count == 2 && reader.counters.notCallsByName == [.heading: 1])
        // Below the first line, or with a number among the names, it is a row that is wrong.
        var wrong = try Sample.read(
            "x,a,soon,5\n16,b,1795168860,5\n", .csv, columns: ["q850", "id", "setup_at", "talk"])
        #expect(wrong.takeErrors().count == 1 && wrong.takeRecords().count == 1)
    }

    /// Without any header line every line is an error, once it is clear that none comes.
    @Test func noHeaderAtAll() throws {
        let rows = (0..<100).map { "x\($0),y,z\n" }.joined()
        var reader = try Sample.read(rows, .csv)
        #expect(reader.counters.errorsByName == [.header: 100] && Consistency.holds(reader.counters))
        #expect(reader.takeErrors().map(\.line).prefix(3) == [1, 2, 3])
    }

    /// A header line that lacks what every row must tell is named as such, with what it lacks.
    @Test(arguments: [
        ("id,account,setup_at,cost", "lacks an end time, a duration or a talk time"),
        ("id,account,talk,cost", "lacks a start time"),
    ]) func aHeaderThatLacksSomething(_ header: String, _ expected: String) throws {
        for above in ["", "Export of November\n"] {
            var reader = try Sample.read(above + header + "\na,b,1795168800,5\n", .csv)
            let errors = reader.takeErrors()
            #expect(errors.count == 1 && errors.first?.name == .header && Consistency.holds(reader.counters))
            #expect(errors.first?.message.contains(expected) ?? false, "\(errors)")
        }
    }

    /// Totals have a few words; a row that begins with one of them and many others is a row that is wrong.
    @Test func totalsOfManyWords() throws {
        for (text, isTotal) in [
            ("Total", true), ("total of all calls", true), ("total of all the calls", false), ("Sum: 3", true),
            ("Grand total of all the calls of November", true), ("grand hotel", false), ("end of all", true),
            ("(7 rows)", true), ("(7 rows of it)", false), ("(x rows)", false),
            ("# anything at all of any length", true),
        ] {
            var reader = try Sample.read(Self.header + Self.rows + "\(text),,,,\n", .csv)
            #expect(reader.counters.notCallsByName == (isTotal ? [.total: 1] : [:]), "\(text)")
            #expect(reader.takeErrors().count == (isTotal ? 0 : 1), "\(text)")
        }
    }

    /// So many lines may stand above the header. Beyond, each is an error, or with a map the file is refused.
    @Test func linesAboveTheHeader() throws {
        for count in [1, CDRLimits.titleLines - 1, CDRLimits.titleLines, CDRLimits.titleLines + 1] {
            let titles = (0..<count).map { "Title \($0)\n" }.joined()
            var reader = try Sample.read(titles + Self.header + Self.rows, .csv)
            let isTitle = count < CDRLimits.titleLines
            let errors = isTitle ? 0 : CDRLimits.titleLines
            #expect(reader.takeRecords().count == 2 && reader.counters.errors == errors, "\(count)")
            #expect(reader.counters.notCallsByName[.heading, default: 0] == count - errors, "\(count)")
            #expect(reader.takeErrors().map(\.line) == Array(1..<errors + 1) && Consistency.holds(reader.counters))
            var mapped = try MapTests.read(
                titles + Self.header + Self.rows, map: "id=id,account=account,setup_at=setup_at,end_at=end_at")
            #expect(mapped.takeRecords().count == (isTitle ? 2 : 0), "\(count)")
            #expect(mapped.takeErrors().map(\.name) == (isTitle ? [] : [.map]) && Consistency.holds(mapped.counters))
        }
    }

    /// A header line far below is found, and with a map the one that has all of its columns.
    @Test func titlesAboveAMappedHeader() throws {
        var reader = try MapTests.read(
            "Carrier X,,,\nfrom,1795168800,to,1795168900\n\nRef,Start,Len,Why\nr1,1795168800,5,x\n",
            map: "id=Ref,setup_at=start,talk=LEN")
        #expect(reader.takeRecords().count == 1 && reader.counters.notCallsByName == [.heading: 2])
    }
}
