// Tables of signed numbers: of the few calls that have what most lack, and what other modules save beside the engine's.

import Columnar

extension SavedTable {
    /// Columns of equal lengths, numbered from 1.
    public init(id: UInt16, name: String, numbers: [(name: String, values: [Int64])]) {
        self.init(
            id: id, name: name,
            columns: numbers.enumerated().map { index, column in
                SavedColumn(UInt16(index + 1), column.name, .signed64(Column(column.values)))
            })
    }

    /// Columns of equal lengths, numbered from 1, each with its name.
    init(_ id: SavedTableID, _ names: [String], _ columns: [[Int64]]) {
        self.init(id: id.rawValue, name: "\(id)", numbers: zip(names, columns).map { (name: $0, values: $1) })
    }

    /// All columns, if they are numeric.
    public func numbers() throws(RestoreError) -> [[Int64]] {
        var all: [[Int64]] = []
        for column in columns {
            let values = try signed64(column.id)
            all.append((0..<values.count).map { values[$0] })
        }
        return all
    }
}
