// The journal's access to files. There is one disk for the system's files (`POSIXDisk`) and one in the tests that
// loses, tears and fails writes as a disk may (`SimulatedDisk`), so that every fault of a disk has a test that causes
// it.

/// An open file of a disk.
public struct DiskFile: Hashable, Sendable {
    public var path: String
    /// The disk's own number for the file.
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
    /// Writing to a file that may not exist yet; it is empty then.
    case creating
}

/// Files and their names. Data written is durable only after `sync` of the file, and the name of a file, created or
/// changed, only after `syncDirectory`. Every function may block as long as the disk does. Any thread may call.
public protocol Disk: Sendable {
    func open(_ path: String, for access: DiskAccess) throws(DiskError) -> DiskFile
    func close(_ file: DiskFile)
    func byteCount(of file: DiskFile) throws(DiskError) -> Int
    /// Fills the buffer from `offset` on, or as much of it as the file has.
    /// - Returns: number of bytes read.
    func read(into buffer: UnsafeMutableRawBufferPointer, from file: DiskFile, at offset: Int) throws(DiskError) -> Int
    /// Writes everything or throws; after an error any part of it may have been written.
    func write(_ bytes: UnsafeRawBufferPointer, to file: DiskFile, at offset: Int) throws(DiskError)
    /// Returns when everything written to the file is durable. After an error the state of the file is unknown: the
    /// system may have dropped the data, and a second call may succeed nevertheless. So there must be no second call.
    func sync(_ file: DiskFile) throws(DiskError)

    func createDirectory(_ path: String) throws(DiskError)
    /// Names in the directory, without its path, in no order.
    func list(_ directory: String) throws(DiskError) -> [String]
    /// Gives a file another name, replacing any file of that name.
    func rename(_ path: String, to newPath: String) throws(DiskError)
    func remove(_ path: String) throws(DiskError)
    /// Returns when the names in the directory are durable.
    func syncDirectory(_ path: String) throws(DiskError)
    /// Takes the lock of a file, creating it if necessary; released by `close` or the end of the process.
    func lock(_ path: String) throws(DiskError) -> DiskFile
}
