// `Busyhour_V1_CallMoneyColumns`: some currencies and one byte per call, so the message is used as is.

import Foundation
import SwiftProtobuf

/// The currencies of a batch's costs: the fields of `Busyhour_V1_CallMoneyColumns`, where they are documented. The
/// column may differ in length from the batch, as sent by the peer.
public struct CallMoneyColumns: Equatable, Sendable {
    public var currencies: [String] = []
    public var currency: [UInt8] = []
    public var costLimitMicros: Int64 = 0
    public var isCostsOnly = false

    public init() {}

    public var isEmpty: Bool { currencies.isEmpty && currency.isEmpty && costLimitMicros == 0 && !isCostsOnly }

    /// Number of the field `money` in the request that carries finished calls.
    static let field: UInt8 = 16

    mutating func removeAll() { if !isEmpty { self = CallMoneyColumns() } }

    init(_ message: Busyhour_V1_CallMoneyColumns) {
        currencies = message.currencies
        currency = Array(message.currency)
        costLimitMicros = message.costLimitMicros
        isCostsOnly = message.costsOnly
    }

    var message: Busyhour_V1_CallMoneyColumns {
        .with {
            $0.currencies = currencies
            $0.currency = Data(currency)
            $0.costLimitMicros = costLimitMicros
            $0.costsOnly = isCostsOnly
        }
    }

    /// Reads the message in this range. False: it is the second one, which protobuf merges into the first.
    /// - Throws: if the bytes are not the message.
    mutating func read(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        guard isEmpty else { return false }
        self = CallMoneyColumns(try Busyhour_V1_CallMoneyColumns(serializedBytes: message.extracting(body)))
        return true
    }

    /// Bytes of the field; may be slightly too high.
    var size: Int { isEmpty ? 0 : 32 + 8 * currencies.count + currency.count }
}
