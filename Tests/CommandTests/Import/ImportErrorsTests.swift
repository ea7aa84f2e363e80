import Testing

@testable import busyhour

/// How many errors are listed, printed and counted: each limit from both sides.
@Suite struct ImportErrorsTests {
    private static func errors(_ count: Int, kinds: Int = 1, showsAll: Bool = false) -> ImportErrors {
        var errors = ImportErrors(showsAll: showsAll)
        for number in 0..<count {
            let word = String(repeating: "k", count: number % kinds + 1)
            errors.add(.init(row: count - number, column: "C", field: "name", message: "is \(word) 7"))
        }
        return errors
    }

    @Test func someAreListedAndAllAreCounted() {
        for count in Limits.listedImportErrors - 1...Limits.listedImportErrors + 1 {
            let errors = Self.errors(count)
            #expect(errors.count == count && errors.listed.count == min(count, Limits.listedImportErrors))
            #expect(Self.errors(count, showsAll: true).listed.count == count)
        }
        // By row, and those of a row as they came.
        var errors = Self.errors(5)
        errors.add(.init(row: 3, column: nil, field: "", message: "last of row 3"))
        #expect(errors.sorted.map(\.row) == [1, 2, 3, 3, 4, 5] && errors.sorted[3].message == "last of row 3")
    }

    @Test func someArePrinted() {
        let most = Limits.printedImportErrors
        for count in most - 1...most + 2 {
            let lines = Self.errors(count).lines
            if count <= most {
                #expect(lines.count == count, "\(count)")
            } else {
                #expect(lines.count == most + 2, "\(count)")
                let more = "\(count - most) more errors (--all-errors lists them); all \(count) by kind:"
                #expect(lines[most] == more && lines[most + 1] == "\(count) of: \"name\": is k …", "\(lines)")
            }
            #expect(lines[0] == "row 1, column C \"name\": is k 7")
            #expect(Self.errors(count, showsAll: true).lines.count == count)
        }
    }

    /// The most frequent kinds first, those of the same number by their names; the others are one line.
    @Test func someKindsAreNamed() {
        for kinds in Limits.printedErrorKinds - 1...Limits.printedErrorKinds + 2 {
            let count = 10 * kinds + 1
            let lines = Self.errors(count, kinds: kinds).lines.dropFirst(Limits.printedImportErrors + 1)
            let named = min(kinds, Limits.printedErrorKinds)
            #expect(lines.first == "11 of: \"name\": is k …")
            #expect(lines.dropFirst().prefix(named - 1).allSatisfy { $0.hasPrefix("10 of: \"name\": is kk") })
            let others = 10 * (kinds - named)
            #expect(Array(lines.dropFirst(named)) == (others > 0 ? ["\(others) others"] : []), "\(kinds)")
        }
        var errors = Self.errors(Limits.printedImportErrors + 1)
        errors.countUnlisted(5)
        errors.countUnlisted(-3)
        #expect(errors.count == Limits.printedImportErrors + 6 && errors.lines.last == "5 others")
        // Kinds beyond those that are told apart are others, too.
        let many = Self.errors(Limits.errorKinds + 3, kinds: Limits.errorKinds + 3)
        #expect(many.lines.last == "\(Limits.errorKinds + 3 - Limits.printedErrorKinds) others")
    }
}
