// Requests about mappings of import files: which column is which field, with a name and an owner.

import Board
import CallEvents
import Feeds
import SwiftProtobuf
import Wire

extension EngineHost {
    func saveTemplate(
        _ request: Busyhour_V1_SaveTemplateRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_TemplateResponse {
        // What the server adds is not stored with it.
        var kept = Busyhour_V1_ImportTemplate()
        kept.columns = request.template.columns
        kept.startRow = request.template.startRow
        kept.decimalComma = request.template.decimalComma
        kept.defaultCountry = request.template.defaultCountry.uppercased()
        kept.encoding = request.template.encoding
        if request.template.hasCdr { kept.cdr = request.template.cdr }
        if let fault = kept.fault { throw RequestError(.invalidArgument, fault) }
        if let known = engine.document(.importTemplate, request.template.name) {
            let isOfCalls = try Busyhour_V1_ImportTemplate(known).hasCdr
            if isOfCalls != kept.hasCdr {
                throw RequestError(
                    .conflict,
                    "template '\(known.name)' is of files of \(isOfCalls ? "calls" : "customers"); choose another name")
            }
        }
        var document = Document(.importTemplate, request.template.name)
        document.owner = Self.who(request.who)
        document.isShared = true
        document.savedAtMicros = now
        do {
            document.contents = try kept.serializedBytes()
        } catch {
            throw RequestError(.internal, "the template cannot be kept: \(error)")
        }
        return try Busyhour_V1_TemplateResponse(try save(document))
    }

    func getTemplate(_ request: Busyhour_V1_GetTemplateRequest) throws(RequestError) -> Busyhour_V1_TemplateResponse {
        try Busyhour_V1_TemplateResponse(template(request.name))
    }

    func listTemplates(
        _ request: Busyhour_V1_ListTemplatesRequest
    ) throws(RequestError) -> Busyhour_V1_ListTemplatesResponse {
        var response = Busyhour_V1_ListTemplatesResponse()
        for document in engine.documents(.importTemplate) {
            response.templates.append(try Busyhour_V1_ImportTemplate(document))
        }
        return response
    }

    func deleteTemplate(
        _ request: Busyhour_V1_DeleteTemplateRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_TemplateResponse {
        let document = try template(request.name)
        guard document.owner == Self.who(request.who) else {
            throw RequestError(
                .conflict, "template '\(document.name)' is \(document.owner)'s, and only its owner deletes it")
        }
        var deleted = document
        deleted.savedAtMicros = now
        _ = try save(deleted, isDeleted: true)
        return try Busyhour_V1_TemplateResponse(document)
    }

    private func template(_ name: String) throws(RequestError) -> Document {
        guard let document = engine.document(.importTemplate, name) else {
            throw RequestError(
                .notFound, "there is no template '\(name.prefix(64))'; see `busyhour template list`")
        }
        return document
    }
}

extension Busyhour_V1_ImportTemplate {
    fileprivate init(_ document: Document) throws(RequestError) {
        do {
            try self.init(serializedBytes: document.contents)
        } catch {
            throw RequestError(.internal, "template '\(document.name)' cannot be read: \(error)")
        }
        name = document.name
        owner = document.owner
        version = document.version
        savedAt = document.savedAtMicros
    }

    /// Why it cannot be stored; nil: it can.
    fileprivate var fault: String? {
        if hasCdr { return columns.isEmpty ? cdr.fault : "a template of files of calls names no columns of customers" }
        if columns.isEmpty { return "the template names no column; give a column and its field" }
        if let column = columns.first(where: { !(1...Limits.templateColumns).contains($0.column) }) {
            return "column \(column.column) cannot be; columns count from 1 to \(Limits.templateColumns)"
        }
        if !defaultCountry.isEmpty && CallingCountry(defaultCountry) == nil {
            return "'\(defaultCountry.prefix(64))' is not an ISO 3166 code; give two letters, such as DE"
        }
        if encoding.utf8.count > Limits.encodingNameBytes {
            return "the encoding's name has \(encoding.utf8.count) bytes; at most \(Limits.encodingNameBytes) are kept"
        }
        let unknown = columns.first { !["id", "currency"].contains($0.field) && !Self.isSet($0.field) }
        if let unknown { return "there is no field '\(unknown.field.prefix(64))' that an import sets" }
        guard Set(columns.map(\.column)).count == columns.count, Set(columns.map(\.field)).count == columns.count else {
            return "a column or a field is named twice; keep one"
        }
        return nil
    }

    private static func isSet(_ field: String) -> Bool {
        ChangedField(name: field) != nil
            || ["contact_name", "contact_email", "contact_mobile", "contact_kind"].contains(field)
    }
}

extension Busyhour_V1_CDRTemplate {
    /// Why it cannot be stored; nil: it can.
    fileprivate var fault: String? {
        var template = CDRTemplate()
        (template.format, template.columns, template.map, template.filter) = (format, columns, map, filter)
        (template.keep, template.dispositions) = (keep, dispositions)
        (template.durations, template.timeZone) = (durations, timeZone)
        if let long = template.parts.first(where: { $0.text.utf8.count > Limits.cdrTemplateBytes }) {
            return "--\(long.option) has \(long.text.utf8.count) bytes; at most \(Limits.cdrTemplateBytes) are kept"
        }
        do {
            _ = try template.options()
            return nil
        } catch {
            return error.message
        }
    }
}

extension Busyhour_V1_TemplateResponse {
    fileprivate init(_ document: Document) throws(RequestError) {
        self.init()
        template = try Busyhour_V1_ImportTemplate(document)
    }
}
