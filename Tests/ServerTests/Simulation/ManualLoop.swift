// An event loop whose time is the test's: nothing happens on it but what the test lets happen. Other threads may give
// it work, which waits until the test runs it.

import Dispatch
import Glibc
import NIOCore
import Synchronization

/// Runs on the thread that made it, when it is told to.
final class ManualLoop: EventLoop {
    private struct Work {
        var number: Int
        var deadline: NIODeadline
        var run: @Sendable () -> Void
    }

    private struct State {
        var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
        var lastNumber = 0
        var work: [Work] = []

        /// The work that is due first, at most at `end`; the time is then its own.
        mutating func takeDue(by end: NIODeadline) -> (@Sendable () -> Void)? {
            let first = work.indices.min {
                (work[$0].deadline, work[$0].number) < (work[$1].deadline, work[$1].number)
            }
            guard let first, work[first].deadline <= end else { return nil }
            now = max(now, work[first].deadline)
            return work.remove(at: first).run
        }
    }

    private let state = Mutex(State())
    private let thread = pthread_self()
    /// Signalled for each work that another thread gives.
    private let given = DispatchSemaphore(value: 0)

    var now: NIODeadline { state.withLock { $0.now } }

    var inEventLoop: Bool { pthread_equal(thread, pthread_self()) != 0 }

    /// Does what is due, and what comes of it.
    func run() { advance(by: .zero) }

    /// Lets time pass, and does what falls due meanwhile, each at its time.
    func advance(by amount: TimeAmount) {
        let end = now + amount
        while let work = state.withLock({ $0.takeDue(by: end) }) { work() }
        state.withLock { $0.now = max($0.now, end) }
    }

    /// Runs until something is so that other threads have a part in: the disk's, or that of boards.
    /// - Returns: false if nothing comes of them for a minute.
    func run(until isDone: () -> Bool) -> Bool {
        while true {
            run()
            if isDone() { return true }
            // Whatever another thread has done, it tells here.
            if given.wait(timeout: .now() + .seconds(60)) == .timedOut { return false }
        }
    }

    // MARK: - What an event loop has to have

    func execute(_ task: @escaping @Sendable () -> Void) { _ = add(at: now, task) }

    @discardableResult
    func scheduleTask<T>(deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        let promise = makePromise(of: T.self)
        let number = add(at: deadline) {
            do {
                promise.assumeIsolated().succeed(try task())
            } catch {
                promise.fail(error)
            }
        }
        return Scheduled(promise: promise) { self.state.withLock { $0.work.removeAll { $0.number == number } } }
    }

    @discardableResult
    func scheduleTask<T>(in amount: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        scheduleTask(deadline: now + amount, task)
    }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        callback(nil)
    }

    private func add(at deadline: NIODeadline, _ run: @escaping @Sendable () -> Void) -> Int {
        defer { if !inEventLoop { given.signal() } }
        return state.withLock { state in
            state.lastNumber += 1
            state.work.append(Work(number: state.lastNumber, deadline: deadline, run: run))
            return state.lastNumber
        }
    }
}
