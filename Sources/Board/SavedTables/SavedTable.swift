// The form in which the engine is saved and restored: tables of columns, by name and number, independent of files.
//
// Columns are copy-on-write, so a table made of the engine's own columns is a snapshot of one instant that another
// thread may read while the engine continues.

import Columnar

public struct SavedTable: Sendable {
    /// Of its kind; never reused for another one.
    public let id: UInt16
    /// The name shown to a person who opens the file.
    public let name: String
    public let rowCount: Int
    /// Each with `rowCount` rows.
    public var columns: [SavedColumn]

    public init(id: UInt16, name: String, columns: [SavedColumn]) {
        self.id = id
        self.name = name
        rowCount = columns.first?.values.rowCount ?? 0
        self.columns = columns
        precondition(columns.allSatisfy { $0.values.rowCount == rowCount }, "columns of one table have one length")
    }

    public func column(_ id: UInt16) -> SavedColumn? { columns.first { $0.id == id } }
}

public struct SavedColumn: Sendable {
    /// Within its table; never reused for another column.
    public let id: UInt16
    public let name: String
    public var values: SavedValues

    public init(_ id: UInt16, _ name: String, _ values: SavedValues) {
        self.id = id
        self.name = name
        self.values = values
    }
}

public enum SavedValues: Sendable {
    case unsigned8(Column<UInt8>)
    case unsigned16(Column<UInt16>)
    case unsigned32(Column<UInt32>)
    case signed32(Column<Int32>)
    case signed64(Column<Int64>)
    case text(TextColumn)

    /// The kind as stored in files: never renamed.
    public enum Kind: String, CaseIterable, Sendable {
        case unsigned8 = "u8"
        case unsigned16 = "u16"
        case unsigned32 = "u32"
        case signed32 = "i32"
        case signed64 = "i64"
        case text
    }

    public var kind: Kind {
        switch self {
        case .unsigned8: .unsigned8
        case .unsigned16: .unsigned16
        case .unsigned32: .unsigned32
        case .signed32: .signed32
        case .signed64: .signed64
        case .text: .text
        }
    }

    public var rowCount: Int {
        switch self {
        case .unsigned8(let column): column.count
        case .unsigned16(let column): column.count
        case .unsigned32(let column): column.count
        case .signed32(let column): column.count
        case .signed64(let column): column.count
        case .text(let column): column.count
        }
    }

    /// A column of `rowCount` zeros, or empty texts.
    public init(_ kind: Kind, rowCount: Int) {
        switch kind {
        case .unsigned8: self = .unsigned8(Column(rowCount: rowCount))
        case .unsigned16: self = .unsigned16(Column(rowCount: rowCount))
        case .unsigned32: self = .unsigned32(Column(rowCount: rowCount))
        case .signed32: self = .signed32(Column(rowCount: rowCount))
        case .signed64: self = .signed64(Column(rowCount: rowCount))
        case .text:
            var column = TextColumn()
            column.grow(to: rowCount)
            self = .text(column)
        }
    }
}

extension Column {
    fileprivate init(rowCount: Int) {
        self.init()
        grow(to: rowCount)
    }

    /// A column with these values.
    init(_ values: some Collection<Value>) {
        self.init(rowCount: values.count)
        var index = values.startIndex
        for chunk in 0..<chunkCount {
            withMutableChunk(chunk) { rows in
                for row in rows.indices {
                    rows[row] = values[index]
                    values.formIndex(after: &index)
                }
            }
        }
    }
}
