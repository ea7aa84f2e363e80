// How the process takes memory from the system.

import CMalloc
import Glibc

enum Memory {
    /// Memory comes in huge pages (2 MB) if the kernel gives them on request: a query of a million customers otherwise
    /// goes through ten thousand small pages, and looking up their addresses is up to a quarter of its time.
    ///
    /// glibc reads this setting only when a program starts, so it is set and the program re-executed, under the same
    /// process number and before it has done anything. A value of `glibc.malloc.hugetlb` set by the user is left as is.
    static func takeHugePages() {
        let (name, setting) = ("GLIBC_TUNABLES", "glibc.malloc.hugetlb")
        let told = getenv(name).map { String(cString: $0) } ?? ""
        guard !told.contains(setting) else { return }
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { return }
        setenv(name, (told.isEmpty ? "" : told + ":") + setting + "=1", 1)
        // Returns only if it fails, and then all works as before.
        execv(path, CommandLine.unsafeArgv)
    }

    /// Large arrays stay in the process when they are freed: a long answer consists of some megabytes that live for a
    /// millisecond, and giving them back and having them zeroed again took four times as long as filling them.
    ///
    /// The memory retained is at most what was once in use at the same time.
    static func keepWhatIsFreed() {
        // The highest threshold that glibc accepts.
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 256 << 20)
    }
}
