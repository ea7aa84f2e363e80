// The content of a request with a key, as hashes: a key that comes again with the same content is a repetition, with
// other content it is a mistake.

import Columnar

/// One hash per part of a request. Most requests have one part; an import has many.
public struct RequestContent: Equatable, Sendable {
    /// Hashes of the first `BoardLimits.hashedParts` parts and, if there are more, of the last.
    private var hashes: [UInt64] = []
    /// Number of parts; 0: the content is unknown, for the result is older than the hashes.
    private var count = 0

    /// Unknown content.
    public init() {}

    /// The content of a request with one part.
    public init(_ hash: UInt64) { append(hash) }

    public var isKnown: Bool { count > 0 }

    var partCount: Int { count }

    /// Appends the next part.
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
    /// Number of parts, number of hashes, then 8 bytes per hash.
    package mutating func append(_ content: RequestContent) {
        append(packed: UInt64(content.parts.count))
        append(packed: UInt64(content.parts.hashes.count))
        for hash in content.parts.hashes { append(hash) }
    }
}

extension RequestContent {
    /// The parts as saved.
    var parts: (count: Int, hashes: [UInt64]) { (count, hashes) }

    /// - Returns: nil if the number of hashes does not fit the number of parts.
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
