// A value that several threads use and whose changes they wait for.

import Glibc

/// One thread at a time holds the value; others sleep until they are signalled.
///
/// `@unchecked`: `value`, the mutex and the condition are touched only by the thread that holds the mutex, and the
/// memory of both stays in place until the last reference is gone.
final class Monitor<Value: Sendable>: @unchecked Sendable {
    /// Access only within `withLock`.
    var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ value: Value) {
        self.value = value
        // These fail only for attributes that the system does not support, and Linux has this clock.
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

    /// Calls the body with the monitor, whose value is its own until it returns or waits.
    func withLock<Result, Failure: Error>(_ body: (Monitor) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(self)
    }

    // ---- within `withLock` only ---------------------------------------------------------------------------------

    /// Wakes all waiting threads.
    func signal() { pthread_cond_broadcast(condition) }

    /// Releases the value until another thread signals; the caller must check its condition again.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Like `wait()`, but no longer than this.
    func wait(milliseconds: Int) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let nanoseconds = end.tv_nsec + milliseconds % 1_000 * 1_000_000
        end.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, mutex, &end)
    }
}

/// A thread for blocking work.
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
                // The pointer that `passRetained` returned; never nil.
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, Unmanaged.passRetained(Work(run)).toOpaque())
        precondition(code == 0, "the system has no thread left; raise the limit of processes and start again")
        self.handle = handle
    }

    /// Waits for the thread to end. To be called once.
    func join() { pthread_join(handle, nil) }
}
