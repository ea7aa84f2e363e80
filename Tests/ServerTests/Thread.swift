import Glibc

/// A thread for what blocks beside the test.
final class Thread {
    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }
    private var handle = pthread_t()

    init(_ run: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(run))
        pthread_create(
            &handle, nil,
            { argument in
                // What `passRetained` gave; never nil.
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
    }

    func join() { pthread_join(handle, nil) }
}
