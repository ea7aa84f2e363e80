// `Busyhour_V1_IngestEventsRequest` as arrays, read from the bytes and written to them without a message between.

public import NIOCore
import SwiftProtobuf

/// Live events as columns: the fields of `Busyhour_V1_IngestEventsRequest`, which says what they mean. Columns may be
/// of different lengths, as the peer sent them: compare before indexing.
public struct IngestEventsColumns: Equatable, Sendable {
    public var parties = Parties()

    // One element an event in each of these:
    /// Raw numbers of the kind: check before use.
    public var kind: [UInt8] = []
    public var keyHigh: [UInt64] = []
    public var keyLow: [UInt64] = []
    public var timeMicros: [Int64] = []
    public var party: [UInt32] = []
    public var sequence: [UInt32] = []
    public var code: [UInt32] = []

    /// What finds some of them on the switch.
    public var details = CallDetailColumns()

    /// Of a producer that sends by number.
    public var batch: Busyhour_V1_ProducerBatch?

    public init() {}

    /// Reads a request's payload: each column is one copy of memory.
    /// - Throws: the bytes are not an `IngestEventsRequest`.
    public init(_ payload: ByteBuffer) throws(MalformedPayload) {
        try read(payload)
    }

    /// Forgets the events and the parties and keeps the memory.
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

    /// Takes the payload's events in place of those that are there, in the same memory where they fit.
    /// - Throws: the bytes are not an `IngestEventsRequest`. The columns are then empty.
    public mutating func read(_ payload: ByteBuffer) throws(MalformedPayload) {
        removeAll()
        do {
            if try !readPlain(payload.readableBytesSpan) {
                self = Self(try Busyhour_V1_IngestEventsRequest(serializedBytes: payload.readableBytesSpan))
            }
        } catch {
            removeAll()
            throw MalformedPayload(messageName: Busyhour_V1_IngestEventsRequest.protoMessageName)
        }
    }

    /// False where the message is not written plainly; the columns are then part of it.
    private mutating func readPlain(_ message: RawSpan) throws -> Bool {
        var fields = PlainFields()
        // By the thousand, and first in what an ordinary encoder writes.
        fields.position = parties.appendIDs(at: 0, of: message)
        while let field = fields.next(in: message) {
            let body = field.body
            let isPlain =
                switch field.number {
                case partiesField: try parties.append(body, of: message)
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
            if !isPlain { return false }
        }
        return fields.position == message.byteCount
    }

    /// Of a field that is no list the last one counts.
    private mutating func setKind(_ body: Range<Int>, of message: RawSpan) -> Bool {
        kind.removeAll(keepingCapacity: true)
        return kind.append(packed: body, of: message)
    }

    /// The same from a message.
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
    /// - Throws: they are longer than a frame's payload may be. An event takes at most 37 bytes, beside the parties' and its details.
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

    /// Bytes of the payload, about: at most eight times too high.
    private var size: Int {
        parties.count * 16 + kind.packedSize + keyHigh.packedSize + keyLow.packedSize + timeMicros.packedSize
            + party.packedSize + sequence.packedSize + code.packedSize + details.size + (batch?.offsets.packedSize ?? 0)
    }
}
