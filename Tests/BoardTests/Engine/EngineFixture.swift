import CallEvents

@testable import Board

/// Customers `C1`, `C2`, ... with the addresses 10.0.0.1, 10.0.0.2, ... in a fresh engine.
func makeEngine(
    customers: Int, clock: ClockMode = .wall, now: Int64 = 1_000_000_000_000_000,
    edit: (inout Customer) -> Void = { _ in }
) -> Engine {
    var configuration = EngineConfiguration()
    configuration.clock = clock
    let engine = Engine(configuration: configuration)
    let drafts = (1...max(1, customers)).map { number in
        var customer = Customer()
        customer.name = "C\(number)"
        customer.currency = "USD"
        customer.auth = [.ip("10.0.0.\(number)")]
        edit(&customer)
        return customer
    }
    _ = engine.createCustomers(drafts, dryRun: false, idempotencyKey: [], now: now)
    return engine
}

extension Engine {
    /// One column of the board in a window, by customer id.
    func figures(_ name: String, _ window: Window, now: Int64) throws -> [Int64] {
        var query = BoardQuery()
        query.columns = [name]
        query.window = window
        query.limit = 1_000
        guard case .integers(let values) = try board(query, now: now).columns[0].values else { return [] }
        return values
    }

    func value(_ name: String, _ window: Window, customer: Int = 1, now: Int64) throws -> Double? {
        var query = BoardQuery()
        query.columns = [name]
        query.window = window
        query.limit = 1_000
        let column = try board(query, now: now).columns[0]
        if !column.nulls.isEmpty && column.nulls[customer - 1] { return nil }
        switch column.values {
        case .integers(let values), .money(let values), .times(let values): return Double(values[customer - 1])
        case .numbers(let values): return values[customer - 1]
        default: return nil
        }
    }
}
