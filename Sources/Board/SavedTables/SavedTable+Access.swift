// Columns of a saved table by number, with their expected kind.

import Columnar

/// Why saved tables were refused: they are intact, but no engine can have saved them.
public struct RestoreError: Error, Equatable, Sendable, CustomStringConvertible {
    public var table: String
    /// What is wrong with the table.
    public var fault: String

    public init(table: String, fault: String) { (self.table, self.fault) = (table, fault) }

    public var description: String {
        "the saved table \(table) \(fault); take an older snapshot, or the program that wrote this one"
    }
}

extension SavedTable {
    /// Whether the table belongs to the statistics, not to the customers.
    public var isOfStatistics: Bool { id >= SavedTableID.numbers.rawValue }

    func unsigned8(_ id: UInt16) throws(RestoreError) -> Column<UInt8> {
        guard case .unsigned8(let column)? = column(id)?.values else { throw missing(id) }
        return column
    }

    func unsigned32(_ id: UInt16) throws(RestoreError) -> Column<UInt32> {
        guard case .unsigned32(let column)? = column(id)?.values else { throw missing(id) }
        return column
    }

    func signed32(_ id: UInt16) throws(RestoreError) -> Column<Int32> {
        guard case .signed32(let column)? = column(id)?.values else { throw missing(id) }
        return column
    }

    func signed64(_ id: UInt16) throws(RestoreError) -> Column<Int64> {
        guard case .signed64(let column)? = column(id)?.values else { throw missing(id) }
        return column
    }

    func text(_ id: UInt16) throws(RestoreError) -> TextColumn {
        guard case .text(let column)? = column(id)?.values else { throw missing(id) }
        return column
    }

    /// Codes of any width.
    func codes(_ id: UInt16) throws(RestoreError) -> CodeColumn {
        switch column(id)?.values {
        case .unsigned8(let column)?: return CodeColumn(.narrow(column))
        case .unsigned16(let column)?: return CodeColumn(.medium(column))
        case .unsigned32(let column)?: return CodeColumn(.wide(column))
        default: throw missing(id)
        }
    }

    /// Why the table is refused, in words that follow its name.
    public func fault(_ fault: String) -> RestoreError { RestoreError(table: name, fault: fault) }

    private func missing(_ id: UInt16) -> RestoreError { fault("has no column \(id) of the right kind") }
}

extension SavedTable {
    init(_ id: SavedTableID, _ columns: [SavedColumn]) {
        self.init(id: id.rawValue, name: "\(id)", columns: columns)
    }
}

extension SavedValues {
    init(_ codes: CodeColumn) {
        switch codes.storage {
        case .narrow(let column): self = .unsigned8(column)
        case .medium(let column): self = .unsigned16(column)
        case .wide(let column): self = .unsigned32(column)
        }
    }

    init(_ texts: some Sequence<String>) {
        var column = TextColumn()
        for text in texts { column.append(text) }
        self = .text(column)
    }
}

/// Numbers and names of the tables that an engine saves. Both are stored in files: numbers are never reused, names
/// never change.
enum SavedTableID: UInt16 {
    case customers = 1
    case statuses = 2
    case currencies = 3
    case countries = 4
    case companies = 5
    case accountManagers = 6
    case tags = 7
    case contacts = 8
    case auth = 9
    case routes = 10
    case notes = 11
    case results = 12
    case changes = 13
    case changeOctets = 14
    case documents = 15
    case warningMarks = 16
    case resultContents = 17
    case laterChanges = 20
    case plannedOctets = 21
    case debitMarks = 40

    // The statistics.
    case numbers = 64
    case gauges = 65
    case totals = 66
    case stretches = 67
    case setups = 68
    case outcomes = 69
    case ends = 70
    case costs = 71
    case peaks = 72
    case tiles = 73
    case tileOctets = 74
    case lateSetups = 75
    case calls = 76
    case recentCalls = 77
    case seenCalls = 78
    case sources = 79
    case hosts = 80
    case producers = 81
    case raisedWarnings = 82
    case money = 86
    case callClaims = 88
    case callSessions = 89
    case callTraces = 90
    case callBranches = 91
    case dialogs = 92
    case recentDetails = 93
    case callDetails = 94
}

extension [SavedTable] {
    subscript(_ id: SavedTableID) -> SavedTable {
        get throws(RestoreError) {
            guard let table = first(where: { $0.id == id.rawValue }) else {
                throw RestoreError(table: "\(id)", fault: "is missing")
            }
            return table
        }
    }
}
