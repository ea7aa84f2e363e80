// One part of a customer file, read from the bytes of `ImportCustomersRequest` without a message per row.

import Board
import SwiftProtobuf
import Wire

struct ImportPart {
    /// The request without its customers.
    private(set) var request = Busyhour_V1_ImportCustomersRequest()
    /// The rows, and the errors of those with invalid values, which are checked as well but not stored.
    private(set) var rows: [ImportRow] = []
    private(set) var unreadable: [CustomerError] = []

    /// - Throws: the fault for which the whole part is refused.
    init(_ bytes: RawSpan) throws(RequestError) {
        do {
            try self.init(reading: bytes)
        } catch let error as RequestError {
            throw error
        } catch {
            throw RequestError(.malformed, "\(error)")
        }
    }

    private init(reading bytes: RawSpan) throws {
        var customers: [Range<Int>] = []
        // All other fields, copied to be read as a message: some lists of numbers.
        var rest: [UInt8] = []
        var fields = MessageFields(0..<bytes.byteCount)
        var start = 0
        while let field = fields.next(in: bytes) {
            if field.number == 3, let range = field.bytes {
                customers.append(range)
            } else {
                bytes.extracting(start..<fields.position).withUnsafeBytes { rest.append(contentsOf: $0) }
            }
            start = fields.position
        }
        let malformed = MalformedPayload(messageName: Busyhour_V1_ImportCustomersRequest.protoMessageName)
        guard fields.isAtEnd else { throw malformed }
        guard customers.count <= Limits.customersPerRequest else {
            throw RequestError(
                .tooLarge, "\(customers.count) customers at a time; send at most \(Limits.customersPerRequest)")
        }
        do {
            request = try Busyhour_V1_ImportCustomersRequest(serializedBytes: rest, options: .knownFields)
        } catch {
            throw malformed
        }
        guard request.fields.count == customers.count, request.rows.count == customers.count else {
            throw RequestError(.invalidArgument, "customers, fields and rows must have one element per row")
        }
        try read(customers, of: bytes)
    }

    private mutating func read(_ customers: [Range<Int>], of bytes: RawSpan) throws {
        var reader = CustomerBytes(messageName: Busyhour_V1_ImportCustomersRequest.protoMessageName)
        rows.reserveCapacity(customers.count)
        for (place, range) in customers.enumerated() {
            let number = Int(request.rows[place])
            do {
                let (customer, errors) = try reader.customer(range, of: bytes, index: number)
                let refused = errors.isEmpty ? 0 : ImportRow.isRefused
                rows.append(ImportRow(number: number, customer: customer, fields: request.fields[place] | refused))
                unreadable += errors
            } catch {
                guard reader.fieldsLeft == 0 else { throw error }
                throw RequestError(
                    .tooLarge,
                    "the customers have more than \(Limits.customerFieldsPerRequest) fields and list elements; send fewer at a "
                        + "time")
            }
        }
    }
}
