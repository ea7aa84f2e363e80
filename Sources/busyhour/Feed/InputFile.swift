import Foundation
import Terminal

/// A file, or standard input (`-`), read piece by piece.
final class InputFile {
    private let name: String
    private let handle: FileHandle

    /// - Throws: `Refusal` when it cannot be opened.
    init(_ name: String) throws {
        self.name = name
        if name == "-" {
            handle = .standardInput
        } else {
            do {
                handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: name))
            } catch {
                let reason = (error as NSError).userInfo[NSUnderlyingErrorKey].map { "\($0)" } ?? "\(error)"
                throw Refusal(
                    "cannot read \(name): \(FileManager.default.fileExists(atPath: name) ? reason : "there is no such file")"
                )
            }
        }
    }

    /// The next octets, or nil at the end.
    func read() throws -> Data? {
        do {
            guard let piece = try handle.read(upToCount: Limits.readOctets), !piece.isEmpty else { return nil }
            return piece
        } catch {
            throw Refusal("cannot read \(name): \(error)")
        }
    }
}
