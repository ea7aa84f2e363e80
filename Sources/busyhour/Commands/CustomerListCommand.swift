import ArgumentParser
import Client
import Terminal
import Wire

struct CustomerListCommand: TableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Customers with their stored fields, or those that were deleted.",
        discussion: """
            busyhour customer list --search voice
            busyhour customer list --where "country = 'DE' AND credit < 100" --sort credit --limit 20

            Conditions and order are those of `busyhour board`, which shows figures as well.
            """)

    @OptionGroup var global: GlobalOptions

    @OptionGroup var condition: ConditionOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Columns to sort by, as `board --sort`; -name: descending. (default: id)", valueName: "-credit,name"))
    var sort: String = ""

    @Option(parsing: .unconditional, help: "Customers to show. (default: all)", transform: WholeNumber.from(1))
    var limit: UInt32?

    @OptionGroup var actor: ActorOptions

    @OptionGroup var money: MoneyOptions

    @OptionGroup var csv: CSVOptions

    @Flag(help: "Deleted customers that can be restored: when, by whom and by which change they were deleted.")
    var deleted = false

    var moneyDigits: Int? { money.digits }

    func validate() throws {
        try validateGlobal()
        try money.check(global.outputFormat())
        if deleted && (condition.isGiven || !sort.isEmpty || limit != nil) {
            throw UsageError("--deleted lists all deleted customers; leave the conditions, --sort and --limit out")
        }
    }

    func report(from client: Client) async throws -> any Report {
        if deleted { return try await deletedCustomers(client) }
        do {
            return try await sort.isEmpty ? byID(client) : sorted(client)
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: condition.filter) { throw pointed }
            throw error
        }
    }

    private func byID(_ client: Client) async throws -> CustomersReport {
        var report = CustomersReport()
        var request = Busyhour_V1_ListCustomersRequest()
        (request.where, request.search, request.status) = (condition.filter, condition.search, condition.status)
        (request.window, request.layout, request.who) = (condition.window ?? "", condition.layout, actor.who)
        while true {
            request.limit = min(Limits.customersPerPage, (limit ?? .max) - UInt32(clamping: report.customers.count))
            let answer = try await client.listCustomers(request)
            report.customers += answer.customers
            report.matched = max(answer.total, UInt64(report.customers.count))
            // Ids only grow, so each page leads on.
            guard let last = answer.customers.last, last.id > request.afterID, report.customers.count < limit ?? .max
            else { return report }
            request.afterID = last.id
        }
    }

    /// The board knows the order, the list the fields.
    private func sorted(_ client: Client) async throws -> CustomersReport {
        var request = try await conditions(client)
        (request.columns, request.sort) = (["id"], ColumnList.parse(sort))
        request.limit = limit.map(UInt64.init) ?? Limits.sortedCustomers
        let answer = try await client.board(request)
        let ids = try answer.columns.first?.cells().compactMap { cell -> UInt32? in
            if case .integer(let id) = cell { UInt32(exactly: id) } else { nil }
        }
        var report = CustomersReport()
        report.matched = answer.matched
        for page in (ids ?? []).chunks(of: Limits.idsPerCondition) {
            var request = Busyhour_V1_ListCustomersRequest()
            request.where = "id IN (\(page.map(String.init).joined(separator: ", ")))"
            request.limit = UInt32(page.count)
            var found: [UInt32: Busyhour_V1_Customer] = [:]
            // There are fewer in an answer where they are very long.
            while true {
                let customers = try await client.listCustomers(request).customers
                for customer in customers { found[customer.id] = customer }
                guard let last = customers.last, last.id > request.afterID, found.count < page.count else { break }
                request.afterID = last.id
            }
            report.customers += page.compactMap { found[$0] }
        }
        return report
    }

    /// What customers have to meet, of a layout nothing but that.
    private func conditions(_ client: Client) async throws -> Busyhour_V1_BoardRequest {
        var request = Busyhour_V1_BoardRequest()
        (request.where, request.search, request.status) = (condition.filter, condition.search, condition.status)
        request.window = condition.window ?? ""
        guard !condition.layout.isEmpty else { return request }
        var asked = Busyhour_V1_GetLayoutRequest()
        (asked.name, asked.who) = (condition.layout, actor.who)
        let saved = try await client.getLayout(asked).layout.query
        if request.where.isEmpty {
            request.where = saved.where
        } else if !saved.where.isEmpty {
            request.where = "(\(saved.where)) AND (\(request.where))"
        }
        if request.search.isEmpty { request.search = saved.search }
        if request.status.isEmpty { request.status = saved.status }
        if request.window.isEmpty { request.window = saved.window }
        return request
    }

    private func deletedCustomers(_ client: Client) async throws -> DeletedCustomersReport {
        var report = DeletedCustomersReport()
        var request = Busyhour_V1_ListCustomersRequest()
        (request.deleted, request.limit) = (true, Limits.customersPerPage)
        while true {
            let page = try await client.listCustomers(request).deleted
            report.customers += page
            guard let last = page.last, last.id > request.afterID else { return report }
            request.afterID = last.id
        }
    }
}

extension Array {
    fileprivate func chunks(of count: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
    }
}
