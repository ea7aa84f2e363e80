@testable import Store

/// A disk used wrongly: what a journal would be that leaves out a step, to see that the tests notice.
struct FlawedDisk: Disk {
    enum Flaw: CaseIterable, Sendable {
        /// Files are not synced.
        case skipsSync
        /// Directories are not synced.
        case skipsDirectorySync
        /// Names are changed before what they name is on the disk.
        case syncsAfterRename
    }

    let disk: SimulatedDisk
    let flaw: Flaw

    func open(_ path: String, for access: DiskAccess) throws(DiskError) -> DiskFile {
        try disk.open(path, for: access)
    }
    func close(_ file: DiskFile) { disk.close(file) }
    func byteCount(of file: DiskFile) throws(DiskError) -> Int { try disk.byteCount(of: file) }
    func read(into buffer: UnsafeMutableRawBufferPointer, from file: DiskFile, at offset: Int) throws(DiskError) -> Int
    {
        try disk.read(into: buffer, from: file, at: offset)
    }
    func write(_ bytes: UnsafeRawBufferPointer, to file: DiskFile, at offset: Int) throws(DiskError) {
        try disk.write(bytes, to: file, at: offset)
    }
    func sync(_ file: DiskFile) throws(DiskError) {
        switch flaw {
        case .skipsSync: return
        // Of a spare that is about to get its name; what is written later is synced.
        case .syncsAfterRename where file.path.contains("spare"): return
        default: try disk.sync(file)
        }
    }
    func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
    func list(_ directory: String) throws(DiskError) -> [String] { try disk.list(directory) }
    func rename(_ path: String, to newPath: String) throws(DiskError) { try disk.rename(path, to: newPath) }
    func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    func syncDirectory(_ path: String) throws(DiskError) {
        if flaw != .skipsDirectorySync { try disk.syncDirectory(path) }
    }
    func lock(_ path: String) throws(DiskError) -> DiskFile { try disk.lock(path) }
}
