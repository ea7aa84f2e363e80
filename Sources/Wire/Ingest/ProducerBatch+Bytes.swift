// The position of a batch in everything that its producer sends: one message beside the columns.

import SwiftProtobuf

extension Busyhour_V1_ProducerBatch {
    /// Number of the field `batch` in the requests that carry calls.
    static let field: UInt8 = 15
}

extension Busyhour_V1_ProducerBatch? {
    /// Reads the message in this range. False: it is the second one, which protobuf merges into the first.
    /// - Throws: if the bytes are not the message.
    mutating func read(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        guard self == nil else { return false }
        self = try Busyhour_V1_ProducerBatch(serializedBytes: message.extracting(body))
        return true
    }
}
