import Foundation

/// The recordings and CDR samples under Tests/Fixtures.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

    static func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: file(name))) }

    static func json(_ name: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(contentsOf: file(name)))
        return value as? [String: Any] ?? [:]
    }

    /// The files of a recording in order: one, or the parts of a large one.
    static func recording(_ set: String) -> [URL] {
        let whole = file("hep/\(set).hep")
        if FileManager.default.fileExists(atPath: whole.path) { return [whole] }
        let parts = (1...99).map { file("hep/\(set).\($0).hep") }
        return parts.filter { FileManager.default.fileExists(atPath: $0.path) }
    }
}
