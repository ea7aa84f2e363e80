// Requests to the board: rows, live calls, the origin of a number.

import Board
import CallEvents
import Wire

extension EngineHost {
    /// The query of a request, if the answer cannot be too long.
    func boardQuery(_ request: Busyhour_V1_BoardRequest) throws(RequestError) -> BoardQuery {
        let query = try BoardQuery(try withLayout(request))
        // The rows of a grouped answer are unknown before it exists, and so are the columns of a pivoted one.
        if query.groupBy.isEmpty && query.pivot.isEmpty {
            let columns = query.columns.isEmpty ? Limits.defaultBoardColumns : query.columns.count
            try Self.checkSize(rows: min(query.limit, engine.customerCount), columns: columns)
        }
        return query
    }

    /// - Precondition: there is at least one column.
    static func checkSize(rows: Int, columns: Int) throws(RequestError) {
        let most = Limits.boardCells / columns
        guard rows <= most else {
            throw RequestError(
                .tooLarge, "the answer would be too long; ask for at most \(most) rows at a time, or for fewer columns")
        }
    }

    func calls(_ request: Busyhour_V1_CallsRequest, now: Int64) throws(RequestError) -> Busyhour_V1_CallsResponse {
        let limit = try Self.listLimit(request.limit, atMost: Limits.callsPerAnswer)
        guard request.customerID == 0 || engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, "no customer with id \(request.customerID)")
        }
        let isInbound = try Self.isInbound(request.direction)
        let live = engine.liveCalls(customerID: request.customerID, isInbound: isInbound, limit: limit, now: now)
        var names: [UInt32: String] = [:]
        var response = Busyhour_V1_CallsResponse()
        response.calls.reserveCapacity(live.calls.count)
        for call in live.calls {
            let name = names[call.customerID] ?? engine.customer(id: call.customerID)?.name ?? ""
            names[call.customerID] = name
            response.calls.append(Busyhour_V1_LiveCall(call, customerName: name))
        }
        response.total = UInt64(clamping: live.total)
        // By the events' clock there is no time before the first event.
        response.asOf = engine.nowMicros == 0 ? now : engine.nowMicros
        return response
    }

    /// Nil: both directions are wanted.
    private static func isInbound(_ direction: String) throws(RequestError) -> Bool? {
        switch direction {
        case "": nil
        case CallDirection.name(isInbound: true): true
        case CallDirection.name(isInbound: false): false
        default: throw RequestError(.invalidArgument, "no direction '\(direction)'; ask for outbound or inbound")
        }
    }

    func explain(_ request: Busyhour_V1_ExplainRequest, now: Int64) throws(RequestError) -> Busyhour_V1_ExplainResponse
    {
        let window = try Window(request: request.window)
        let explanation: Explanation?
        do {
            explanation = try engine.explain(
                metric: request.metric, customerID: request.customerID, window: window, now: now)
        } catch {
            throw RequestError(error)
        }
        guard let explanation, let customer = engine.customer(id: request.customerID) else {
            throw RequestError(.notFound, "no customer with id \(request.customerID)")
        }
        return Busyhour_V1_ExplainResponse(explanation, customerName: customer.name)
    }
}

extension RequestError {
    init(_ error: QueryError) {
        self.init(.invalidArgument, error.message)
        if let position = error.position { details["position"] = String(position) }
        // Longer ones get no pointer to the fault; an answer must not quote megabytes.
        if let expression = error.expression, expression.utf8.count <= Limits.errorBytes {
            details["expression"] = expression
        }
    }
}
