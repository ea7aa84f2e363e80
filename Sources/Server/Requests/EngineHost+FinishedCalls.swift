// Finished calls, found by what the switch knows of them.

import Board
import NIOCore
import Wire

extension EngineHost {
    /// The filter is read here; the calls are searched on the thread of large boards.
    func finishedCalls(
        _ request: Busyhour_V1_FinishedCallsRequest, now: Int64
    ) throws(RequestError) -> EventLoopFuture<Busyhour_V1_FinishedCallsResponse> {
        var query = FinishedCallsQuery()
        query.customerID = request.customerID
        query.filter = request.where
        query.limit = request.limit == 0 ? query.limit : Int(request.limit)
        guard query.limit <= BoardLimits.listedCalls else {
            throw RequestError(
                .tooLarge, "at most \(BoardLimits.listedCalls) calls are listed at a time; give a smaller limit")
        }
        guard request.customerID == 0 || engine.customer(id: request.customerID) != nil else {
            throw RequestError(.notFound, "no customer with id \(request.customerID)")
        }
        let task: FinishedCallsTask
        do {
            task = try engine.finishedCalls(query, now: now)
        } catch {
            throw RequestError(error)
        }
        return boards.beside { Busyhour_V1_FinishedCallsResponse(task.answer()) }
    }
}
