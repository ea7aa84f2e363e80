// Requests about layouts: board queries with a name, an owner and versions.

import Board
import Store
import SwiftProtobuf
import Wire

extension EngineHost {
    func saveLayout(
        _ request: Busyhour_V1_SaveLayoutRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_LayoutResponse {
        var query = request.query
        query.layout = ""
        query.who = ""
        if let style = query.styles.first(where: { $0.column.isEmpty || $0.width > Limits.columnWidth }) {
            throw RequestError(
                .invalidArgument,
                "a style is of column '\(style.column.prefix(64))' with \(style.width) characters; name one, with at most "
                    + "\(Limits.columnWidth)")
        }
        // A query that cannot be asked is not stored.
        let checked = try BoardQuery(query)
        do throws(QueryError) {
            try engine.check(checked)
        } catch {
            throw RequestError(error)
        }
        var document = Document(.layout, request.name)
        document.owner = Self.who(request.who)
        document.isShared = request.shared
        document.savedAtMicros = now
        do {
            document.contents = try query.serializedBytes()
        } catch {
            throw RequestError(.internal, "the query cannot be kept: \(error)")
        }
        return Busyhour_V1_LayoutResponse(layout: Busyhour_V1_Layout(try save(document), query))
    }

    func getLayout(_ request: Busyhour_V1_GetLayoutRequest) throws(RequestError) -> Busyhour_V1_LayoutResponse {
        let (document, query) = try layout(request.name, version: request.version, who: request.who)
        var response = Busyhour_V1_LayoutResponse(layout: Busyhour_V1_Layout(document, query))
        response.versions = engine.documentVersions(.layout, document.name)
        return response
    }

    func listLayouts(_ request: Busyhour_V1_ListLayoutsRequest) throws(RequestError) -> Busyhour_V1_ListLayoutsResponse
    {
        var response = Busyhour_V1_ListLayoutsResponse()
        for document in engine.documents(.layout) where document.isShared || document.owner == Self.who(request.who) {
            response.layouts.append(try Busyhour_V1_Layout(document, Self.query(of: document)))
        }
        return response
    }

    func deleteLayout(
        _ request: Busyhour_V1_DeleteLayoutRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_LayoutResponse {
        let (document, query) = try layout(request.name, version: 0, who: request.who)
        guard document.owner == Self.who(request.who) else {
            throw RequestError(
                .conflict, "layout '\(document.name)' is \(document.owner)'s, and only its owner deletes it")
        }
        var deleted = document
        deleted.savedAtMicros = now
        _ = try save(deleted, isDeleted: true)
        return Busyhour_V1_LayoutResponse(layout: Busyhour_V1_Layout(document, query))
    }

    /// The request, completed by its layout.
    func withLayout(_ request: Busyhour_V1_BoardRequest) throws(RequestError) -> Busyhour_V1_BoardRequest {
        guard !request.layout.isEmpty else { return request }
        var merged = try layout(request.layout, version: 0, who: request.who).query
        if !request.where.isEmpty {
            merged.where = merged.where.isEmpty ? request.where : "(\(merged.where)) AND (\(request.where))"
        }
        if !request.search.isEmpty { merged.search = request.search }
        if !request.groupBy.isEmpty { merged.groupBy = request.groupBy }
        if !request.pivot.isEmpty { merged.pivot = request.pivot }
        if !request.columns.isEmpty { merged.columns = request.columns }
        if !request.sort.isEmpty { merged.sort = request.sort }
        if request.limit != 0 { merged.limit = request.limit }
        if request.offset != 0 { merged.offset = request.offset }
        if !request.window.isEmpty { merged.window = request.window }
        if !request.status.isEmpty { merged.status = request.status }
        return merged
    }

    /// The customers selected by a request, or its layout, without columns, order and page.
    func customersQuery(_ request: Busyhour_V1_BoardRequest) throws(RequestError) -> BoardQuery {
        let merged = try withLayout(request)
        var query = BoardQuery()
        (query.filter, query.search, query.status) = (merged.where, merged.search, merged.status)
        query.window = try Window(request: merged.window)
        query.columns = ["id"]
        return query
    }

    private func layout(
        _ name: String, version: UInt32, who: String
    ) throws(RequestError) -> (document: Document, query: Busyhour_V1_BoardRequest) {
        guard let document = engine.document(.layout, name, version: version),
            document.isShared || document.owner == Self.who(who)
        else {
            let which = version == 0 ? "" : ", or no version \(version) of it"
            throw RequestError(
                .notFound,
                "there is no layout '\(name.prefix(64))'\(which) that you may use; see `busyhour layout list`")
        }
        return (document, try Self.query(of: document))
    }

    private static func query(of document: Document) throws(RequestError) -> Busyhour_V1_BoardRequest {
        do {
            return try Busyhour_V1_BoardRequest(serializedBytes: document.contents)
        } catch {
            throw RequestError(.internal, "layout '\(document.name)' cannot be read: \(error)")
        }
    }

    /// Saves a document, or deletes it, in the engine and in the journal.
    func save(_ document: Document, isDeleted: Bool = false) throws(RequestError) -> Document {
        if !isDeleted, let refusal = engine.refusal(ofSaving: document) { throw RequestError(refusal) }
        // The version is set by the engine; the record's length is the same with any.
        try journal?.admit(bytes: EncodedRecord(DocumentRecord(document, isDeleted: isDeleted)).payload.count)
        let saved = engine.save(document, isDeleted: isDeleted)
        journal?.submit(
            EncodedRecord(DocumentRecord(saved, isDeleted: isDeleted)), key: .none, atMicros: saved.savedAtMicros)
        return saved
    }
}

extension Busyhour_V1_Layout {
    fileprivate init(_ document: Document, _ query: Busyhour_V1_BoardRequest) {
        self.init()
        name = document.name
        self.query = query
        owner = document.owner
        shared = document.isShared
        version = document.version
        savedAt = document.savedAtMicros
    }
}

extension Busyhour_V1_LayoutResponse {
    fileprivate init(layout: Busyhour_V1_Layout) {
        self.init()
        self.layout = layout
    }
}
