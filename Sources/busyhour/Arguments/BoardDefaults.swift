// The default board for people. A program, which requests JSON or CSV, gets all that the server answers, by id: it
// picks values by name, and pages do not shift under it.

import Wire

enum BoardDefaults {
    /// Identity; traffic and its limit; quality; remaining money. The last columns are dropped first on a narrow
    /// terminal.
    static let columns = [
        "id", "name", "status", "active", "channels", "cps", "attempts", "asr", "acd", "pdd", "credit", "currency",
    ]

    /// Of a group: its number of customers instead of their identity.
    static let groupColumns = ["count"] + columns.filter { !["id", "name", "status", "currency"].contains($0) }

    /// Repeated for each value of a pivot, so few.
    static let pivotColumns = ["count", "active", "attempts", "asr", "acd"]

    /// The busiest first. By attempts rather than by live calls: customers that come by CDRs have no live ones, and a
    /// window says more than the moment.
    static let sort = ["-attempts", "-active"]

    /// Fills in fields set neither by the request nor by its layout.
    static func complete(_ request: inout Busyhour_V1_BoardRequest, layout: Busyhour_V1_BoardRequest) {
        let isGrouped = !(request.groupBy.isEmpty && layout.groupBy.isEmpty)
        let isPivoted = !(request.pivot.isEmpty && layout.pivot.isEmpty)
        let asked = request.sort.isEmpty ? layout.sort : request.sort
        if request.columns.isEmpty && layout.columns.isEmpty {
            request.columns = isPivoted ? pivotColumns : isGrouped ? groupColumns : with(sorted: asked, columns)
        }
        if asked.isEmpty && (isGrouped || !isPivoted) { request.sort = sort }
    }

    /// Adds each customer's currency as the last column unless it is among them: amounts are displayed by it.
    /// - Returns: whether that column has to be removed again.
    static func addCurrency(_ request: inout Busyhour_V1_BoardRequest, layout: Busyhour_V1_BoardRequest) -> Bool {
        let columns = request.columns.isEmpty ? layout.columns : request.columns
        let isOfCustomers = (request.groupBy + layout.groupBy).isEmpty && (request.pivot + layout.pivot).isEmpty
        guard isOfCustomers, !columns.isEmpty, !columns.contains("currency"), !columns.contains("all") else {
            return false
        }
        request.columns = columns + ["currency"]
        return true
    }

    /// Adds the columns that the rows are sorted by, unless they are among them: after the customer's name and status.
    private static func with(sorted keys: [String], _ columns: [String]) -> [String] {
        let names = keys.map { $0.hasPrefix("-") || $0.hasPrefix("+") ? String($0.dropFirst()) : $0 }
        let others = names.filter { !columns.contains($0) }
        return Array(columns[..<3]) + others + columns[3...]
    }
}
