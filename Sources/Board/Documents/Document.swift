// What people name and store on the server besides customers: layouts, mappings of import files, settings. The board
// stores them as bytes with a name, an owner and their versions; only their users interpret them.

import Columnar

public struct Document: Equatable, Sendable {
    /// The raw values are stored in files.
    public enum Kind: UInt8, Sendable {
        /// A query of the board.
        case layout = 1
        /// The mapping of a file's columns to fields.
        case importTemplate = 2
        /// The server's settings.
        case settings = 3
    }

    public var kind: Kind
    public var name: String
    /// 1 and up; one more with every save.
    public var version: UInt32 = 0
    public var owner = ""
    /// Whether other people may use it.
    public var isShared = false
    /// Microseconds since 1970.
    public var savedAtMicros: Int64 = 0
    public var contents: [UInt8] = []

    public init(_ kind: Kind, _ name: String) { (self.kind, self.name) = (kind, name) }
}

/// Documents by kind and name, with the newest versions of each.
struct DocumentTable: Equatable, Sendable {
    struct Key: Hashable, Sendable {
        var kind: Document.Kind
        /// The name, folded like the names of customers.
        var name: String
    }

    /// Oldest first; never empty.
    private(set) var versions: [Key: [Document]] = [:]

    static func key(_ kind: Document.Kind, _ name: String) -> Key { Key(kind: kind, name: CustomerTable.fold(name)) }

    /// The newest version, or the one with a number.
    func find(_ kind: Document.Kind, _ name: String, version: UInt32 = 0) -> Document? {
        let all = versions[Self.key(kind, name)] ?? []
        return version == 0 ? all.last : all.first { $0.version == version }
    }

    /// The newest version of each, by name.
    func all(_ kind: Document.Kind) -> [Document] {
        versions.filter { $0.key.kind == kind }.compactMap(\.value.last).sorted { $0.name < $1.name }
    }

    /// The retained version numbers of a document, oldest first.
    func versionNumbers(_ kind: Document.Kind, _ name: String) -> [UInt32] {
        (versions[Self.key(kind, name)] ?? []).map(\.version)
    }

    /// - Parameter document: already with its version.
    mutating func put(_ document: Document) {
        var all = versions[Self.key(document.kind, document.name)] ?? []
        all.append(document)
        if all.count > BoardLimits.documentVersions { all.removeFirst() }
        versions[Self.key(document.kind, document.name)] = all
    }

    mutating func remove(_ kind: Document.Kind, _ name: String) { versions[Self.key(kind, name)] = nil }

    var sorted: [Document] {
        versions.values.flatMap { $0 }.sorted {
            ($0.kind.rawValue, $0.name, $0.version) < ($1.kind.rawValue, $1.name, $1.version)
        }
    }
}

// MARK: - Saving

extension DocumentTable {
    var table: SavedTable {
        let documents = sorted
        var (names, owners, contents) = (TextColumn(), TextColumn(), TextColumn())
        for document in documents {
            names.append(document.name)
            owners.append(document.owner)
            contents.append(Self.hexadecimal(document.contents))
        }
        return SavedTable(
            .documents,
            [
                SavedColumn(1, "name", .text(names)),
                SavedColumn(2, "kind", .unsigned8(Column(documents.map(\.kind.rawValue)))),
                SavedColumn(3, "version", .unsigned32(Column(documents.map(\.version)))),
                SavedColumn(4, "owner", .text(owners)),
                SavedColumn(5, "shared", .unsigned8(Column(documents.map { $0.isShared ? 1 : 0 }))),
                SavedColumn(6, "saved_at_micros", .signed64(Column(documents.map(\.savedAtMicros)))),
                SavedColumn(7, "contents", .text(contents)),
            ])
    }

    /// Older files, without the column of deletions, have no such table.
    init(_ tables: [SavedTable]) throws(RestoreError) {
        if try tables[.customers].column(16) == nil { return }
        let table = try tables[.documents]
        let (names, kinds, numbers) = (try table.text(1), try table.unsigned8(2), try table.unsigned32(3))
        let (owners, shared, times) = (try table.text(4), try table.unsigned8(5), try table.signed64(6))
        let contents = try table.text(7)
        var documents: [Document] = []
        for row in 0..<table.rowCount {
            guard let kind = Document.Kind(rawValue: kinds[row]), let bytes = Self.bytes(contents[row]) else {
                throw table.fault("has a document that cannot be")
            }
            var document = Document(kind, names[row])
            document.version = numbers[row]
            document.owner = owners[row]
            document.isShared = shared[row] != 0
            document.savedAtMicros = times[row]
            document.contents = bytes
            documents.append(document)
        }
        // Rows are in the order of names as written, which may differ in case from version to version.
        for document in documents.sorted(by: { $0.version < $1.version }) { put(document) }
    }

    /// The bytes may be any, and a column of texts holds UTF-8.
    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { Self.digits.firstIndex(of: $0) }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }
}

// MARK: - The engine's door

extension Engine {
    /// The newest version of a document, or the one with a number.
    public func document(_ kind: Document.Kind, _ name: String, version: UInt32 = 0) -> Document? {
        state.documents.find(kind, name, version: version)
    }

    public func documents(_ kind: Document.Kind) -> [Document] { state.documents.all(kind) }

    public func documentVersions(_ kind: Document.Kind, _ name: String) -> [UInt32] {
        state.documents.versionNumbers(kind, name)
    }

    /// Why a document cannot be saved; nil: it can. Only its owner may change an existing one.
    public func refusal(ofSaving document: Document) -> ChangeRefusal? {
        guard document.name.contains(where: { !$0.isWhitespace }), document.name.utf8.count <= BoardLimits.nameBytes,
            !document.name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            return .invalid(
                QueryError("a name has 1 to \(BoardLimits.nameBytes) bytes and no control characters"))
        }
        guard document.contents.count <= BoardLimits.documentBytes else {
            return .invalid(
                QueryError("'\(document.name)' has more than \(BoardLimits.documentBytes) bytes; shorten it"))
        }
        let there = state.documents.find(document.kind, document.name)
        if let there, there.owner != document.owner, document.kind != .settings {
            return .conflict(
                "'\(there.name)' is \(there.owner.isEmpty ? "another user" : there.owner)'s; choose another name")
        }
        guard there != nil || state.documents.versions.count < BoardLimits.documents else {
            return .conflict("there are \(BoardLimits.documents) documents; delete some")
        }
        return nil
    }

    /// Saves a document as its next version, or (`isDeleted`) deletes it with all versions.
    /// - Returns: the document with its version.
    @discardableResult
    public func save(_ document: Document, isDeleted: Bool = false) -> Document {
        var document = document
        document.version = (state.documents.find(document.kind, document.name)?.version ?? 0) + 1
        if isDeleted { state.documents.remove(document.kind, document.name) } else { state.documents.put(document) }
        state.customers.noteOtherChange()
        if document.kind == .settings { state.applySettings() }
        return document
    }
}
