// Calls attributed to a customer by credentials that the switch may still refuse. Such a call is its customer's at
// once, and is taken back if the switch refuses it (401, 403, 407): guessed user names come with wrong credentials.

import CallEvents
import Columnar

/// Held beside a call's line until it is clear that the switch let the call through.
struct CallClaim: Equatable, Sendable {
    /// The row of the customer with this user.
    var customer: UInt32
    /// The attribution without the credentials: another customer's row, or `TrackedCall.unattributed`.
    var otherwise: UInt32
    /// CSeq of the INVITE with the credentials.
    var sequence: UInt32
    /// Where the call came from.
    var source: IPAddress?
}

extension TrackedCall {
    /// It was let through: refused credentials lead to neither ringing nor an answer.
    var isLetThrough: Bool { isAnswered || ringMicros != 0 || provisionalMicros != 0 }

    /// Its last INVITE was challenged or forbidden by our own switch: a called party's refusal has a cause.
    var isRefused: Bool {
        guard isFailed, !isLetThrough else { return false }
        return switch failureCode {
        case 401, 407: true
        case 403: failureCause == 0
        default: false
        }
    }
}

/// The claims of the tracked calls, each with its call's position in the table of calls.
struct CallClaimColumns: Sendable {
    /// Call, customer, otherwise, sequence, address (high, low), 1 if there is an address.
    private var columns = [[Int64]](repeating: [], count: 7)
    private static let names = [
        "call", "customer_row", "otherwise_row", "sequence", "source_high", "source_low", "has_source",
    ]

    mutating func append(_ claim: CallClaim, row: Int) {
        let source = claim.source ?? IPAddress(high: 0, low: 0)
        let values = [
            Int64(row), Int64(claim.customer), Int64(claim.otherwise), Int64(claim.sequence),
            Int64(bitPattern: source.high), Int64(bitPattern: source.low), claim.source == nil ? 0 : 1,
        ]
        for (column, value) in values.enumerated() { columns[column].append(value) }
    }

    var table: SavedTable { SavedTable(.callClaims, CallClaimColumns.names, columns) }
}

extension CallTable {
    /// To be called on a table just restored: the calls' numbers are their positions in the file. Older files have
    /// none.
    mutating func restoreClaims(_ tables: [SavedTable], customers: Int) throws(RestoreError) {
        try restore(tables, .callClaims, columns: 7) { calls, number, values, table throws(RestoreError) in
            guard (0..<Int64(customers)).contains(values[1]), let otherwise = UInt32(exactly: values[2]),
                Int(otherwise) < customers || otherwise >= TrackedCall.otherLeg
            else { throw table.fault("tells of a customer that is not there") }
            let source = IPAddress(high: UInt64(bitPattern: values[4]), low: UInt64(bitPattern: values[5]))
            calls.setClaim(
                number,
                CallClaim(
                    customer: UInt32(values[1]), otherwise: otherwise,
                    sequence: UInt32(truncatingIfNeeded: values[3]), source: values[6] == 0 ? nil : source))
        }
    }
}
