// How the process takes memory from the system.

import CMalloc

enum Memory {
    /// Large arrays stay in the process when they are let go: a long answer is made of some megabytes that live for a
    /// millisecond, and giving them back and having them zeroed again took four times as long as filling them.
    ///
    /// What is kept so is at most what was once in use at the same time.
    static func keepWhatIsFreed() {
        // The highest threshold that glibc takes.
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 256 << 20)
    }
}
