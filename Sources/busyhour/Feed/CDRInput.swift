// A CDR file as it is read: decompressed on the way if its first bytes show that it is compressed.

import Feeds

final class CDRInput {
    private let input: InputFile
    private let decompressor: Decompressor?
    /// Bytes read and not returned yet; compressed if the file is.
    private var piece: [UInt8]
    private var place = 0
    /// The last step filled its output, so there may be more without further input.
    private var mayHaveMore = false

    /// - Throws: `Refusal` if it cannot be opened, or decompressed on this machine.
    init(_ path: String) throws(Refusal) {
        input = try InputFile(path)
        piece = try input.read() ?? []
        // A pipe may deliver its first bytes one by one.
        while piece.count < Decompressor.Kind.signatureBytes, Self.maySignify(piece), let more = try input.read() {
            piece += more
        }
        guard let kind = Decompressor.Kind(piece) else {
            decompressor = nil
            return
        }
        do {
            decompressor = try Decompressor(kind)
        } catch {
            throw Refusal("\(path): \(error.message); \(error.remedy)")
        }
    }

    /// All bytes delivered by a pipe were returned: the next read may wait.
    var isDrained: Bool { input.isDrained && place == piece.count && !mayHaveMore }

    /// The next bytes, decompressed, at most `Limits.readBytes` of a compressed file; nil at the end.
    /// - Throws: `Refusal`; `DecompressionError` at the point where a compressed file is damaged or cut.
    func read() throws -> [UInt8]? {
        guard let decompressor else {
            if place == 0, !piece.isEmpty {
                place = piece.count
                defer { (piece, place) = ([], 0) }
                return piece
            }
            return try input.read()
        }
        while true {
            if place == piece.count, !mayHaveMore {
                guard let next = try input.read() else {
                    try decompressor.finish()
                    return nil
                }
                (piece, place) = (next, 0)
            }
            let unpacked = try unpack(by: decompressor)
            if !unpacked.isEmpty { return unpacked }
        }
    }

    private func unpack(by decompressor: Decompressor) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Limits.readBytes)
        let step = try piece.withUnsafeBytes { from in
            try output.withUnsafeMutableBytes { to in
                try decompressor.step(UnsafeRawBufferPointer(rebasing: from[place...]), into: to)
            }
        }
        place += step.consumed
        mayHaveMore = step.produced == output.count
        output.removeLast(output.count - step.produced)
        return output
    }

    /// Whether these may be the first bytes of a compressed file.
    private static func maySignify(_ head: [UInt8]) -> Bool {
        guard let first = head.first else { return false }
        return [0x1F, 0x28].contains(first) || first & 0xF0 == 0x50
    }
}
