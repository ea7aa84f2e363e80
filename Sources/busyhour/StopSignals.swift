import Glibc
import Synchronization

/// SIGINT and SIGTERM, which after `catchThem` do not end the process but are to be polled.
enum StopSignals {
    private static let received = Atomic(false)

    static func catchThem() {
        // Initialized before a handler needs it. A handler only stores to an atomic.
        received.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] { signal(number) { _ in StopSignals.received.store(true, ordering: .relaxed) } }
    }

    static var isReceived: Bool { received.load(ordering: .relaxed) }
}
