import Glibc

/// SIGTERM, SIGINT and SIGHUP, waited for instead of handled: no code runs in a signal handler.
struct StopSignals {
    private var set = sigset_t()

    /// Blocks the signals in this thread and in all that it starts from now on. To be created before any other thread.
    init() {
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        // Sent by closing terminals, `systemctl reload` and log rotation; none of them means that the server should
        // end.
        sigaddset(&set, SIGHUP)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // Writing to a closed connection is an error of the call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for SIGTERM or SIGINT.
    /// - Parameter hangUp: called for each SIGHUP.
    func wait(hangUp: () -> Void) {
        var set = set
        while true {
            var received: CInt = 0
            // Fails only for a set without signals.
            guard sigwait(&set, &received) == 0, received == SIGHUP else { return }
            hangUp()
        }
    }
}
