// What a request with a key asks for, as hashes: a key that comes again with the same content is a repetition, with other
// content it is a mistake.

import Columnar

/// A hash for each part of a request. Most requests are one part; an import is many.
public struct RequestContent: Equatable, Sendable {
    /// Of the first `BoardLimits.hashedParts` parts and, where there are more, of the last.
    private var hashes: [UInt64] = []
    /// Parts; 0: the content is not known, for the result is of before there were hashes.
    private var count = 0

    /// Not known.
    public init() {}

    /// Of a request that is one part.
    public init(_ hash: UInt64) { append(hash) }

    public var isKnown: Bool { count > 0 }

    var partCount: Int { count }

    /// The next part.
    mutating func append(_ hash: UInt64) {
        count += 1
        if hashes.count <= BoardLimits.hashedParts {
            hashes.append(hash)
        } else {
            hashes[BoardLimits.hashedParts] = hash
        }
    }

    /// Whether a part, from 0, may be one of these: parts between the first ones and the last are not compared.
    func has(part: Int, hash: UInt64) -> Bool {
        if part == count - 1 { return hashes.last == hash }
        guard part >= 0, part < count else { return false }
        return part >= BoardLimits.hashedParts || hashes[part] == hash
    }
}

// MARK: - Bytes

extension FieldWriter {
    /// Parts, number of hashes, then each hash 8.
    package mutating func append(_ content: RequestContent) {
        append(packed: UInt64(content.parts.count))
        append(packed: UInt64(content.parts.hashes.count))
        for hash in content.parts.hashes { append(hash) }
    }
}

extension RequestContent {
    /// As they are saved.
    var parts: (count: Int, hashes: [UInt64]) { (count, hashes) }

    /// - Returns: nil if there are not as many hashes as so many parts have.
    init?(count: UInt64, hashes: [UInt64]) {
        guard hashes.count == min(count, UInt64(BoardLimits.hashedParts) + 1), count <= UInt64(UInt32.max) else {
            return nil
        }
        (self.count, self.hashes) = (Int(count), hashes)
    }

    package init(_ reader: inout FieldReader) throws(FieldFault) {
        let (count, hashed) = (try reader.packed(), try reader.packed())
        guard hashed <= UInt64(reader.rest.count / 8) else { throw FieldFault("is too short for \(hashed) hashes") }
        var hashes: [UInt64] = []
        for _ in 0..<hashed { hashes.append(try reader.integer()) }
        guard let content = RequestContent(count: count, hashes: hashes) else {
            throw FieldFault("has \(hashed) hashes of \(count) parts")
        }
        self = content
    }
}
