// What a SIP message between two addresses tells of a call, as events.
//
// An attempt is told by the caller's address, the Call-ID and the caller's tag (never the Call-ID alone: it is used again,
// and by several). A request comes from the caller's address, a response goes to it; of a BYE either side may be the
// caller, so it is told for both readings.

import CallEvents

struct SIPEvents {
    private let hashSeed: HashSeed
    private var relays = RelayWatch()
    private var invites = OpenInvites()
    var batch = CallEventBatch()
    private var partyIndex: [Party: UInt32] = [:]

    init(hashSeed: HashSeed) {
        self.hashSeed = hashSeed
    }

    var memory: HEPFeedMemory {
        get { HEPFeedMemory(relays, invites) }
        set { (relays, invites) = (newValue.relays, newValue.invites) }
    }

    /// Events since the last time; none of them is kept.
    mutating func take() -> CallEventBatch {
        let taken = batch
        batch = CallEventBatch()
        // The next batch will be about as large.
        batch.reserveCapacity(taken.count)
        partyIndex.removeAll(keepingCapacity: true)
        return taken
    }

    /// Appends what the message tells; false when it tells nothing of a call.
    ///
    /// 100 is the switch's own, a CANCEL decides nothing (it may cross the answer), and an INVITE with a To tag changes a
    /// call that is going on. Its responses look like those to the first INVITE: the board tells them apart. An ACK
    /// tells of an answer that was lost. A BYE ends a call, whatever the other side says to it.
    mutating func tell(
        _ message: SIPMessage, _ octets: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) -> Bool {
        switch (message.method, message.status) {
        case (.invite, 0):
            guard message.toTag.isEmpty else { return false }
            tellSetup(message, octets, packet, micros)
        case (.invite, 180...189): tellResponse(.ring, message, octets, packet, micros)
        case (.invite, 200...299): tellResponse(.answer, message, octets, packet, micros)
        case (.invite, 300...699): tellResponse(.failure, message, octets, packet, micros)
        case (.ack, 0): return tellAcknowledged(message, octets, packet, micros)
        case (.bye, 0):
            tellEnd(message, octets, caller: packet.source, tag: message.fromTag, micros)
            tellEnd(message, octets, caller: packet.destination, tag: message.toTag, micros)
        case (.bye, 200...699):
            tellEnd(message, octets, caller: packet.destination, tag: message.fromTag, micros)
            tellEnd(message, octets, caller: packet.source, tag: message.toTag, micros)
        default:
            return false
        }
        return true
    }

    private mutating func tellSetup(
        _ message: SIPMessage, _ octets: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        let key = key(octets, caller: packet.source, callID: message.callID, tag: message.fromTag)
        let dialog = self.key(
            octets, caller: IPAddress(high: 0, low: 0), callID: message.callID, tag: message.fromTag)
        let relayed = relays.passesOn(dialog: dialog.low, source: packet.source, destination: packet.destination)
        if let branch = OpenInvites.branch(octets, message.via) {
            invites.open(key, sequence: message.sequence, branch: branch)
        }
        let user = message.digestUser.isEmpty ? SIPAddress.user(octets, message.fromURI) : message.digestUser
        let party = party(packet, octets, user: user)
        batch.append(
            .setup, key: key, timeMicros: micros, party: party, sequence: message.sequence, relayed: relayed)
        describeSetup(message, octets, packet)
    }

    /// A response goes back to the caller.
    private mutating func tellResponse(
        _ kind: CallEventKind, _ message: SIPMessage, _ octets: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        let key = key(octets, caller: packet.destination, callID: message.callID, tag: message.fromTag)
        if kind != .ring { invites.close(key, sequence: message.sequence) }
        batch.append(
            kind, key: key, timeMicros: micros, sequence: message.sequence, code: kind == .ring ? 0 : message.status,
            q850: message.q850)
        if kind == .failure { describeFailure(message, octets) }
    }

    /// An ACK that tells of an answer that was lost, at most a round trip late.
    private mutating func tellAcknowledged(
        _ message: SIPMessage, _ octets: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) -> Bool {
        guard !message.toTag.isEmpty else { return false }
        let key = key(octets, caller: packet.source, callID: message.callID, tag: message.fromTag)
        guard let asked = invites.branch(key, sequence: message.sequence),
            let acknowledged = OpenInvites.branch(octets, message.via), acknowledged != asked
        else { return false }
        batch.append(.answer, key: key, timeMicros: micros, sequence: message.sequence, code: 200)
        return true
    }

    private mutating func tellEnd(
        _ message: SIPMessage, _ octets: Span<UInt8>, caller: IPAddress, tag: Range<Int>, _ micros: Int64
    ) {
        batch.append(
            .end, key: key(octets, caller: caller, callID: message.callID, tag: tag), timeMicros: micros,
            q850: message.q850)
    }

    private func key(_ octets: Span<UInt8>, caller: IPAddress, callID: Range<Int>, tag: Range<Int>) -> CallKey {
        var hash = SipHash128(seed: hashSeed)
        hash.append(caller.high)
        hash.append(caller.low)
        hash.appendField(octets, callID)
        hash.appendField(octets, tag)
        let key = hash.finish()
        return key == .none ? CallKey(high: 0, low: 1) : key
    }

    private mutating func party(_ packet: HEPPacket, _ octets: Span<UInt8>, user: Range<Int>) -> UInt32 {
        var name: String?
        if !user.isEmpty && user.count <= FeedLimits.userOctets {
            name = SIPAddress.unescaped(octets, user)
        }
        let party = Party(source: packet.source, destination: packet.destination, sipUser: name)
        if let known = partyIndex[party] { return known }
        let index = UInt32(batch.parties.count)
        batch.parties.append(party)
        partyIndex[party] = index
        return index
    }
}

extension CallEventBatch {
    fileprivate mutating func reserveCapacity(_ count: Int) {
        kind.reserveCapacity(count)
        key.reserveCapacity(count)
        timeMicros.reserveCapacity(count)
        party.reserveCapacity(count)
        sequence.reserveCapacity(count)
        code.reserveCapacity(count)
        q850.reserveCapacity(count)
        relayed.reserveCapacity(count)
    }
}
