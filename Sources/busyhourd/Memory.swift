// How the process takes memory from the system.

import CMalloc
import Glibc

enum Memory {
    /// Memory comes in huge pages (2 MB) where the kernel gives them to who asks: a query of a million customers goes through
    /// ten thousand small pages otherwise, and looking up where they are is up to a quarter of its time.
    ///
    /// glibc reads this setting only when a program starts, so it is set and the program started anew, under the same process
    /// number and before it has done anything. Who sets `glibc.malloc.hugetlb` himself keeps what he has set.
    static func takeHugePages() {
        let (name, setting) = ("GLIBC_TUNABLES", "glibc.malloc.hugetlb")
        let told = getenv(name).map { String(cString: $0) } ?? ""
        guard !told.contains(setting) else { return }
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { return }
        setenv(name, (told.isEmpty ? "" : told + ":") + setting + "=1", 1)
        // Comes back only where it fails, and then all works as before.
        execv(path, CommandLine.unsafeArgv)
    }

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
