// Requests to the board: rows, live calls, where a number comes from.

import Board
import Wire

extension EngineHost {
    func board(_ request: Busyhour_V1_BoardRequest, now: Int64) throws(RequestError) -> Busyhour_V1_BoardResponse {
        let query = try BoardQuery(request)
        let rows = min(query.limit, engine.customerCount)
        let columns = query.columns.isEmpty ? Limits.defaultBoardColumns : query.columns.count
        guard rows <= Limits.boardCells / columns else {
            throw RequestError(
                .tooLarge, "the answer would be too long; ask for at most \(Limits.boardCells / columns) rows at a time"
            )
        }
        do {
            return Busyhour_V1_BoardResponse(try engine.board(query, now: now))
        } catch {
            throw RequestError(error)
        }
    }

    func calls(_ request: Busyhour_V1_CallsRequest, now: Int64) throws(RequestError) -> Busyhour_V1_CallsResponse {
        let limit = try Self.listLimit(request.limit, atMost: Limits.callsPerAnswer)
        guard request.customerID == 0 || engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, "no customer with id \(request.customerID)")
        }
        let live = engine.liveCalls(customerID: request.customerID, limit: limit, now: now)
        var names: [UInt32: String] = [:]
        var response = Busyhour_V1_CallsResponse()
        response.calls.reserveCapacity(live.calls.count)
        for call in live.calls {
            let name = names[call.customerID] ?? engine.customer(id: call.customerID)?.name ?? ""
            names[call.customerID] = name
            response.calls.append(Busyhour_V1_LiveCall(call, customerName: name))
        }
        response.total = UInt64(clamping: live.total)
        response.asOf = engine.nowMicros
        return response
    }

    func explain(_ request: Busyhour_V1_ExplainRequest, now: Int64) throws(RequestError) -> Busyhour_V1_ExplainResponse
    {
        guard let customer = engine.customer(id: request.customerID) else {
            throw RequestError(.notFound, "no customer with id \(request.customerID)")
        }
        let window = try Window(request: request.window)
        do {
            let explanation = try engine.explain(
                metric: request.metric, customerID: request.customerID, window: window, now: now)
            return Busyhour_V1_ExplainResponse(explanation, customerName: customer.name)
        } catch {
            throw RequestError(error)
        }
    }
}

extension RequestError {
    fileprivate init(_ error: QueryError) {
        self.init(.invalidArgument, error.message, details: error.position.map { ["position": String($0)] } ?? [:])
    }
}
