/// The positions of the columns in a row.
///
/// The sources of one column are adjacent, the most exact first, so that reading a column is a walk over one
/// to three positions. A class, because every row passes it to every function that reads a column.
final class CDRLayout: Sendable {
    struct Source {
        var column: CDRColumn
        var unit: CDRUnit
        /// Index of the field in the row.
        var position: Int
    }

    /// The name of each field by its meaning.
    let names: [String]
    /// The file's names of its fields.
    let titles: [String]
    /// Rows may have more fields than these: no header line states their number.
    let isOpenEnded: Bool
    let details: CDRDetailPlaces
    let claims: CDRClaimPlaces
    let sources: [Source]
    /// `sources[first[c] ..< first[c + 1]]` belong to the column with raw value `c`.
    private let first: [Int]
    /// A bit for each column that has sources.
    private let known: UInt64

    /// - Parameter titles: the file's own names, if a map assigned the fields.
    init(names: [String], for format: CDRFormat, titles: [String]? = nil, isOpenEnded: Bool = false) {
        self.names = names
        self.titles = titles ?? names
        self.isOpenEnded = isOpenEnded
        details = CDRDetailPlaces(names: names, for: format)
        claims = CDRClaimPlaces(names: names, for: format)
        var all: [Source] = []
        // A Call-ID identifies a row's call if nothing else does.
        let hasID = format == .csv && names.contains { $0.lowercased() == "id" }
        for (position, name) in names.enumerated() {
            if hasID, name.lowercased() == "call_id" { continue }
            guard let known = CDRColumnName.named(name, for: format) else { continue }
            all.append(Source(column: known.column, unit: known.unit, position: position))
        }
        all.sort {
            ($0.column.rawValue, $0.unit.rawValue, $0.position) < ($1.column.rawValue, $1.unit.rawValue, $1.position)
        }
        first = (0...CDRColumn.allCases.count).map { raw in
            all.firstIndex { $0.column.rawValue >= raw } ?? all.count
        }
        sources = all
        known = all.reduce(0) { $0 | 1 << UInt64($1.column.rawValue) }
    }

    var fieldCount: Int { names.count }

    func fits(_ fields: [CDRField]) -> Bool {
        fields.count == fieldCount || isOpenEnded && fields.count >= fieldCount
    }

    @inline(__always)
    func has(_ column: CDRColumn) -> Bool { known >> UInt64(column.rawValue) & 1 != 0 }

    /// The first source of a column whose field is not empty in this row.
    @inline(__always)
    func source(_ column: CDRColumn, in fields: [CDRField]) -> Source? {
        // Most columns are in no file.
        guard has(column) else { return nil }
        for index in indices(of: column) {
            let source = sources[index]
            if source.position < fields.count, !fields[source.position].isEmpty { return source }
        }
        return nil
    }

    /// The indices of a column in `sources`, the most exact first.
    @inline(__always)
    func indices(of column: CDRColumn) -> Range<Int> { first[column.rawValue]..<first[column.rawValue + 1] }

    /// All sources of a column, the most exact first.
    func sources(of column: CDRColumn) -> ArraySlice<Source> { sources[indices(of: column)] }

    /// True if the layout has all that a row of the format requires. A table with fewer columns is another table.
    func suffices(for format: CDRFormat) -> Bool { missing(for: format) == nil }

    /// The first requirement of the format that this layout lacks, in words.
    func missing(for format: CDRFormat) -> String? {
        if !has(.setup) { return format.givesEvents ? "time" : "a start time (start_epoch, setup_at, ...)" }
        if format == .kamailioAcc {
            if !has(.method) { return "method" }
            if !has(.id) { return "callid" }
            if !has(.fromTag) { return "from_tag" }
            if !has(.code) { return "sip_code" }
            return nil
        }
        if !has(.end), !has(.duration), !has(.talk) { return "an end time, a duration or a talk time" }
        return nil
    }
}
