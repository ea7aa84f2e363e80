// `Busyhour_V1_IngestCallsRequest` as arrays, read from and written to the bytes without an intermediate message.

public import NIOCore
import SwiftProtobuf

/// Finished calls as columns: the fields of `Busyhour_V1_IngestCallsRequest`, where they are documented. Columns may
/// differ in length, as sent by the peer: compare before indexing.
public struct IngestCallsColumns: IngestColumns, Equatable, Sendable {
    public var parties = Parties()

    // One element per call in each of these:
    public var party: [UInt32] = []
    public var setupMicros: [Int64] = []
    public var ringMilliseconds: [UInt32] = []
    public var answerMilliseconds: [UInt32] = []
    public var endMilliseconds: [UInt32] = []
    public var talkMilliseconds: [UInt32] = []
    public var code: [UInt32] = []
    public var costMicros: [Int64] = []
    public var keyHigh: [UInt64] = []
    public var keyLow: [UInt64] = []

    /// Errors of the file's reader, by the name of the error.
    public var readerErrors: [String: UInt64] = [:]

    /// What identifies some of the calls on the switch.
    public var details = CallDetailColumns()

    /// The currencies of the costs.
    public var money = CallMoneyColumns()

    /// Set by a producer that sends sequence numbers.
    public var batch: Busyhour_V1_ProducerBatch?

    public init() {}

    /// Removes the calls and the parties and retains the memory.
    public mutating func removeAll() {
        parties.removeAll()
        party.removeAll(keepingCapacity: true)
        setupMicros.removeAll(keepingCapacity: true)
        ringMilliseconds.removeAll(keepingCapacity: true)
        answerMilliseconds.removeAll(keepingCapacity: true)
        endMilliseconds.removeAll(keepingCapacity: true)
        talkMilliseconds.removeAll(keepingCapacity: true)
        code.removeAll(keepingCapacity: true)
        costMicros.removeAll(keepingCapacity: true)
        keyHigh.removeAll(keepingCapacity: true)
        keyLow.removeAll(keepingCapacity: true)
        readerErrors.removeAll()
        details.removeAll()
        money.removeAll()
        batch = nil
    }

    // ---- reading --------------------------------------------------------------------------------------------

    public mutating func append(_ field: UInt8, _ body: Range<Int>, of message: RawSpan) throws -> Bool {
        switch field {
        case 2: party.append(packed: body, of: message)
        case 3: setupMicros.append(packed: body, of: message)
        case 4: ringMilliseconds.append(packed: body, of: message)
        case 5: answerMilliseconds.append(packed: body, of: message)
        case 6: endMilliseconds.append(packed: body, of: message)
        case 7: talkMilliseconds.append(packed: body, of: message)
        case 8: code.append(packed: body, of: message)
        case 9: costMicros.append(packed: body, of: message)
        case 10: keyHigh.append(packed: body, of: message)
        case 11: keyLow.append(packed: body, of: message)
        case CallDetailColumns.field: details.read(body, of: message)
        case Busyhour_V1_ProducerBatch.field: try batch.read(body, of: message)
        case CallMoneyColumns.field: try money.read(body, of: message)
        default: false
        }
    }

    /// Creates the columns from a decoded message.
    public init(_ message: Busyhour_V1_IngestCallsRequest) {
        parties = Parties(message.parties)
        party = message.party
        setupMicros = message.setupMicros
        ringMilliseconds = message.ringMilliseconds
        answerMilliseconds = message.answerMilliseconds
        endMilliseconds = message.endMilliseconds
        talkMilliseconds = message.talkMilliseconds
        code = message.code
        costMicros = message.costMicros
        keyHigh = message.keyHigh
        keyLow = message.keyLow
        readerErrors = message.readerErrors
        if message.hasDetails { details = CallDetailColumns(message.details) }
        batch = message.hasBatch ? message.batch : nil
        if message.hasMoney { money = CallMoneyColumns(message.money) }
    }

    // ---- writing --------------------------------------------------------------------------------------------

    /// A request frame with these calls.
    /// - Throws: if they are longer than a frame's payload may be. A call takes at most 57 bytes, besides the parties
    ///   and its details.
    public func frame(id: UInt32) throws(FrameError) -> ByteBuffer {
        try FrameEncoder.frame(method: .ingestCalls, kind: .request, id: id, reserving: size) { buffer in
            try parties.write(to: &buffer)
            party.write(packedField: 2, to: &buffer)
            setupMicros.write(packedField: 3, to: &buffer)
            ringMilliseconds.write(packedField: 4, to: &buffer)
            answerMilliseconds.write(packedField: 5, to: &buffer)
            endMilliseconds.write(packedField: 6, to: &buffer)
            talkMilliseconds.write(packedField: 7, to: &buffer)
            code.write(packedField: 8, to: &buffer)
            costMicros.write(packedField: 9, to: &buffer)
            keyHigh.write(packedField: 10, to: &buffer)
            keyLow.write(packedField: 11, to: &buffer)
            if !readerErrors.isEmpty {
                let message = Busyhour_V1_IngestCallsRequest.with { $0.readerErrors = readerErrors }
                buffer.writeBytes(try message.serializedBytes() as [UInt8])
            }
            details.write(to: &buffer)
            if let batch {
                let message = Busyhour_V1_IngestCallsRequest.with { $0.batch = batch }
                buffer.writeBytes(try message.serializedBytes() as [UInt8])
            }
            if !money.isEmpty {
                let message = Busyhour_V1_IngestCallsRequest.with { $0.money = money.message }
                buffer.writeBytes(try message.serializedBytes() as [UInt8])
            }
        }
    }

    /// Bytes of the payload, estimated: at most eight times too high.
    private var size: Int {
        parties.count * 16 + party.packedSize + setupMicros.packedSize + ringMilliseconds.packedSize
            + answerMilliseconds.packedSize + endMilliseconds.packedSize + talkMilliseconds.packedSize + code.packedSize
            + costMicros.packedSize + keyHigh.packedSize + keyLow.packedSize + details.size
            + (batch?.offsets.packedSize ?? 0) + money.size
    }
}
