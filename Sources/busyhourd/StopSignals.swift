import Glibc

/// SIGTERM and SIGINT, waited for instead of handled: no code runs in a signal handler.
struct StopSignals {
    private var set = sigset_t()

    /// Blocks the signals in this thread and in all that it starts from now on. To be made before any other thread.
    init() {
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // Writing to a closed connection is an error of the call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for one of them.
    func wait() {
        var set = set
        var received: CInt = 0
        // Fails only for a set without signals.
        sigwait(&set, &received)
    }
}
