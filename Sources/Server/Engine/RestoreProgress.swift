// How far a start has come, for the log and for programs that ask meanwhile.

import Logging
import NIOCore
import Synchronization

/// One thread restores; any thread reads.
final class RestoreProgress: Sendable {
    enum Phase: String {
        case customers
        case changes
        case statistics
    }

    struct Step: Equatable {
        var phase = Phase.customers
        /// Changes replayed so far, and their total. 0 of 0: not known.
        var done: UInt64 = 0
        var total: UInt64 = 0

        var text: String {
            switch phase {
            case .customers: "it reads the customers"
            case .changes: total == 0 ? "it reads the journal" : "\(done) of \(total) changes are done again"
            case .statistics: "it reads the statistics"
            }
        }
    }

    private let state = Mutex((step: Step(), lastTold: NIODeadline.now()))
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    var step: Step { state.withLock { $0.step } }

    /// Logs at most once a second: a shorter start logs nothing.
    func become(_ step: Step) {
        let isTold = state.withLock { state in
            state.step = step
            let isTold = NIODeadline.now() - state.lastTold >= Limits.progressInterval
            if isTold { state.lastTold = .now() }
            return isTold
        }
        if isTold { logger.info("starting: \(step.text)") }
    }
}
