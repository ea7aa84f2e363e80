/// What is wrong with a block. Each fault is found before memory is allocated for the block or its rows are used.
public enum BlockFault: Error, Equatable, Sendable {
    /// The codec's number is unknown to this version, or invalid for this kind of column.
    case unknownCodec(Int64)
    /// The raw length that the block declares differs from the schema's.
    case rawLength(declared: Int64, expected: Int)
    /// More bytes than a block of this raw length can have, or too few to unpack to it.
    case storedLength(Int)
    /// The bytes end early, or do not decode as their codec requires.
    case malformed
    /// Everything fits, but the rows are not those that were written here.
    case wrongHash
    /// A text's length is above what a text may have, or the lengths do not add up.
    case textLength
    /// A text is not UTF-8.
    case notUTF8
}

extension BlockFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownCodec(let codec): "has the codec \(codec), which this version does not know"
        case .rawLength(let declared, let expected): "declares \(declared) bytes where \(expected) belong"
        case .storedLength(let count): "has \(count) bytes, which its unpacked length does not allow"
        case .malformed: "cannot be unpacked"
        case .wrongHash: "does not have the rows that were written there"
        case .textLength: "has a text that is too long"
        case .notUTF8: "has a text that is not UTF-8"
        }
    }
}
