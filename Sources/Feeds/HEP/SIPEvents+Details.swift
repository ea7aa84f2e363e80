// Details by which a call is found on the switch: of an INVITE Call-ID, numbers and addresses, of a failure its reason.

import CallEvents

extension SIPEvents {
    /// To be called for the set-up that was appended last. The called number is that of the Request-URI, which the
    /// caller's side has made ready for routing; else that of To.
    /// - Parameter micros: the time that was taken for it.
    mutating func describeSetup(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        var called = SIPAddress.user(bytes, message.requestURI)
        if called.isEmpty { called = SIPAddress.user(bytes, message.toURI) }
        batch.describeLast(
            batch.details.append(
                bytes, callID: message.callID, calling: SIPAddress.user(bytes, message.fromURI), called: called,
                source: packet.source, destination: packet.destination,
                fromTag: FromTag.hash(bytes, message.fromTag),
                clockCorrectedMillis: Self.correctedMillis(packet, micros)))
    }

    /// What was added to the time that the agent wrote, if it is worth telling.
    private static func correctedMillis(_ packet: HEPPacket, _ micros: Int64) -> Int32 {
        if packet.stampMicros == 0 || packet.stampMicros == micros { return 0 }
        // Both are of 32 bits of seconds.
        let added = micros &- packet.stampMicros
        return added.magnitude < FeedLimits.toldCorrectionMicros.magnitude ? 0 : Int32(clamping: added / 1_000)
    }

    /// To be called for the failure that was appended last.
    mutating func describeFailure(_ message: SIPMessage, _ bytes: Span<UInt8>) {
        if message.reasonPhrase.isEmpty { return }
        batch.describeLast(batch.details.append(bytes, reason: message.reasonPhrase))
    }
}
