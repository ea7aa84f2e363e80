// A customer's counters as `Busyhour_V1_MetricsResponse`: as the message, and as the bytes of a frame with it.

import Board
import Wire

extension Busyhour_V1_MetricsResponse {
    init(_ figures: CustomerFigures) {
        self.init()
        asOf = figures.asOfMicros
        creditMicros = figures.creditMicros
        debitLimitMicros = figures.debitLimitMicros
        channels = figures.channels
        flowSpeed = figures.flowSpeed
        active = UInt64(clamping: figures.active)
        cps = UInt64(clamping: figures.cps)
        bids = UInt64(clamping: figures.bids)
        attempts = UInt64(clamping: figures.attempts)
        answered = UInt64(clamping: figures.answered)
        asrN = UInt64(clamping: figures.outcomes)
        effective = UInt64(clamping: figures.effective)
        pddN = UInt64(clamping: figures.pddCount)
        pddMilliseconds = UInt64(clamping: figures.pddMilliseconds)
        acdN = UInt64(clamping: figures.talked)
        talkMilliseconds = UInt64(clamping: figures.talkMilliseconds)
        ended = UInt64(clamping: figures.ended)
        short = UInt64(clamping: figures.short)
        costMicros = figures.costMicros
        busy = UInt64(clamping: figures.busy)
        noAnswer = UInt64(clamping: figures.noAnswer)
        rejected = UInt64(clamping: figures.rejected)
        abandoned = UInt64(clamping: figures.abandoned)
        badNumber = UInt64(clamping: figures.badNumber)
        network = UInt64(clamping: figures.network)
        refused = UInt64(clamping: figures.refused)
        blocked = UInt64(clamping: figures.blocked)
        inboundActive = UInt64(clamping: figures.inboundActive)
        inboundAttempts = UInt64(clamping: figures.inboundAttempts)
        inboundAnswered = UInt64(clamping: figures.inboundAnswered)
        inboundAsrN = UInt64(clamping: figures.inboundOutcomes)
    }
}

extension CustomerFigures {
    /// Bytes of a frame at most.
    static let longestFrame = FrameHeader.size + 31 * OutputRawSpan.longestField

    /// Appends the frame that answers a request.
    /// - Precondition: there is room for `longestFrame` bytes.
    func writeFrame(id: UInt32, to output: inout OutputRawSpan) {
        let start = output.byteCount
        output.append(UInt32(0), as: UInt32.self)
        output.append(Self.methodAndKind.littleEndian, as: UInt32.self)
        output.append(id.littleEndian, as: UInt32.self)
        write(to: &output)
        // Twelve bytes of header and some hundred of payload were appended.
        let length = UInt32(truncatingIfNeeded: output.byteCount - start - FrameHeader.size)
        var written = output.mutableBytes
        written.storeBytes(of: length.littleEndian, toByteOffset: start, as: UInt32.self)
    }

    private static let methodAndKind =
        UInt32(Wire.Method.metrics.rawValue) | UInt32(FrameKind.response.rawValue) << 16

    private func write(to output: inout OutputRawSpan) {
        output.append(field: 1, fixed64: asOfMicros)
        output.append(field: 2, fixed64: creditMicros)
        output.append(field: 3, fixed64: debitLimitMicros)
        output.append(field: 4, varint: UInt64(channels))
        output.append(field: 5, varint: UInt64(flowSpeed))
        output.append(field: 6, varint: UInt64(clamping: active))
        output.append(field: 7, varint: UInt64(clamping: cps))
        output.append(field: 8, varint: UInt64(clamping: bids))
        output.append(field: 9, varint: UInt64(clamping: attempts))
        output.append(field: 10, varint: UInt64(clamping: answered))
        output.append(field: 11, varint: UInt64(clamping: outcomes))
        output.append(field: 12, varint: UInt64(clamping: effective))
        output.append(field: 13, varint: UInt64(clamping: pddCount))
        output.append(field: 14, varint: UInt64(clamping: pddMilliseconds))
        output.append(field: 15, varint: UInt64(clamping: talked))
        output.append(field: 16, varint: UInt64(clamping: talkMilliseconds))
        output.append(field: 17, varint: UInt64(clamping: ended))
        output.append(field: 18, varint: UInt64(clamping: short))
        output.append(field: 19, fixed64: costMicros)
        output.append(field: 20, varint: UInt64(clamping: busy))
        output.append(field: 21, varint: UInt64(clamping: noAnswer))
        output.append(field: 22, varint: UInt64(clamping: rejected))
        output.append(field: 23, varint: UInt64(clamping: abandoned))
        output.append(field: 24, varint: UInt64(clamping: badNumber))
        output.append(field: 25, varint: UInt64(clamping: network))
        output.append(field: 26, varint: UInt64(clamping: refused))
        output.append(field: 27, varint: UInt64(clamping: blocked))
        output.append(field: 28, varint: UInt64(clamping: inboundActive))
        output.append(field: 29, varint: UInt64(clamping: inboundAttempts))
        output.append(field: 30, varint: UInt64(clamping: inboundAnswered))
        output.append(field: 31, varint: UInt64(clamping: inboundOutcomes))
    }
}
