import Synchronization
import Testing
import Wire

@testable import busyhour

@Suite struct RequestPipeTests {
    private struct Log {
        var started: [Int] = []
        var underWay = 0
        var mostUnderWay = 0
    }

    @Test func requestsStartInOrderAndFewAreUnderWay() async throws {
        let all = SharedLog()
        var pipe = RequestPipe()
        for number in 0..<500 {
            try await pipe.send { await all.request(number) }
        }
        try await pipe.finish()
        all.log.withLock { log in
            #expect(log.started == Array(0..<500))
            #expect(log.mostUnderWay <= Limits.requestsUnderWay && log.underWay == 0)
        }
        #expect(pipe.summary.calls == 500)
    }

    @Test func anErrorEndsTheFeed() async throws {
        var pipe = RequestPipe()
        try await pipe.send { throw Refusal("no") }
        await #expect(throws: Refusal("no")) { try await pipe.finish() }
    }

    private final class SharedLog: Sendable {
        let log = Mutex(Log())

        /// Notes its start as the client does, before it first waits.
        func request(_ number: Int) async -> Busyhour_V1_IngestResponse {
            log.withLock {
                $0.started.append(number)
                $0.underWay += 1
                $0.mostUnderWay = max($0.mostUnderWay, $0.underWay)
            }
            for _ in 0..<number % 7 { await Task.yield() }
            log.withLock { $0.underWay -= 1 }
            var response = Busyhour_V1_IngestResponse()
            response.calls = 1
            return response
        }
    }
}
