/// What is wrong with a block. Each is found before memory is asked for in its name, or before its rows are used.
public enum BlockFault: Error, Equatable, Sendable {
    /// The codec's number is none that this version, or this kind of column, knows.
    case unknownCodec(Int64)
    /// The raw length that the block declares is not what the schema says.
    case rawLength(declared: Int64, expected: Int)
    /// More bytes than a block of this raw length can have, or fewer than could be unpacked to it.
    case storedLength(Int)
    /// The bytes end early, or do not give what their codec promises.
    case malformed
    /// All fits, but the rows are not those that were written here.
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
