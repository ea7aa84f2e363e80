import Board
import Columnar
import Foundation

/// Columns as a program in another language leaves them in a directory: `columns.txt` has their names in order,
/// `NAME.i64` the numbers in eight bytes each, `NAME.txt` the texts by line. Texts of which few are different become
/// dictionaries.
enum SavedColumns {
    static func read(_ path: String) throws -> [SavedTable] {
        let names = try lines(path + "/columns.txt")
        var columns: [SavedColumn] = []
        var dictionaries: [SavedTable] = []
        for (index, name) in names.enumerated() {
            let id = UInt16(index + 1)
            if FileManager.default.fileExists(atPath: "\(path)/\(name).i64") {
                columns.append(SavedColumn(id, name, .signed64(try numbers("\(path)/\(name).i64"))))
                continue
            }
            let texts = try lines("\(path)/\(name).txt")
            if Set(texts).count > 1_000 {
                columns.append(SavedColumn(id, name, .text(column(texts))))
                continue
            }
            var dictionary = DictionaryColumn()
            for text in texts { dictionary.append(text) }
            columns.append(SavedColumn(id, name, codes(dictionary)))
            dictionaries.append(
                SavedTable(
                    id: 100 + id, name: name, columns: [SavedColumn(1, "text", .text(column(dictionary.values)))]))
        }
        return [SavedTable(id: 1, name: "customers", columns: columns)] + dictionaries
    }

    private static func lines(_ file: String) throws -> [String] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func numbers(_ file: String) throws -> Column<Int64> {
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        var column = Column<Int64>()
        column.grow(to: data.count / 8)
        data.withUnsafeBytes { bytes in
            for row in 0..<column.count { column[row] = bytes.loadUnaligned(fromByteOffset: 8 * row, as: Int64.self) }
        }
        return column
    }

    private static func column(_ texts: [String]) -> TextColumn {
        var column = TextColumn()
        for text in texts { column.append(text) }
        return column
    }

    private static func codes(_ dictionary: DictionaryColumn) -> SavedValues {
        switch dictionary.codes.storage {
        case .narrow(let column): .unsigned8(column)
        case .medium(let column): .unsigned16(column)
        case .wide(let column): .unsigned32(column)
        }
    }
}
