// The request that brings captured HEP packets.

import Board
import CallEvents
import NIOCore
import Wire

extension EngineHost {
    func ingestHEP(
        _ request: Busyhour_V1_IngestHEPRequest, now: Int64
    ) throws(RequestError) -> Busyhour_V1_IngestResponse {
        guard request.stream.utf8.count <= Limits.streamNameBytes else {
            throw RequestError(.invalidArgument, "the stream's name is longer than \(Limits.streamNameBytes) bytes")
        }
        let arrivals = request.arrivalMicros
        guard arrivals.isEmpty || arrivals.count == request.packets.count else {
            throw RequestError(
                .invalidArgument,
                "\(arrivals.count) arrival_micros for \(request.packets.count) packets; send one each, or none")
        }
        guard !request.hasBatch || request.stream.isEmpty else {
            // What a stream holds of a packet would be lost in a crash.
            throw RequestError(.invalidArgument, "packets with numbers are whole ones; leave stream empty")
        }
        let place = try admit(request.hasBatch ? request.batch : nil, rows: request.packets.count, now: now)
        let known = place?.known ?? 0
        let origin = Self.origin(of: request)
        captures.setAuthKey(request.authKey.isEmpty ? nil : request.authKey)
        captures.receive(
            request.packets.dropFirst(known).map { [UInt8]($0) }, stream: request.stream,
            arrivalMicros: arrivals.isEmpty
                ? Array(repeating: now, count: request.packets.count - known) : Array(arrivals.dropFirst(known)),
            knowsArrivals: !arrivals.isEmpty, origin: origin)
        if request.ends { captures.end(origin) }
        var (events, counts) = captures.take()
        counts.received &+= UInt64(known)
        counts.duplicates &+= UInt64(known)
        let summary = take(events, counts: counts, from: .hepFile, isNumbered: place != nil)
        var response = Busyhour_V1_IngestResponse(summary, read: counts.received)
        response.notCalls &+= counts.notCalls
        response.duplicates &+= counts.duplicates
        response.errors &+= counts.errorCount
        response.errorsByName.merge(counts.errors, uniquingKeysWith: &+)
        note(place, now: now, in: &response)
        return response
    }

    /// Gives up, and counts, messages of captures whose programs went away in the middle of them.
    func giveUpIdlePieces() {
        guard NIODeadline.now() >= nextPieceSweep else { return }
        nextPieceSweep = NIODeadline.now() + Limits.pieceSweep
        captures.giveUpIdlePieces()
        let (events, counts) = captures.take()
        if counts != FeedCounts() { take(events, counts: counts, from: .hepFile) }
    }

    /// Distinguishes programs: the pieces of one are not another's.
    private static func origin(of request: Busyhour_V1_IngestHEPRequest) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(request.stream)
        if request.hasBatch { hasher.combine(request.batch.producer) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
