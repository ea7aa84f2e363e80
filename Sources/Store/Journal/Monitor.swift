// A value that several threads use, and on whose changes they wait.

import Glibc

/// One thread at a time has the value; others sleep until it is signalled.
///
/// `@unchecked`: `value`, the mutex and the condition are touched only by the thread that holds the mutex, and the memory
/// of both stays where it is until the last reference is gone.
final class Monitor<Value: Sendable>: @unchecked Sendable {
    /// Only within `withLock`.
    var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ value: Value) {
        self.value = value
        // These fail only for attributes that the system does not have, and Linux has this clock.
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Gives the body the monitor, whose value is its own until it returns or waits.
    func withLock<Result, Failure: Error>(_ body: (Monitor) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(self)
    }

    // ---- within `withLock` only ---------------------------------------------------------------------------------

    /// Wakes all that wait.
    func signal() { pthread_cond_broadcast(condition) }

    /// Lets others have the value until one of them signals; the caller looks again whether what he waits for is there.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// The same, for so long at most.
    func wait(milliseconds: Int) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = end.tv_nsec + milliseconds % 1_000 * 1_000_000
        end.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, mutex, &end)
    }
}

/// A thread for what blocks.
final class WorkerThread: Sendable {
    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    private let handle: pthread_t

    init(_ run: @escaping @Sendable () -> Void) {
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                // What `passRetained` gave; never nil.
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(Work(run)).toOpaque())
        precondition(code == 0, "the system has no thread left; raise the limit of processes and start again")
        self.handle = handle
    }

    /// Waits for its end; to be called once.
    func join() { pthread_join(handle, nil) }
}
