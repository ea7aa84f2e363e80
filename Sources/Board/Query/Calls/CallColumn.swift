/// The columns that a filter of finished calls can read; raw values are the names.
enum CallColumn: String, CaseIterable, Sendable {
    /// The customer's id, under either name.
    case id, customer
    case name
    case callID = "call_id"
    /// `outbound`: from the customer; `inbound`: to the customer.
    case direction
    case calling, called, source, destination, code, reason, q850, outcome
    case setupAt = "setup_at"
    case ringAt = "ring_at"
    case answeredAt = "answered_at"
    case endedAt = "ended_at"
    /// Talk time in seconds.
    case talk
    /// Set-up to ringing or, without ringing, to the answer.
    case pddMilliseconds = "pdd_ms"
    case cost

    static func named(_ name: String) throws(QueryError) -> CallColumn {
        if let column = CallColumn(rawValue: name.lowercased()) { return column }
        switch name.lowercased() {
        // Named as in the JSON of live calls.
        case "answer_at": return .answeredAt
        case "end_at": return .endedAt
        default: break
        }
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        throw QueryError("a call has no column \(QueryError.quoted(name)); it has \(known)")
    }

    var kind: CellKind {
        switch self {
        case .id, .customer, .code, .q850, .pddMilliseconds: .integer
        case .name, .callID, .calling, .called, .source, .destination, .reason, .outcome, .direction: .text
        case .setupAt, .ringAt, .answeredAt, .endedAt: .time
        case .talk: .number
        case .cost: .money
        }
    }
}
