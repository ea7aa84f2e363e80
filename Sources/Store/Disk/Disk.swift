// Through what the journal touches files. There is one disk that is the system's (`POSIXDisk`) and one in the tests, which
// loses, tears and fails writes as a disk may (`SimulatedDisk`), so that every fault of a disk has a test that makes it.

/// An open file of a disk.
public struct DiskFile: Hashable, Sendable {
    public var path: String
    /// The disk's own number of it.
    public var number: Int32

    public init(path: String, number: Int32) {
        self.path = path
        self.number = number
    }
}

/// How a file is opened.
public enum DiskAccess: Sendable {
    case reading
    case writing
    /// Writing to a file that may not exist yet, empty.
    case creating
}

/// Files and the names of files. What was written is safe only after `sync` of the file, and the name of a file, created or
/// changed, only after `syncDirectory`. Every function may block for as long as the disk does. Any thread may call.
public protocol Disk: Sendable {
    func open(_ path: String, for access: DiskAccess) throws(DiskError) -> DiskFile
    func close(_ file: DiskFile)
    func byteCount(of file: DiskFile) throws(DiskError) -> Int
    /// Fills the buffer from `offset` on, or as much of it as the file has.
    /// - Returns: bytes that were read.
    func read(into buffer: UnsafeMutableRawBufferPointer, from file: DiskFile, at offset: Int) throws(DiskError) -> Int
    /// Writes everything or throws; after an error any part of it may be written.
    func write(_ bytes: UnsafeRawBufferPointer, to file: DiskFile, at offset: Int) throws(DiskError)
    /// Returns when everything written to the file is on the disk. After an error nobody knows what of it is: the
    /// system may have forgotten it, and a second call may succeed nevertheless. So there must be none.
    func sync(_ file: DiskFile) throws(DiskError)

    func createDirectory(_ path: String) throws(DiskError)
    /// Names in the directory, without its path, in no order.
    func list(_ directory: String) throws(DiskError) -> [String]
    /// Gives a file another name; one that had it is gone.
    func rename(_ path: String, to newPath: String) throws(DiskError)
    func remove(_ path: String) throws(DiskError)
    /// Returns when the names in the directory are on the disk.
    func syncDirectory(_ path: String) throws(DiskError)
    /// Takes the lock of a file, which is created where needed; it ends with `close` or the process.
    func lock(_ path: String) throws(DiskError) -> DiskFile
}
