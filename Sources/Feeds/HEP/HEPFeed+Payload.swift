// The messages of a payload, mostly one. Agents that copy the bytes of a segment or of a read of a stream put several
// into one payload, back to back, or one into two.

extension HEPFeed {
    /// Reads all messages of a payload, and stores the beginning of one that is cut.
    mutating func receive(_ packet: HEPPacket, _ payload: Span<UInt8>, arrivalMicros: Int64) {
        let micros = packet.timeMicros == 0 ? arrivalMicros : packet.timeMicros
        guard !pieces.isEmpty else { return receiveMessages(packet, payload, micros) }
        for piece in pieces.overdue(nowMicros: micros) { giveUp(piece) }
        guard packet.isStream, var piece = pieces.take(packet.connection(of: origin)) else {
            return receiveMessages(packet, payload, micros)
        }
        if FeedLimits.isPieceOverdue(piece.timeMicros, nowMicros: micros) || !piece.isContinued(by: payload) {
            giveUp(piece)
            return receiveMessages(packet, payload, micros)
        }
        if piece.bodyRest > payload.count {
            piece.bodyRest -= payload.count
            piece.timeMicros = micros
            counters.pieces += 1
            return wait(for: piece, packet)
        }
        if piece.bytes.isEmpty {
            let rest = payload.extracting(piece.bodyRest...)
            if rest.isBlank { counters.pieces += 1 } else { receiveMessages(packet, rest, micros) }
            return
        }
        payload.withUnsafeBufferPointer { piece.bytes.append(contentsOf: $0) }
        receiveMessages(packet, piece.bytes.span, micros)
    }

    private mutating func receiveMessages(_ packet: HEPPacket, _ payload: Span<UInt8>, _ micros: Int64) {
        var rest = payload
        while true {
            if packet.isStream, rest.isCutMessage { return keep(rest, packet, micros) }
            guard let length = receiveMessage(packet, rest, micros) else { return }
            if length > rest.count {
                guard packet.isStream else { return }
                return keepBody(length - rest.count, packet, micros)
            }
            rest = rest.extracting(length...)
            // Bytes of a datagram after the end of its message are ignored (RFC 3261 18.3), unless they are another
            // message.
            if rest.isBlank || !packet.isStream && !rest.beginsMessage { return }
            counters.further += 1
        }
    }

    /// Reads the message at the beginning.
    /// - Returns: its length, which may exceed the payload; nil: it is not known where the next message begins.
    private mutating func receiveMessage(
        _ packet: HEPPacket, _ payload: Span<UInt8>, _ micros: Int64
    ) -> Int? {
        do throws(HEPError) {
            return try append(packet, payload, micros)
        } catch {
            count(error, packet)
            return nil
        }
    }

    private mutating func append(
        _ packet: HEPPacket, _ payload: Span<UInt8>, _ micros: Int64
    ) throws(HEPError) -> Int? {
        let message: SIPMessage
        let source: SIPReader.Source
        do throws(SIPError) {
            (message, source) = try reader.read(payload)
        } catch {
            // The rest of a message whose beginning was not copied, or not understood.
            if packet.isStream && !payload.isBlank && !payload.beginsMessage { throw .sipPiece }
            guard let error = HEPError(error) else {
                counters.notCalls += 1
                return nil
            }
            throw error
        }
        let isEvent: Bool
        switch source {
        case .original:
            isEvent = events.append(message, payload, packet, micros)
        case .unfolded:
            let unfolded = reader.unfolded
            isEvent = events.append(message, unfolded.span, packet, micros)
        }
        if isEvent { counters.messages += 1 } else { counters.notCalls += 1 }
        guard let bodyStart = message.bodyStart else { return nil }
        if let bodyLength = message.contentLength { return bodyStart + bodyLength }
        // Nothing states the length of the body: it is all the rest, if no message begins at once.
        return payload.extracting(bodyStart...).beginsMessage ? bodyStart : payload.count
    }

    private mutating func keep(_ rest: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64) {
        guard rest.count <= FeedLimits.pieceBytes else { return count(.sipRestMissing, packet) }
        counters.pieces += 1
        let bytes = rest.withUnsafeBufferPointer { Array($0) }
        wait(for: SIPPieces.Piece(bytes: bytes, bodyRest: 0, timeMicros: micros, packet: packet), packet)
    }

    private mutating func keepBody(_ rest: Int, _ packet: HEPPacket, _ micros: Int64) {
        // More than any message has: the length is nonsense, and the next message cannot be found.
        guard rest <= FeedLimits.pieceBytes else { return }
        wait(for: SIPPieces.Piece(bytes: [], bodyRest: rest, timeMicros: micros, packet: packet), packet)
    }

    private mutating func wait(for piece: SIPPieces.Piece, _ packet: HEPPacket) {
        if let driven = pieces.put(piece, packet.connection(of: origin)) { giveUp(driven) }
    }

    /// Gives up the pieces from `origin` that wait for their rest: its packets have ended.
    public mutating func giveUpPieces() {
        for piece in pieces.takeAll(of: origin) { giveUp(piece) }
    }

    /// Gives up pieces that have waited for their rest since the last call, whether or not packets came; to be called
    /// every `FeedLimits.pieceMicros`.
    /// - Parameter origin: of the packets; nil: all.
    public mutating func giveUpIdlePieces(of origin: UInt64? = nil) {
        if pieces.isEmpty { return }
        for piece in pieces.takeIdle(of: origin) { giveUp(piece) }
    }

    /// The rest did not come. The beginning is emitted if it says enough: agents cut long messages short, too.
    private mutating func giveUp(_ piece: SIPPieces.Piece) {
        counters.further += 1
        count(.sipRestMissing, piece.packet)
        if piece.bytes.isEmpty { return }
        guard let (message, source) = try? reader.read(piece.bytes.span) else { return }
        let bytes = source == .original ? piece.bytes : reader.unfolded
        _ = events.append(message, bytes.span, piece.packet, piece.timeMicros)
    }
}

extension SIPPieces.Piece {
    /// Whether the payload may be the rest: it is not if a message begins there. If the piece was cut within its start
    /// line, both may look like one; then the method decides.
    func isContinued(by payload: Span<UInt8>) -> Bool {
        if bytes.isEmpty {
            // The end of a body may be a line end, with the next message after it.
            let blanks = payload.indices.first { payload[$0] > .space } ?? payload.count
            return blanks >= bodyRest || !payload.beginsMessage
        }
        guard bytes.span.lineFeed(from: 0) == nil else { return !payload.beginsMessage }
        let head = payload.extracting(..<min(payload.count, 16)).withUnsafeBufferPointer { bytes + Array($0) }
        return head.span.beginsWithKnownWord || !payload.beginsWithKnownWord
    }
}

extension Span where Element == UInt8 {
    /// A method of SIP (RFC 3261 and its extensions), or the version.
    fileprivate var beginsWithKnownWord: Bool {
        let words: [StaticString] = [
            "invite ", "ack ", "bye ", "cancel ", "sip/2.0 ", "options ", "register ", "prack ", "update ", "info ",
            "subscribe ", "notify ", "refer ", "message ", "publish ",
        ]
        var start = 0
        while start < count && self[start] <= .space { start += 1 }
        return words.contains { begins(with: $0, start..<count) }
    }

    /// Nothing but line ends, blanks and NULs: what keeps connections alive.
    var isBlank: Bool { indices.allSatisfy { self[$0] <= .space } }

    /// A start line is here: `SIP/2.0 ...` or `... SIP/2.0`.
    var beginsMessage: Bool {
        var start = 0
        while start < count && self[start] <= .space { start += 1 }
        guard start < count, self[start].isLetter else { return false }
        if begins(with: "sip/2.0 ", start..<count) { return start + 8 == count || self[start + 8].isDigit }
        guard let lineFeed = lineFeed(from: start) else { return false }
        let line = trimmingBlanks(trimmingReturns(start..<lineFeed))
        return line.count > 8 && begins(with: " sip/2.0", line.upperBound - 8..<line.upperBound)
    }

    /// A message begins here, and the empty line after its headers is missing.
    var isCutMessage: Bool {
        var start = 0
        while start < count && self[start] <= .space { start += 1 }
        guard start < count, self[start].isLetter else { return false }
        guard let first = lineFeed(from: start) else { return true }
        guard beginsMessage else { return false }
        var position = first + 1
        while let end = lineFeed(from: position) {
            if trimmingReturns(position..<end).isEmpty { return false }
            position = end + 1
        }
        return true
    }
}
