// Files that are not text, by their first bytes: people pick the workbook and not the file they exported.

struct FileKind {
    /// With its article.
    let name: String
    let remedy: String

    var refusal: String { "this is \(name); \(remedy)" }

    private static let saveAsCSV = "save it as CSV (UTF-8)"

    /// Nil: it may be text.
    static func of(_ bytes: [UInt8]) -> FileKind? {
        if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || bytes.starts(with: Array("PK\u{5}\u{6}".utf8)) {
            return archive(bytes)
        }
        for (start, name, remedy) in signatures where bytes.starts(with: start) {
            return FileKind(name: name, remedy: remedy)
        }
        return markup(bytes)
    }

    private static let signatures: [(start: [UInt8], name: String, remedy: String)] = [
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook of the old format (.xls)", saveAsCSV),
        ([0x1F, 0x8B], "a gzip file", "unpack it first, as `gunzip -c FILE | busyhour import -`"),
        (Array("%PDF".utf8), "a PDF", "export the table it was made of as CSV (UTF-8)"),
        ([0x42, 0x5A, 0x68], "a bzip2 file", "unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file", "unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", "unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive", "unpack it first"),
        (Array("SQLite format 3\0".utf8), "an SQLite database", "export a table of it as CSV"),
        ([0x89, 0x50, 0x4E, 0x47], "a picture (PNG)", "give the CSV file"),
        ([0xFF, 0xD8, 0xFF], "a picture (JPEG)", "give the CSV file"),
    ]

    /// Workbooks are zip archives; the name of the first file within shows which kind.
    private static func archive(_ bytes: [UInt8]) -> FileKind {
        let names = ["[Content_Types].xml", "_rels/", "docProps/", "xl/"]
        let name = String(decoding: bytes.dropFirst(30), as: UTF8.self)
        if names.contains(where: { name.hasPrefix($0) }) {
            return FileKind(name: "an Excel workbook (.xlsx)", remedy: saveAsCSV)
        }
        if name.hasPrefix("mimetypeapplication/vnd.oasis.opendocument") {
            return FileKind(name: "an OpenDocument file (.ods)", remedy: saveAsCSV)
        }
        return FileKind(name: "a zip archive, or an Excel workbook", remedy: "unpack it, or \(saveAsCSV)")
    }

    /// Web pages and XML that are called .xls.
    private static func markup(_ bytes: [UInt8]) -> FileKind? {
        let start = bytes.drop { [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(14)
        let text = String(decoding: start, as: UTF8.self).lowercased()
        if text.hasPrefix("<html") || text.hasPrefix("<!doctype html") || text.hasPrefix("<table") {
            return FileKind(name: "a web page (HTML)", remedy: "open it in a spreadsheet and \(saveAsCSV)")
        }
        return text.hasPrefix("<?xml")
            ? FileKind(name: "XML", remedy: "open it in a spreadsheet and \(saveAsCSV)") : nil
    }
}
