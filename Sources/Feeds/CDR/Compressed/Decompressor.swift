/// Decompresses a file step by step, in any supported format. Memory: the library's (gzip 32 KB, zstd at most 128 MB,
/// for it refuses larger windows), whatever the file claims; the caller's buffer bounds the output of a step.
public final class Decompressor {
    /// How a file is compressed, by its first bytes and not by its name.
    public enum Kind: String, Sendable {
        case gzip
        case zstd

        /// Bytes needed to recognize a kind.
        public static let signatureBytes = 4

        /// - Parameter head: the first bytes of a file, as many as there are.
        /// - Returns: nil: it is not compressed in a known format.
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

        /// A frame of zstd without content; files of pzstd begin with one.
        private static func isSkippable(_ head: [UInt8]) -> Bool {
            head.count == 4 && head[0] & 0xF0 == 0x50 && head[1...].elementsEqual([0x2A, 0x4D, 0x18])
        }
    }

    /// The result of a step.
    public struct Step: Equatable, Sendable {
        /// Bytes of the input that are not needed again.
        public var consumed: Int
        /// Bytes written at the beginning of the output.
        public var produced: Int
    }

    private let stream: any DecompressionStream

    /// - Throws: `DecompressionError` if this machine cannot decompress the kind.
    public init(_ kind: Kind) throws(DecompressionError) {
        switch kind {
        case .gzip: stream = try GzipStream()
        case .zstd: stream = try ZstdStream()
        }
    }

    /// Decompresses from the input until that is used up or the output is full.
    /// - Throws: `DecompressionError` if the file is damaged; the output of earlier steps is good.
    public func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DecompressionError) -> Step {
        try stream.step(input, into: output)
    }

    /// The file is over.
    /// - Throws: `DecompressionError` if it ends in the middle.
    public func finish() throws(DecompressionError) {
        if !stream.isWhole { throw DecompressionError(problem: .cutShort, detail: "") }
    }
}

/// A compression format.
protocol DecompressionStream: AnyObject {
    /// All started members or frames have ended.
    var isWhole: Bool { get }
    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DecompressionError) -> Decompressor.Step
}

/// A compressed file that cannot be decompressed, or not to its end.
public struct DecompressionError: Error, Equatable, Sendable {
    public enum Problem: Sendable {
        case cutShort, damaged, notPossible
    }

    public let problem: Problem
    /// The library's message.
    public let detail: String

    /// One line: what is wrong.
    public var message: String {
        switch problem {
        case .cutShort: "the packed file ends in the middle"
        case .damaged: "the packed file is damaged (\(detail))"
        case .notPossible: "the file cannot be unpacked here: \(detail)"
        }
    }

    /// How to fix it.
    public var remedy: String {
        switch problem {
        case .cutShort: "fetch it again, whole, and feed it again: what is counted is not counted twice"
        case .damaged: "fetch it again and feed it again: what is counted is not counted twice"
        case .notPossible: "unpack it first"
        }
    }
}
