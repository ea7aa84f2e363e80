// The request that brings captured HEP packets.

import Board
import CallEvents
import Wire

extension EngineHost {
    func ingestHEP(
        _ request: Busyhour_V1_IngestHEPRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_IngestResponse {
        guard request.stream.utf8.count <= Limits.streamNameOctets else {
            throw RequestError(.invalidArgument, "the stream's name is longer than \(Limits.streamNameOctets) octets")
        }
        let arrivals = request.arrivalMicros
        guard arrivals.isEmpty || arrivals.count == request.packets.count else {
            throw RequestError(
                .invalidArgument,
                "\(arrivals.count) arrival_micros for \(request.packets.count) packets; send one each, or none")
        }
        captures.setAuthKey(request.authKey.isEmpty ? nil : request.authKey)
        captures.receive(
            request.packets.map { [UInt8]($0) }, stream: request.stream,
            arrivalMicros: arrivals.isEmpty ? Array(repeating: now, count: request.packets.count) : arrivals)
        let (events, counts) = captures.take()
        let summary = take(events, counts: counts, from: .hepFile)
        var response = Busyhour_V1_IngestResponse(summary, read: counts.received)
        response.notCalls &+= counts.notCalls
        response.duplicates &+= counts.duplicates
        response.errors &+= counts.errorCount
        response.errorsByName.merge(counts.errors, uniquingKeysWith: &+)
        return response
    }
}
