// Plans of the latest queries: boards ask the same again and again, and reading a query takes longer than answering
// many a one from cached sums.

struct BoardPlans {
    private var plans: [(query: BoardQuery, plan: BoardPlan)] = []

    /// The plan of a query. A plan does not depend on the customers, so it stays valid, unless it reads the clock.
    mutating func plan(_ query: BoardQuery, nowMicros: Int64) throws(QueryError) -> BoardPlan {
        if let known = plans.first(where: { $0.query == query }) { return known.plan }
        let plan = try BoardPlan(query, nowMicros: nowMicros)
        guard !plan.readsClock, query.bytes <= BoardLimits.cachedPlanBytes else { return plan }
        if plans.count >= BoardLimits.cachedPlans { plans.removeFirst() }
        plans.append((query, plan))
        return plan
    }
}

extension BoardQuery {
    /// Bytes of the query's texts.
    fileprivate var bytes: Int {
        let texts = [filter, search, pivot, status] + groupBy + columns + sort
        return texts.reduce(0) { $0 + $1.utf8.count }
    }
}
