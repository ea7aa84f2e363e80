import Wire

/// Requests that go out in order with a few of them under way, and what their answers add up to.
struct RequestPipe {
    private var underWay: [Task<Busyhour_V1_IngestResponse, any Error>] = []
    private(set) var summary = FeedSummary()

    /// Sends another request, and waits for the oldest answer first if `Limits.requestsUnderWay` are out.
    /// - Parameter request: hands its request to the connection before it waits for anything, as the client's calls do.
    mutating func send(_ request: @escaping @Sendable () async throws -> Busyhour_V1_IngestResponse) async throws {
        if underWay.count >= Limits.requestsUnderWay { try await receive() }
        // Runs at once until it waits for the answer: tasks that are only made start in any order.
        underWay.append(Task.immediate { try await request() })
    }

    /// Waits for every answer.
    mutating func finish() async throws {
        while !underWay.isEmpty { try await receive() }
    }

    private mutating func receive() async throws {
        summary.add(try await underWay.removeFirst().value)
    }
}
