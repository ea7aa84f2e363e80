// The system's disk, which stands still when a test says so: what is written becomes durable when it goes on.

import Dispatch
import Store
import Synchronization

final class StandingDisk: Disk {
    private let disk = POSIXDisk()
    /// One that waits for the disk at a time; the test is one of them while the disk stands.
    private let gate = DispatchSemaphore(value: 0)
    private let isStanding = Atomic(false)

    init() { gate.signal() }

    /// Returns when no thread is syncing, and from then on none can.
    func stand() {
        gate.wait()
        isStanding.store(true, ordering: .sequentiallyConsistent)
    }

    /// Of no effect where it does not stand.
    func goOn() { if isStanding.exchange(false, ordering: .sequentiallyConsistent) { gate.signal() } }

    func sync(_ file: DiskFile) throws(DiskError) {
        gate.wait()
        defer { gate.signal() }
        try disk.sync(file)
    }

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
    func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
    func list(_ directory: String) throws(DiskError) -> [String] { try disk.list(directory) }
    func rename(_ path: String, to newPath: String) throws(DiskError) { try disk.rename(path, to: newPath) }
    func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    func syncDirectory(_ path: String) throws(DiskError) { try disk.syncDirectory(path) }
    func lock(_ path: String) throws(DiskError) -> DiskFile { try disk.lock(path) }
}
