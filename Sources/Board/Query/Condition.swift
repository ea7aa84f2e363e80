// The conditions of a query, as its user wrote them: plans and cached selections are found by it.

/// What a query asks of a customer.
struct Condition: Hashable {
    var filter: String
    var search: String
    var status: String
    /// Of unqualified metrics.
    var window: Window

    var isEmpty: Bool { filter.isEmpty && search.isEmpty && status.isEmpty }
}
