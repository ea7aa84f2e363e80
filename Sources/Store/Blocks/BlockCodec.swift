// How a block's rows are packed. Numbers are little-endian; a packed block of numbers begins with what its codec needs:
//
//     raw         the rows unchanged
//     lz4         LZ4 of that (numbers of one byte, and texts)
//     constant    value 8
//     packed      base 8, stream
//     deltas      start 8, base 8, stream of the differences
//     listed      count 2, values 8 each, bits 1, codes of that many bits
//     shuffled    LZ4 of the first bytes of all rows, then of the second ones, ...
//
//     stream      bits 1, bytes of an exception 1, exceptions 2, their rows 2 each, their upper parts, then for each
//                 row the lowest `bits` of value - base, end to end, and seven bytes of 0
//
// Exceptions make room for outliers: a thousand customers with few calls and one with a million take a few bits each.

#if _endian(big)
    #error("blocks are written as they lie in memory, lowest byte first")
#endif

enum BlockCodec: UInt8, CaseIterable {
    case raw = 0
    case lz4 = 1
    case constant = 2
    case packed = 3
    case deltas = 4
    case listed = 5
    case shuffled = 6

    var name: String {
        switch self {
        case .raw: "raw"
        case .lz4: "lz4"
        case .constant: "constant"
        case .packed: "packed"
        case .deltas: "deltas"
        case .listed: "listed"
        case .shuffled: "shuffled"
        }
    }
}

/// A block as stored in the file.
struct StoredBlock {
    var codec: BlockCodec
    /// Bytes before packing.
    var rawBytes: Int
    /// Hash of the raw bytes and the place.
    var hash: UInt64
}
