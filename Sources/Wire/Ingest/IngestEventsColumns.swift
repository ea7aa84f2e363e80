// `Busyhour_V1_IngestEventsRequest` as arrays, read from and written to the bytes without an intermediate message.

public import NIOCore
import SwiftProtobuf

/// Live events as columns: the fields of `Busyhour_V1_IngestEventsRequest`, where they are documented. Columns may
/// differ in length, as sent by the peer: compare before indexing.
public struct IngestEventsColumns: IngestColumns, Equatable, Sendable {
    public var parties = Parties()

    // One element per event in each of these:
    /// Raw value of the kind: check before use.
    public var kind: [UInt8] = []
    public var keyHigh: [UInt64] = []
    public var keyLow: [UInt64] = []
    public var timeMicros: [Int64] = []
    public var party: [UInt32] = []
    public var sequence: [UInt32] = []
    public var code: [UInt32] = []

    /// What identifies some of the calls on the switch.
    public var details = CallDetailColumns()

    /// Set by a producer that sends sequence numbers.
    public var batch: Busyhour_V1_ProducerBatch?

    public init() {}

    /// Removes the events and the parties and retains the memory.
    public mutating func removeAll() {
        parties.removeAll()
        kind.removeAll(keepingCapacity: true)
        keyHigh.removeAll(keepingCapacity: true)
        keyLow.removeAll(keepingCapacity: true)
        timeMicros.removeAll(keepingCapacity: true)
        party.removeAll(keepingCapacity: true)
        sequence.removeAll(keepingCapacity: true)
        code.removeAll(keepingCapacity: true)
        details.removeAll()
        batch = nil
    }

    // ---- reading --------------------------------------------------------------------------------------------

    public mutating func append(_ field: UInt8, _ body: Range<Int>, of message: RawSpan) throws -> Bool {
        switch field {
        case 2: setKind(body, of: message)
        case 3: keyHigh.append(packed: body, of: message)
        case 4: keyLow.append(packed: body, of: message)
        case 5: timeMicros.append(packed: body, of: message)
        case 6: party.append(packed: body, of: message)
        case 7: sequence.append(packed: body, of: message)
        case 8: code.append(packed: body, of: message)
        case CallDetailColumns.field: details.read(body, of: message)
        case Busyhour_V1_ProducerBatch.field: try batch.read(body, of: message)
        default: false
        }
    }

    /// For a field that is not a list, the last occurrence counts.
    private mutating func setKind(_ body: Range<Int>, of message: RawSpan) -> Bool {
        kind.removeAll(keepingCapacity: true)
        return kind.append(packed: body, of: message)
    }

    /// Creates the columns from a decoded message.
    public init(_ message: Busyhour_V1_IngestEventsRequest) {
        parties = Parties(message.parties)
        kind = Array(message.kind)
        keyHigh = message.keyHigh
        keyLow = message.keyLow
        timeMicros = message.timeMicros
        party = message.party
        sequence = message.sequence
        code = message.code
        if message.hasDetails { details = CallDetailColumns(message.details) }
        batch = message.hasBatch ? message.batch : nil
    }

    // ---- writing --------------------------------------------------------------------------------------------

    /// A request frame with these events.
    /// - Throws: if they are longer than a frame's payload may be. An event takes at most 37 bytes, besides the parties
    ///   and its details.
    public func frame(id: UInt32) throws(FrameError) -> ByteBuffer {
        try FrameEncoder.frame(method: .ingestEvents, kind: .request, id: id, reserving: size) { buffer in
            try parties.write(to: &buffer)
            kind.write(packedField: 2, to: &buffer)
            keyHigh.write(packedField: 3, to: &buffer)
            keyLow.write(packedField: 4, to: &buffer)
            timeMicros.write(packedField: 5, to: &buffer)
            party.write(packedField: 6, to: &buffer)
            sequence.write(packedField: 7, to: &buffer)
            code.write(packedField: 8, to: &buffer)
            details.write(to: &buffer)
            if let batch {
                var message = Busyhour_V1_IngestEventsRequest()
                message.batch = batch
                buffer.writeBytes(try message.serializedBytes() as [UInt8])
            }
        }
    }

    /// Bytes of the payload, estimated: at most eight times too high.
    private var size: Int {
        parties.count * 16 + kind.packedSize + keyHigh.packedSize + keyLow.packedSize + timeMicros.packedSize
            + party.packedSize + sequence.packedSize + code.packedSize + details.size + (batch?.offsets.packedSize ?? 0)
    }
}
