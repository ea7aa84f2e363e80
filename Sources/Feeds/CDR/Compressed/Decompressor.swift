/// Unpacks a file step by step, whichever way it is packed. Memory: that of the library (gzip 32 KB, zstd at most 128 MB, for it
/// refuses larger windows), whatever the file says; the caller's buffer bounds what a step gives.
public final class Decompressor {
    /// How a file is packed, by its first bytes and not by its name.
    public enum Kind: String, Sendable {
        case gzip
        case zstd

        /// Bytes by which a kind is known.
        public static let signatureBytes = 4

        /// - Parameter head: the first bytes of a file, as many as there are.
        /// - Returns: nil: it is not packed in a way that is known.
        public init?(_ head: some Sequence<UInt8>) {
            let head = Array(head.prefix(Self.signatureBytes))
            if head.starts(with: [0x1F, 0x8B, 0x08]) {
                self = .gzip
            } else if head == [0x28, 0xB5, 0x2F, 0xFD] || Self.isSkippable(head) {
                self = .zstd
            } else {
                return nil
            }
        }

        /// A frame of zstd with nothing to unpack in it; files of pzstd begin with one.
        private static func isSkippable(_ head: [UInt8]) -> Bool {
            head.count == 4 && head[0] & 0xF0 == 0x50 && head[1...].elementsEqual([0x2A, 0x4D, 0x18])
        }
    }

    /// What a step has done.
    public struct Step: Equatable, Sendable {
        /// Bytes of the input that are not needed again.
        public var consumed: Int
        /// Bytes at the beginning of the output.
        public var produced: Int
    }

    private let stream: any DecompressionStream

    /// - Throws: `DecompressionError` when the kind cannot be unpacked on this machine.
    public init(_ kind: Kind) throws(DecompressionError) {
        switch kind {
        case .gzip: stream = try GzipStream()
        case .zstd: stream = try ZstdStream()
        }
    }

    /// Unpacks from the input until that is used up or the output is full.
    /// - Throws: `DecompressionError` when the file is damaged; what a step gave before is good.
    public func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DecompressionError) -> Step {
        try stream.step(input, into: output)
    }

    /// The file is over.
    /// - Throws: `DecompressionError` when it ends in the middle.
    public func finish() throws(DecompressionError) {
        if !stream.isWhole { throw DecompressionError(problem: .cutShort, detail: "") }
    }
}

/// One way of packing.
protocol DecompressionStream: AnyObject {
    /// Everything that was begun has ended.
    var isWhole: Bool { get }
    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DecompressionError) -> Decompressor.Step
}

/// A packed file that cannot be unpacked, or not to its end.
public struct DecompressionError: Error, Equatable, Sendable {
    public enum Problem: Sendable {
        case cutShort, damaged, notPossible
    }

    public let problem: Problem
    /// What the library says of it.
    public let detail: String

    /// One line: what is wrong.
    public var message: String {
        switch problem {
        case .cutShort: "the packed file ends in the middle"
        case .damaged: "the packed file is damaged (\(detail))"
        case .notPossible: "the file cannot be unpacked here: \(detail)"
        }
    }

    /// How to mend it.
    public var remedy: String {
        switch problem {
        case .cutShort: "fetch it again, whole, and feed it again: what is counted is not counted twice"
        case .damaged: "fetch it again and feed it again: what is counted is not counted twice"
        case .notPossible: "unpack it first"
        }
    }
}
