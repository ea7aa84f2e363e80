// The engine: customers, calls and windows as one state machine. It reads no clock, opens no file and starts no thread:
// every call of it takes the time as an argument, changes the state and returns an answer, so the same inputs give the same
// outputs, in a test, a replay or a simulation. One thread owns it.
//
//     Engine+Customers  who there is                    Engine+Board    the grid
//     Engine+Events     live events -> tracked calls    Engine+Explain  where a figure comes from
//     Engine+Records    finished calls                  Engine+Clock    time, deadlines, folds

import CallEvents
import Columnar

public final class Engine {
    public let configuration: EngineConfiguration

    /// The engine's time, microseconds since 1970: the newest `now` it was given or, by the events' clock, the newest event's.
    public internal(set) var nowMicros: Int64 = 0

    var customers = CustomerTable()
    var auth = AuthIndex()
    var outcomes = OutcomeTable()
    var timeline: Timeline
    var calls = CallTable()
    var seen = SeenCalls()
    var recent = RecentCalls()
    var unattributed = UnattributedSources()
    /// Our own hosts: told, or learnt as where customers send their calls.
    var switches: Set<IPAddress>
    var idempotent = IdempotentResults()

    var activeCalls = 0
    var late: Int64 = 0
    var future: Int64 = 0
    var timedOut: Int64 = 0
    var noResponse: Int64 = 0

    public init(configuration: EngineConfiguration = EngineConfiguration()) {
        self.configuration = configuration
        timeline = Timeline(weights: OutcomeWeights(outcomes))
        switches = Set(configuration.switches)
    }

    public var customerCount: Int { customers.count }

    public func status(now: Int64) -> EngineStatus {
        advance(now: now)
        var status = EngineStatus()
        status.nowMicros = nowMicros == 0 ? now : nowMicros
        status.customers = customers.count
        status.activeCalls = activeCalls
        status.tombstones = calls.count - activeCalls
        status.unattributed = unattributed.total
        status.unattributedSources = unattributed.top(20)
        status.late = late
        status.future = future
        status.timedOut = timedOut
        status.noResponse = noResponse
        status.residentBytes = byteSize
        return status
    }

    /// Octets that the columns, tables and logs hold.
    public var byteSize: Int {
        customers.byteSize + auth.byteSize + timeline.byteSize + calls.byteSize + seen.byteSize + recent.byteSize
    }
}
