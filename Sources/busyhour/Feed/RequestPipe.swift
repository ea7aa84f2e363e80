import Wire

/// Requests that go out in order with a few of them under way, and what their answers add up to.
struct RequestPipe {
    private var underWay: [Task<Busyhour_V1_IngestResponse, any Error>] = []
    private(set) var summary = FeedSummary()

    /// Sends another request, and waits for the oldest answer if `Limits.requestsUnderWay` are out.
    mutating func send(_ request: @escaping @Sendable () async throws -> Busyhour_V1_IngestResponse) async throws {
        if underWay.count >= Limits.requestsUnderWay { try await receive() }
        underWay.append(Task(operation: request))
        // The client writes requests in the order of the calls; let this one be called before the next is made.
        await Task.yield()
    }

    /// Waits for every answer.
    mutating func finish() async throws {
        while !underWay.isEmpty { try await receive() }
    }

    private mutating func receive() async throws {
        summary.add(try await underWay.removeFirst().value)
    }
}
