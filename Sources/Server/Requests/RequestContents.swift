// The contents of requests with a key, as hashes (`RequestContent`) over all that this server knows of a request, in
// one encoding: neither the order of fields on the wire nor a field known only to newer clients makes a repetition
// a different request. The key is left out, and so is what only the answer depends on. Hashes go to the journal:
// their input must never change, or a repetition across an update of the server is refused.

import Board
import Columnar
import Foundation
import SwiftProtobuf
import Wire

enum RequestContents {
    /// Each method has its own seed: a key is for one method.
    private enum Seed: UInt64 {
        case create = 0x6372_6561_7465_0001
        case edit = 0x6564_6974_0000_0001
        case delete = 0x6465_6C65_7465_0001
        case undo = 0x756E_646F_0000_0001
        case part = 0x7061_7274_0000_0001
    }

    /// - Parameters:
    ///   - customers: as they were read.
    ///   - unreadable: values in them that could not be read.
    static func hash(
        _ request: Busyhour_V1_CreateCustomersRequest, _ customers: [Customer], unreadable: Int
    ) -> UInt64 {
        var writer = FieldWriter()
        writer.append(UInt8(request.dryRun ? 1 : 0))
        writer.append(packed: UInt64(unreadable))
        writer.append(request.who)
        for customer in customers {
            writer.nested { $0.append(fieldsOf: customer) }
        }
        return writer.bytes.withBytes { ByteHash.hash($0, seed: Seed.create.rawValue) }
    }

    static func hash(_ request: Busyhour_V1_EditCustomersRequest) throws(RequestError) -> UInt64 {
        var request = request
        request.idempotencyKey = .init()
        request.show = 0
        request.selection.ids = sorted(request.selection.ids)
        request.fields.sort()
        return try hash(request, .edit)
    }

    static func hash(_ request: Busyhour_V1_DeleteCustomersRequest) throws(RequestError) -> UInt64 {
        var request = request
        request.idempotencyKey = .init()
        request.show = 0
        request.selection.ids = sorted(request.selection.ids)
        return try hash(request, .delete)
    }

    static func hash(_ request: Busyhour_V1_UndoRequest) throws(RequestError) -> UInt64 {
        var request = request
        request.idempotencyKey = .init()
        request.show = 0
        return try hash(request, .undo)
    }

    static func hash(_ part: ImportPart) throws(RequestError) -> UInt64 {
        var request = part.request
        request.importID = .init()
        // They are in the rows.
        (request.fields, request.rows) = ([], [])
        let head = try hash(request, .part)
        var writer = FieldWriter()
        writer.reserve(128 * part.rows.count)
        for row in part.rows {
            writer.append(packed: UInt64(row.number))
            writer.append(row.fields)
            writer.append(row.customer.id)
            writer.nested { $0.append(fieldsOf: row.customer) }
        }
        return writer.bytes.withBytes { ByteHash.hash($0, seed: head) }
    }

    /// The selection does not depend on the order of ids, nor on repetitions.
    private static func sorted(_ ids: [UInt32]) -> [UInt32] {
        var sorted: [UInt32] = []
        for id in ids.sorted() where sorted.last != id { sorted.append(id) }
        return sorted
    }

    private static func hash(_ request: some Message, _ seed: Seed) throws(RequestError) -> UInt64 {
        do {
            let bytes: [UInt8] = try request.serializedBytes()
            return bytes.withBytes { ByteHash.hash($0, seed: seed.rawValue) }
        } catch {
            throw RequestError(.tooLarge, "the request is too long: \(error)")
        }
    }
}

extension EngineHost {
    /// Refuses a key that came before with other content.
    /// - Parameter part: of an import, from 0.
    func checkKey(_ key: [UInt8], part: Int = 0, hash: UInt64) throws(RequestError) {
        guard let conflict = engine.conflict(ofKey: key, part: part, hash: hash) else { return }
        throw RequestError(.conflict, conflict.message, details: conflict.details)
    }
}
