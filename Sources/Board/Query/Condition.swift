// The conditions of a query as the user wrote them: the key of cached plans and selections.

/// What a query requires of a customer.
struct Condition: Hashable {
    var filter: String
    var search: String
    var status: String
    /// The window of unqualified metrics.
    var window: Window

    var isEmpty: Bool { filter.isEmpty && search.isEmpty && status.isEmpty }
}
