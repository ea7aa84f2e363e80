// A chunk of a column as blocks: one of numbers, or for a text column one of the texts' lengths and as many of their
// bytes as there are pieces of `BlockLimits.textPieceBytes`.

import Board
import Columnar

/// Packs chunks. Used by one thread.
struct ColumnPacker {
    private var encoder = NumberEncoder()
    private var bytes: [UInt8] = []
    private var lengths: [UInt32] = []

    typealias Take = (_ place: BlockPlace, _ block: StoredBlock, _ bytes: UnsafeRawBufferPointer) throws -> Void

    /// Passes the blocks of a chunk of a column to `take`, in order.
    mutating func pack(_ column: SavedColumn, of tableID: UInt16, chunk: Int, _ take: Take) throws {
        let rows = ChunkSize.rows(inChunk: chunk, count: column.values.rowCount).count
        let place = BlockPlace(
            tableID: tableID, columnID: column.id, chunk: UInt32(chunk), part: 0, rows: UInt32(rows))
        switch column.values {
        case .unsigned8(let column): try pack(column, place, take)
        case .unsigned16(let column): try pack(column, place, take)
        case .unsigned32(let column): try pack(column, place, take)
        case .signed32(let column): try pack(column, place, take)
        case .signed64(let column): try pack(column, place, take)
        case .text(let column): try pack(column, place, take)
        }
    }

    private mutating func pack<Value>(_ column: Column<Value>, _ place: BlockPlace, _ take: Take) throws {
        try column.withChunk(Int(place.chunk)) { try pack(numbers: $0, place, take) }
    }

    private mutating func pack<Value: FixedWidthInteger & BitwiseCopyable>(
        numbers: UnsafeBufferPointer<Value>, _ place: BlockPlace, _ take: Take
    ) throws {
        bytes.removeAll(keepingCapacity: true)
        let codec = encoder.encode(numbers, into: &bytes)
        let raw = UnsafeRawBufferPointer(numbers)
        let block = StoredBlock(codec: codec, rawBytes: raw.count, hash: BlockHash.hash(raw, at: place))
        try bytes.withUnsafeBytes { try take(place, block, $0) }
    }

    private mutating func pack(_ column: TextColumn, _ place: BlockPlace, _ take: Take) throws {
        try column.withChunk(Int(place.chunk)) { bytes, ends in
            lengths.removeAll(keepingCapacity: true)
            var last: UInt32 = 0
            for end in ends {
                lengths.append(end - last)
                last = end
            }
            while lengths.count < place.rows { lengths.append(0) }
            let numbers = lengths
            try numbers.withUnsafeBufferPointer { try pack(numbers: $0, place, take) }
            try pack(texts: UnsafeRawBufferPointer(bytes), place, take)
        }
    }

    private mutating func pack(texts: UnsafeRawBufferPointer, _ place: BlockPlace, _ take: Take) throws {
        var place = place
        for start in stride(from: 0, to: texts.count, by: BlockLimits.textPieceBytes) {
            let end = min(start + BlockLimits.textPieceBytes, texts.count)
            let piece = UnsafeRawBufferPointer(rebasing: texts[start..<end])
            place.part += 1
            bytes.removeAll(keepingCapacity: true)
            // LZ4 must save at least a twentieth.
            let isPacked = LZ4.pack(piece, under: piece.count - piece.count / 20, into: &bytes)
            let block = StoredBlock(
                codec: isPacked ? .lz4 : .raw, rawBytes: piece.count, hash: BlockHash.hash(piece, at: place))
            if isPacked {
                try bytes.withUnsafeBytes { try take(place, block, $0) }
            } else {
                try take(place, block, piece)
            }
        }
    }
}
