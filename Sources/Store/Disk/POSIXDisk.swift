// The system's files. Files are opened without following links, so a link planted in the directory leads nowhere.

import Glibc

public struct POSIXDisk: Disk {
    public init() {}

    public func open(_ path: String, for access: DiskAccess) throws(DiskError) -> DiskFile {
        switch access {
        case .reading: try open(path, O_RDONLY, .open)
        case .writing: try open(path, O_RDWR, .open)
        case .creating: try open(path, O_RDWR | O_CREAT | O_EXCL, .create)
        }
    }

    public func close(_ file: DiskFile) {
        // What had to be durable was synced before, so an error here means nothing.
        _ = Glibc.close(file.number)
    }

    public func byteCount(of file: DiskFile) throws(DiskError) -> Int {
        var facts = stat()
        guard fstat(file.number, &facts) == 0 else { throw DiskError(.size, file.path, code: errno) }
        return Int(facts.st_size)
    }

    public func read(
        into buffer: UnsafeMutableRawBufferPointer, from file: DiskFile, at offset: Int
    ) throws(DiskError) -> Int {
        do {
            return try Transfer.all(buffer.count) { done in
                // `done` is below the count, so the buffer has an address, and bytes from there on.
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                return pread(file.number, rest.baseAddress, rest.count, offset + done)
            }
        } catch { throw DiskError(.read, file.path, code: error.code) }
    }

    public func write(_ bytes: UnsafeRawBufferPointer, to file: DiskFile, at offset: Int) throws(DiskError) {
        let written: Int
        do {
            written = try Transfer.all(bytes.count) { done in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
                return pwrite(file.number, rest.baseAddress, rest.count, offset + done)
            }
        } catch { throw DiskError(.write, file.path, code: error.code) }
        // A disk that accepts nothing and reports no error.
        guard written == bytes.count else { throw DiskError(.write, file.path, code: EIO) }
    }

    public func sync(_ file: DiskFile) throws(DiskError) {
        do { _ = try Transfer.uninterrupted { fdatasync(file.number) } } catch {
            throw DiskError(.sync, file.path, code: error.code)
        }
    }

    public func createDirectory(_ path: String) throws(DiskError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw DiskError(.createDirectory, path, code: errno)
        }
    }

    public func list(_ directory: String) throws(DiskError) -> [String] {
        guard let stream = opendir(directory) else { throw DiskError(.list, directory, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            // The name is in the entry and ends with a zero byte.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw DiskError(.list, directory, code: errno) }
        return names
    }

    public func rename(_ path: String, to newPath: String) throws(DiskError) {
        guard Glibc.rename(path, newPath) == 0 else { throw DiskError(.rename, path, code: errno) }
    }

    public func remove(_ path: String) throws(DiskError) {
        guard unlink(path) == 0 else { throw DiskError(.remove, path, code: errno) }
    }

    public func syncDirectory(_ path: String) throws(DiskError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskError(.syncDirectory, path, code: errno) }
        defer { _ = Glibc.close(descriptor) }
        do { _ = try Transfer.uninterrupted { fsync(descriptor) } } catch {
            throw DiskError(.syncDirectory, path, code: error.code)
        }
    }

    public func lock(_ path: String) throws(DiskError) -> DiskFile {
        let file = try open(path, O_RDWR | O_CREAT, .lock)
        do { _ = try Transfer.uninterrupted { flock(file.number, LOCK_EX | LOCK_NB) } } catch {
            close(file)
            throw DiskError(.lock, path, code: error.code)
        }
        return file
    }

    private func open(_ path: String, _ flags: CInt, _ operation: DiskError.Operation) throws(DiskError) -> DiskFile {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DiskError(operation, path, code: errno) }
        return DiskFile(path: path, number: descriptor)
    }
}

/// System calls that may do less than requested.
enum Transfer {
    /// The system's error number.
    struct Failure: Error, Equatable {
        var code: Int32
    }

    /// Repeats `step`, which receives how much is done and does some of the rest, until all is done or it makes no
    /// progress.
    /// - Returns: how much is done; less than `count` only where a step did nothing.
    static func all(_ count: Int, _ step: (_ done: Int) -> Int) throws(Failure) -> Int {
        var done = 0
        while done < count {
            let moved = try uninterrupted { step(done) }
            if moved == 0 { break }
            done += moved
        }
        return done
    }

    /// Repeats a call that a signal interrupted before it did anything. A negative result is an error.
    static func uninterrupted<Result: FixedWidthInteger>(_ call: () -> Result) throws(Failure) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw Failure(code: errno) }
        }
    }
}
