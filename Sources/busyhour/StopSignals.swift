import Glibc
import Synchronization

/// SIGINT and SIGTERM, which after `catchThem` do not end the process but are to be asked for.
enum StopSignals {
    private static let received = Atomic(false)

    static func catchThem() {
        // Made before a handler needs it. A handler does no more than to store to an atomic.
        received.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] { signal(number) { _ in StopSignals.received.store(true, ordering: .relaxed) } }
    }

    static var isReceived: Bool { received.load(ordering: .relaxed) }
}
