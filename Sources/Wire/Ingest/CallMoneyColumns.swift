// `Busyhour_V1_CallMoneyColumns`: some currencies and a byte a call, so the message serves as it is.

import Foundation
import SwiftProtobuf

/// In which currencies the costs of a batch are: the fields of `Busyhour_V1_CallMoneyColumns`, which says what they mean. The
/// column may be of another length than the batch's, as the peer sent it.
public struct CallMoneyColumns: Equatable, Sendable {
    public var currencies: [String] = []
    public var currency: [UInt8] = []
    public var costLimitMicros: Int64 = 0
    public var isCostsOnly = false

    public init() {}

    public var isEmpty: Bool { currencies.isEmpty && currency.isEmpty && costLimitMicros == 0 && !isCostsOnly }

    /// Number of the field `money` in the request that brings finished calls.
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

    /// Takes the message that stands there. False: it is the second, which protobuf merges into the first.
    /// - Throws: the bytes are not the message.
    mutating func read(_ body: Range<Int>, of message: RawSpan) throws -> Bool {
        guard isEmpty else { return false }
        self = CallMoneyColumns(try Busyhour_V1_CallMoneyColumns(serializedBytes: message.extracting(body)))
        return true
    }

    /// Bytes of the field, or some more.
    var size: Int { isEmpty ? 0 : 32 + 8 * currencies.count + currency.count }
}
