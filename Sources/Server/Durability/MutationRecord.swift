// What the journal keeps of a change. Numbers of types are never used again for something else.

import Board
import Store
import SwiftProtobuf
import Wire

/// A change as a record: its type, and octets that say all of it, the time of the change first.
///
/// The rest is the request itself, in the form of the wire, which is kept compatible anyway. Doing it again gives the same
/// customers with the same ids: the engine decides by what is in the record and by what was done before, by nothing else.
struct MutationRecord {
    static let schemaVersion: UInt16 = 1
    /// `Busyhour_V1_CreateCustomersRequest`.
    static let createCustomers = RecordType(number: RecordType.mustUnderstandBit | 1)

    let type: RecordType
    /// When it was done, microseconds since 1970.
    let micros: Int64
    let octets: [UInt8]

    init(_ request: Busyhour_V1_CreateCustomersRequest, micros: Int64) throws(RequestError) {
        type = Self.createCustomers
        self.micros = micros
        do {
            let body: [UInt8] = try request.serializedBytes()
            octets = withUnsafeBytes(of: micros.littleEndian) { Array($0) } + body
        } catch {
            throw RequestError(.malformed, "the request cannot be kept: \(error)")
        }
    }

    /// Does again what a record says, when a journal is read.
    static func replay(_ record: JournalRecord, _ engine: Engine) throws(RecordFault) {
        guard record.type == createCustomers else { throw .unknownType(record.type.number) }
        guard record.schemaVersion == schemaVersion else {
            throw .unknownSchema(type: record.type.number, version: record.schemaVersion)
        }
        guard record.payload.count >= 8 else { throw .malformed("is too short to have a time") }
        // Safe: it has eight octets, and every pattern of bits is a number.
        let micros = Int64(littleEndian: record.payload.loadUnaligned(as: Int64.self))
        let request: Busyhour_V1_CreateCustomersRequest
        do {
            request = try Busyhour_V1_CreateCustomersRequest(
                serializedBytes: Array(UnsafeRawBufferPointer(rebasing: record.payload[8...])))
        } catch {
            throw .malformed("is no request to create customers")
        }
        var customers: [Customer] = []
        for (index, message) in request.customers.enumerated() {
            do throws(CustomerError) {
                customers.append(try Customer(message, index: index))
            } catch {
                throw .malformed("has a customer that cannot be: \(error.message)")
            }
        }
        let result = engine.createAgain(
            customers, idempotencyKey: Array(request.idempotencyKey), now: micros)
        if let error = result.errors.first { throw .malformed("has a customer that cannot be: \(error.message)") }
    }
}
