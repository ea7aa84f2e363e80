// A file of CDRs as it is read: unpacked on the way if it is packed, which its first bytes tell.

import Feeds

final class CDRInput {
    private let input: InputFile
    private let decompressor: Decompressor?
    /// What was read and is not given out yet; of a packed file packed.
    private var piece: [UInt8]
    private var place = 0
    /// The last step filled its output, so there may be more without further input.
    private var mayHaveMore = false

    /// - Throws: `Refusal` when it cannot be opened, or unpacked on this machine.
    init(_ path: String) throws(Refusal) {
        input = try InputFile(path)
        piece = try input.read() ?? []
        // A pipe may give its first bytes one by one.
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

    /// What a pipe has given was given out: the next read may wait.
    var isDrained: Bool { input.isDrained && place == piece.count && !mayHaveMore }

    /// The next bytes, unpacked, at most `Limits.readBytes` of a packed file; nil at the end.
    /// - Throws: `Refusal`; `DecompressionError` at the place where a packed file is damaged or cut.
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

    /// Whether these may be the first bytes of a packed file.
    private static func maySignify(_ head: [UInt8]) -> Bool {
        guard let first = head.first else { return false }
        return [0x1F, 0x28].contains(first) || first & 0xF0 == 0x50
    }
}
