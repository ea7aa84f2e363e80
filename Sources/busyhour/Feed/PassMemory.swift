// Remembers which files had times in the hour repeated at the end of daylight saving.
//
// Files without an offset in their times show the pass by their order: a file that begins again at two o'clock, after
// one that was at ten to three, is in the second pass. So the latest time in that hour is stored by directory, and what
// was known when a file was fed: fed again it is read the same way. Nearly all files have no such times, and need no
// entry.

import Foundation

struct PassMemory {
    private struct File: Codable, Equatable {
        /// Its identity: a number of bytes at its head and their hash.
        var headBytes: Int
        var head: String
        /// The latest time of the earlier files when it was first fed; nil: none.
        var floor: Int64?
        /// The latest set-up in such an hour.
        var latest: Int64
    }

    private let path: String?
    private var files: [File] = []

    /// - Parameter what: what distinguishes this feed from others; nil: nothing is stored beyond this process.
    init(_ what: [String], file: String, environment: [String: String]) {
        guard file != InputFile.standardInput, let folder = StateFolder.path(environment) else {
            path = nil
            return
        }
        var hash = StableHash()
        for text in what { hash.add(text) }
        hash.add((StateFolder.absolute(file) as NSString).deletingLastPathComponent)
        path = "\(folder)/passes-\(hash.text).json"
        files =
            path.flatMap { FileManager.default.contents(atPath: $0) }
            .flatMap { try? JSONDecoder().decode([File].self, from: $0) } ?? []
    }

    /// The latest time of the files before a file, microseconds since 1970.
    func floor(of file: String) -> Int64? {
        if let known = entry(of: file) { return files[known].floor }
        return files.map(\.latest).max()
    }

    /// Records the latest set-up of a file that has been read.
    mutating func note(_ file: String, floor: Int64?, latest: Int64) {
        if let known = entry(of: file) {
            files[known].latest = max(files[known].latest, latest)
        } else {
            guard let head = Self.head(of: file, bytes: Limits.headBytes) else { return }
            files.append(File(headBytes: head.bytes, head: head.hash, floor: floor, latest: latest))
            files.removeFirst(max(0, files.count - Limits.passFiles))
        }
        guard let path, let data = try? JSONEncoder().encode(files) else { return }
        // If lost, the next file may be read as of the first pass; nothing else shows the pass.
        try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private func entry(of file: String) -> Int? {
        files.firstIndex { known in
            guard let head = Self.head(of: file, bytes: known.headBytes) else { return false }
            return head.bytes == known.headBytes && head.hash == known.head
        }
    }

    private static func head(of file: String, bytes: Int) -> (bytes: Int, hash: String)? {
        guard file != InputFile.standardInput, (0...Limits.headBytes).contains(bytes),
            let handle = FileHandle(forReadingAtPath: file)
        else { return nil }
        defer { try? handle.close() }
        let data = (try? handle.read(upToCount: max(1, bytes))) ?? Data()
        var hash = StableHash()
        hash.add(data)
        return (data.count, hash.text)
    }
}
