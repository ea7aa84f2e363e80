import Glibc

/// Memory of this process.
enum ProcessMemory {
    /// Resident bytes; 0 where the system does not report them.
    static func residentBytes() -> UInt64 {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        // "total resident shared ...", in pages.
        let fields = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
        return pages &* UInt64(clamping: sysconf(Int32(_SC_PAGESIZE)))
    }
}
