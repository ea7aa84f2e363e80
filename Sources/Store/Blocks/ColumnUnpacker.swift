// The reverse: blocks into the memory of a column's chunk, each checked against the schema before memory is allocated,
// and against its hash before its rows are used.

import Board
import Columnar

/// A block as read from the file.
struct ReadBlock {
    var codec: Int64
    var rawBytes: Int64
    var hash: UInt64
    var bytes: UnsafeRawBufferPointer
}

/// Unpacks chunks. Used by one thread.
struct ColumnUnpacker {
    private var decoder = NumberDecoder()
    private var lengths: [UInt32] = []
    private var piece: [UInt8] = []

    /// Returns the next block of the file, which must be the one of this place; valid until the next call.
    typealias Next = (_ place: BlockPlace) throws -> ReadBlock

    /// Fills a chunk of a column, which is all zeros or empty so far. `place` names the chunk with part 0; `chunk` is
    /// its position in `values`.
    mutating func unpack(_ values: inout SavedValues, chunk: Int, _ place: BlockPlace, _ next: Next) throws {
        switch values {
        case .unsigned8(var column): values = .unsigned8(try unpack(&column, chunk, place, next))
        case .unsigned16(var column): values = .unsigned16(try unpack(&column, chunk, place, next))
        case .unsigned32(var column): values = .unsigned32(try unpack(&column, chunk, place, next))
        case .signed32(var column): values = .signed32(try unpack(&column, chunk, place, next))
        case .signed64(var column): values = .signed64(try unpack(&column, chunk, place, next))
        case .text(var column): values = .text(try unpack(&column, chunk, place, next))
        }
    }

    // MARK: - Numbers

    private mutating func unpack<Value>(
        _ column: inout Column<Value>, _ chunk: Int, _ place: BlockPlace, _ next: Next
    ) throws -> Column<Value> {
        let block = try next(place)
        let codec = try ColumnUnpacker.check(block, rawBytes: Int(place.rows) * MemoryLayout<Value>.size)
        // Zeros take no memory, and nothing else in the file is trusted for that.
        if codec == .constant, block.bytes.allSatisfy({ $0 == 0 }) {
            let hash = column.withChunk(chunk) { BlockHash.hash(UnsafeRawBufferPointer($0), at: place) }
            guard block.bytes.count == 8, hash == block.hash else { throw BlockFault.wrongHash }
            return column
        }
        try column.withMutableChunk(chunk) { try unpack(block, codec, place, into: $0) }
        return column
    }

    private mutating func unpack<Value: FixedWidthInteger & BitwiseCopyable>(
        _ block: ReadBlock, _ codec: BlockCodec, _ place: BlockPlace, into rows: UnsafeMutableBufferPointer<Value>
    ) throws(BlockFault) {
        try decoder.decode(block.bytes, codec: codec, into: rows)
        guard BlockHash.hash(UnsafeRawBufferPointer(rows), at: place) == block.hash else { throw .wrongHash }
    }

    /// Checks what can be checked of a block before it is unpacked.
    private static func check(_ block: ReadBlock, rawBytes: Int) throws(BlockFault) -> BlockCodec {
        guard let number = UInt8(exactly: block.codec), let codec = BlockCodec(rawValue: number) else {
            throw .unknownCodec(block.codec)
        }
        guard block.rawBytes == rawBytes, rawBytes <= BlockLimits.rawBytes else {
            throw .rawLength(declared: block.rawBytes, expected: rawBytes)
        }
        guard block.bytes.count <= rawBytes + BlockLimits.overheadBytes else {
            throw .storedLength(block.bytes.count)
        }
        return codec
    }

    // MARK: - Texts

    private mutating func unpack(
        _ column: inout TextColumn, _ chunk: Int, _ place: BlockPlace, _ next: Next
    ) throws -> TextColumn {
        let rows = Int(place.rows)
        if lengths.count != rows { lengths = [UInt32](repeating: 0, count: rows) }
        let block = try next(place)
        let codec = try ColumnUnpacker.check(block, rawBytes: rows * MemoryLayout<UInt32>.size)
        var ends = lengths
        try ends.withUnsafeMutableBufferPointer { try unpack(block, codec, place, into: $0) }
        var total: UInt32 = 0
        for row in ends.indices {
            guard ends[row] <= UInt32(ColumnarLimits.textBytes) else { throw BlockFault.textLength }
            // Cannot overflow: at most `ChunkSize.rows` texts of that many bytes are 2^31.
            total += ends[row]
            ends[row] = total
        }
        let bytes = try unpackTexts(Int(total), place, next)
        guard ColumnUnpacker.isText(bytes, ends) else { throw BlockFault.notUTF8 }
        if total == 0 { return column }
        guard column.setChunk(chunk, bytes: bytes, ends: ends) else { throw BlockFault.textLength }
        return column
    }

    /// The bytes of a chunk's texts. They grow piece by piece, each of which was in the file: a length alone allocates
    /// nothing.
    private mutating func unpackTexts(_ total: Int, _ place: BlockPlace, _ next: Next) throws -> [UInt8] {
        var place = place
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(total, BlockLimits.rawBytes))
        while bytes.count < total {
            place.part += 1
            let rawBytes = min(BlockLimits.textPieceBytes, total - bytes.count)
            let block = try next(place)
            switch try ColumnUnpacker.check(block, rawBytes: rawBytes) {
            case .raw:
                guard block.bytes.count == rawBytes else { throw BlockFault.malformed }
                bytes.append(contentsOf: block.bytes)
            case .lz4:
                if piece.count < rawBytes { piece = [UInt8](repeating: 0, count: BlockLimits.textPieceBytes) }
                try piece.withUnsafeMutableBytes {
                    let target = UnsafeMutableRawBufferPointer(rebasing: $0[..<rawBytes])
                    try LZ4.unpack(block.bytes, into: target)
                    bytes.append(contentsOf: target)
                }
            default: throw BlockFault.unknownCodec(block.codec)
            }
            let hash = bytes.withUnsafeBytes {
                BlockHash.hash(UnsafeRawBufferPointer(rebasing: $0[($0.count - rawBytes)...]), at: place)
            }
            guard hash == block.hash else { throw BlockFault.wrongHash }
        }
        return bytes
    }

    /// Whether each text is UTF-8: all of them together are, and none begins within a character.
    private static func isText(_ bytes: [UInt8], _ ends: [UInt32]) -> Bool {
        var bits: UInt8 = 0
        for byte in bytes { bits |= byte }
        if bits < 0x80 { return true }
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        return ends.allSatisfy { Int($0) == bytes.count || bytes[Int($0)] & 0xC0 != 0x80 }
    }
}

extension SavedTable {
    /// Fills a chunk of one of the columns.
    mutating func unpack(
        _ column: Int, chunk: Int, _ place: BlockPlace, _ unpacker: inout ColumnUnpacker, _ next: ColumnUnpacker.Next
    ) throws {
        try unpacker.unpack(&columns[column].values, chunk: chunk, place, next)
    }
}
