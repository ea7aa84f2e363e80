// Requests about customers: create, get, list.

import Board
import NIOCore
import Store
import SwiftProtobuf
import Wire

extension EngineHost {
    /// To be called before the message is decoded, which would take its memory.
    static func checkCustomerCount(_ payload: ByteBuffer) throws(RequestError) {
        let name = Busyhour_V1_CreateCustomersRequest.protoMessageName
        guard let count = FieldCount.elements(ofField: 2, in: payload.readableBytesSpan) else {
            throw RequestError(.malformed, "the payload is not a message \(name)")
        }
        guard count.elements <= Limits.customersPerRequest else {
            throw RequestError(
                .tooLarge, "\(count.elements) customers at a time; send at most \(Limits.customersPerRequest)")
        }
        guard count.fields <= Limits.customerFieldsPerRequest else {
            throw RequestError(
                .tooLarge,
                "the customers have \(count.fields) fields and list elements; send at most "
                    + "\(Limits.customerFieldsPerRequest) at a time")
        }
    }

    func createCustomers(
        _ request: Busyhour_V1_CreateCustomersRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_CreateCustomersResponse {
        guard let key = IdempotencyKey(request.idempotencyKey) else {
            throw RequestError(.invalidArgument, "idempotency_key must be 16 bytes, or empty for none")
        }
        var customers: [Customer] = []
        customers.reserveCapacity(request.customers.count)
        var unreadable: [CustomerError] = []
        for (index, message) in request.customers.enumerated() {
            customers.append(Customer(message, index: index, &unreadable))
        }
        let hash = key == .none ? 0 : RequestContents.hash(request, customers, unreadable: unreadable.count)
        try checkKey(key.bytes, hash: hash)
        let content = key == .none ? RequestContent() : RequestContent(hash)
        var response = Busyhour_V1_CreateCustomersResponse()
        if unreadable.isEmpty {
            let who = Self.who(request.who)
            let record = CustomerDraftRecord(request.dryRun ? [] : customers, who: who, content: content)
            try journal?.admit(bytes: record.payloadBytes)
            let version = engine.customersVersion
            let result = engine.createCustomers(
                customers, dryRun: request.dryRun, who: who, idempotencyKey: key.bytes, content: content, now: now)
            // Neither a refused request nor a repeated one changes anything.
            if let first = result.ids.first, engine.customersVersion != version {
                journal?.submit(
                    record.completed(firstID: first, createdAtMicros: now), key: key, atMicros: now)
            }
            response.ids = result.ids
            response.errors = result.errors.map(Busyhour_V1_RowError.init)
            response.errorCount = UInt32(clamping: result.errorCount)
        } else {
            // All faults are reported at once.
            let result = engine.createCustomers(customers, dryRun: true, idempotencyKey: [], now: now)
            let errors = (unreadable + result.errors).enumerated()
                .sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }.map(\.element)
            response.errors = errors.prefix(Limits.reportedErrors).map(Busyhour_V1_RowError.init)
            response.errorCount = UInt32(clamping: unreadable.count + result.errorCount)
        }
        return response
    }

    func getCustomer(
        _ request: Busyhour_V1_GetCustomerRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_GetCustomerResponse {
        let customer: Customer?
        let wanted: String
        switch request.by {
        case .id(let id): (customer, wanted) = (engine.customer(id: id), engine.absence(of: id))
        case .name(let name):
            customer = engine.customer(named: name)
            wanted = customer == nil ? engine.absence(named: name) : ""
        case nil: throw RequestError(.invalidArgument, "no customer is named; give an id or a name")
        }
        guard let customer else { throw RequestError(.notFound, wanted) }
        var response = Busyhour_V1_GetCustomerResponse()
        response.customer = Busyhour_V1_Customer(customer)
        if let money = engine.money(customerID: customer.id, now: now) {
            response.money = money.sums.map(Busyhour_V1_MoneySums.init)
            response.moneySince = money.sinceMicros
        }
        return response
    }

    /// Appends the answer, a `ListCustomersResponse`, without a message per customer: exports have millions.
    func listCustomers(
        _ request: Busyhour_V1_ListCustomersRequest, now: Int64, to message: inout MessageBytes
    ) throws(RequestError) {
        let limit = try Self.listLimit(request.limit, atMost: Limits.customersPerAnswer)
        if request.deleted { return try listDeleted(request, limit: limit, now: now, to: &message) }
        let listed: [Customer]
        let total: Int
        if !request.where.isEmpty || !request.search.isEmpty || !request.status.isEmpty || !request.layout.isEmpty {
            var board = Busyhour_V1_BoardRequest()
            (board.layout, board.who, board.where) = (request.layout, request.who, request.where)
            (board.search, board.status, board.window) = (request.search, request.status, request.window)
            let query = try customersQuery(board)
            do throws(QueryError) {
                (listed, total) = try engine.customers(query, after: request.afterID, limit: limit, now: now)
            } catch {
                throw RequestError(error)
            }
        } else {
            (listed, total) = (engine.customers(after: request.afterID, limit: limit), engine.customerCount)
        }
        for customer in listed {
            customer.append(to: &message, field: 1)
            if message.bytes.count >= Limits.customerBytesPerAnswer { break }
        }
        message.append(2, varint: UInt64(clamping: total))
    }

    private func listDeleted(
        _ request: Busyhour_V1_ListCustomersRequest, limit: Int, now: Int64, to message: inout MessageBytes
    ) throws(RequestError) {
        guard request.where.isEmpty, request.search.isEmpty, request.status.isEmpty, request.layout.isEmpty else {
            throw RequestError(
                .invalidArgument, "deleted customers are listed without a condition; leave it out, or `deleted`")
        }
        let (deleted, total) = engine.deletedCustomers(after: request.afterID, limit: limit, now: now)
        var response = Busyhour_V1_ListCustomersResponse()
        response.total = UInt64(total)
        response.deleted = deleted.map { customer in
            var entry = Busyhour_V1_DeletedCustomer()
            (entry.id, entry.name, entry.deletedAt) = (customer.id, customer.name, customer.deletedAtMicros)
            (entry.change, entry.who) = (customer.change?.number ?? 0, customer.change?.who ?? "")
            entry.customers = UInt64(customer.change?.customerCount ?? 0)
            entry.until = customer.untilMicros
            return entry
        }
        do {
            message.append(serialized: try response.serializedBytes())
        } catch {
            throw RequestError(.tooLarge, "the answer is too long: \(error)")
        }
    }

    /// The limit of a list as a request gives it: 0 is the default.
    static func listLimit(_ limit: UInt32, atMost most: Int) throws(RequestError) -> Int {
        guard limit <= most else {
            throw RequestError(.invalidArgument, "limit is \(limit); at most \(most) are sent at a time")
        }
        return limit == 0 ? Limits.defaultListRows : Int(limit)
    }
}
