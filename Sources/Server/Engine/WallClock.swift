import Glibc

/// The machine's time.
public enum WallClock {
    /// Microseconds since 1970 (UTC).
    public static func nowMicros() -> Int64 {
        var time = timespec()
        // CLOCK_REALTIME always exists, so the call cannot fail.
        clock_gettime(CLOCK_REALTIME, &time)
        // In range until the year 294,000.
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
