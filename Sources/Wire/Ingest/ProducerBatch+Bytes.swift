// The place of a batch in all that its producer sends: one message beside the columns.

import SwiftProtobuf

extension Busyhour_V1_ProducerBatch {
    /// Number of the field `batch` in the requests that bring calls.
    static let field: UInt8 = 15
}

extension Busyhour_V1_ProducerBatch? {
    /// Takes the message that stands there. False: it is the second, which protobuf merges into the first.
    /// - Throws: the bytes are not the message.
    mutating func read(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        guard self == nil else { return false }
        self = try Busyhour_V1_ProducerBatch(serializedBytes: message.extracting(body))
        return true
    }
}
