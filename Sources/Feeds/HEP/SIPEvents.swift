// The events of a call in a SIP message between two addresses.
//
// An attempt is identified by the caller's address, the Call-ID and the caller's tag (never the Call-ID alone: it is
// reused, and by several), and by the branch of its INVITE. A request comes from the caller's address, a response goes
// to it. Messages within a dialog may come from anywhere: a BYE is identified by the dialog, the Call-ID and both tags.

import CallEvents

struct SIPEvents {
    private let hashSeed: HashSeed
    private var relays = RelayWatch()
    private var invites = OpenInvites()
    private var arrivals = InviteArrivals()
    var proven = ProvenUsers()
    /// What is read of an INVITE beyond addresses and user.
    var needs = PartyNeeds()
    var copies = AgentCopies()
    var batch = CallEventBatch()

    init(hashSeed: HashSeed) {
        self.hashSeed = hashSeed
    }

    var memory: HEPFeedMemory {
        get { HEPFeedMemory(relays, invites, proven) }
        set { (relays, invites, proven) = (newValue.relays, newValue.invites, newValue.proven) }
    }

    /// Events since the last call; none of them is retained.
    mutating func take() -> CallEventBatch {
        let taken = batch
        batch = CallEventBatch()
        // The next batch will be about as large.
        batch.reserveCapacity(taken.count)
        return taken
    }

    /// Appends the events of the message; false if it has none of a call.
    ///
    /// 100 is the switch's own, a CANCEL decides nothing (it may cross the answer), and an INVITE with a To tag changes
    /// an ongoing call, or says how long it lives (Session-Expires, like an UPDATE). Its responses look like those to
    /// the first INVITE: the board distinguishes them. An ACK reveals an answer that was lost. A BYE ends a call,
    /// whatever the other side says to it. A REGISTER has no call, but shows which user is where.
    mutating func append(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) -> Bool {
        switch (message.method, message.status) {
        case (.invite, 0):
            guard message.toTag.isEmpty else { return appendSessionAsked(message, bytes, micros) }
            appendSetup(message, bytes, packet, micros)
        case (.invite, 101...179), (.invite, 190...199): appendResponse(.progress, message, bytes, packet, micros)
        case (.invite, 180...189): appendResponse(.ring, message, bytes, packet, micros)
        case (.invite, 200...299):
            appendResponse(.answer, message, bytes, packet, micros)
            // It follows the answer that makes the dialog known.
            if message.sessionSeconds != 0 { _ = appendSession(message.sessionSeconds, message, bytes, micros) }
        case (.invite, 300...699): appendResponse(.failure, message, bytes, packet, micros)
        case (.ack, 0): return appendAcknowledged(message, bytes, packet, micros)
        case (.bye, 0), (.bye, 200...699): appendEnd(message, bytes, packet, micros)
        case (.update, 0): return appendSessionAsked(message, bytes, micros)
        case (.update, 200...299): return appendSession(message.sessionSeconds, message, bytes, micros)
        case (.register, _):
            observeRegistration(message, bytes, packet, micros)
            return false
        default:
            return false
        }
        return true
    }

    private mutating func appendSetup(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        let attempt = attempt(bytes, message.callID, message.fromTag)
        let key = SIPEvents.key(attempt, caller: packet.source)
        let (relayed, otherCaller) = relays.note(
            dialog: attempt.low, source: packet.source, destination: packet.destination,
            called: bytes.digest(SIPAddress.user(bytes, message.toURI)),
            second: UInt32(truncatingIfNeeded: micros / 1_000_000))
        let branch = SIPBranch(bytes, message.via)
        let micros = branch.isUnique ? time(packet, micros, key, branch.hash, message) : micros
        if branch.isUnique {
            invites.open(key, sequence: message.sequence, branch: branch.hash)
            arrivals.open(attempt, at: packet.destination, sequence: message.sequence, branch: branch.hash, call: key)
        }
        let party = party(message, bytes, packet, key, micros)
        batch.append(
            .setup, key: key, timeMicros: micros, party: party, sequence: message.sequence, relayed: relayed)
        // All INVITEs without a branch (RFC 2543) have the same one.
        let sibling = otherCaller.map { SIPEvents.key(attempt, caller: $0) } ?? .none
        batch.append(transaction: CallTransaction(branch: max(1, branch.hash), dialog: sibling))
        describeSetup(message, bytes, packet, micros)
    }

    /// A response goes back to the caller.
    private mutating func appendResponse(
        _ kind: CallEventKind, _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        let key = SIPEvents.key(attempt(bytes, message.callID, message.fromTag), caller: packet.destination)
        let isFinal = message.status >= 200
        let via = SIPBranch(bytes, message.via)
        let branch = via.hash
        let micros = via.isUnique ? time(packet, micros, key, branch, message) : micros
        if isFinal { invites.close(key, sequence: message.sequence, branch: branch) }
        if kind == .answer { proven.accepted(key, sequence: message.sequence, micros: micros) }
        batch.append(
            kind, key: key, timeMicros: micros, sequence: message.sequence, code: isFinal ? message.status : 0,
            q850: message.q850)
        batch.append(
            transaction: CallTransaction(
                branch: branch,
                dialog: kind == .answer ? dialog(bytes, message) : .none))
        if kind == .failure { describeFailure(message, bytes) }
    }

    /// An ACK that reveals a lost answer, at most a round trip late. It may come from another address than the
    /// INVITE; then its call is that of the INVITE which came to the same switch.
    private mutating func appendAcknowledged(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) -> Bool {
        guard !message.toTag.isEmpty else { return false }
        let attempt = attempt(bytes, message.callID, message.fromTag)
        var key = SIPEvents.key(attempt, caller: packet.source)
        var asked = invites.branch(key, sequence: message.sequence)
        if asked == nil && !invites.knows(key, sequence: message.sequence) {
            guard let arrival = arrivals.find(attempt, at: packet.destination, sequence: message.sequence),
                invites.branch(arrival.call, sequence: message.sequence) != nil
            else { return false }
            (key, asked) = (arrival.call, arrival.branch)
        }
        let acknowledged = SIPBranch(bytes, message.via)
        guard let asked, acknowledged.isUnique, acknowledged.hash != asked else { return false }
        batch.append(.answer, key: key, timeMicros: micros, sequence: message.sequence, code: 200)
        batch.append(transaction: CallTransaction(branch: asked, dialog: dialog(bytes, message)))
        return true
    }

    /// The end of a dialog, wherever the BYE comes from. Without tags (RFC 2543) either side may be the caller, so it
    /// is emitted for both.
    private mutating func appendEnd(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        let dialog = dialog(bytes, message)
        guard dialog == .none else {
            batch.append(.end, key: dialog, timeMicros: micros, q850: message.q850)
            return batch.append(transaction: CallTransaction(branch: 0, dialog: dialog))
        }
        let (caller, called) =
            message.isRequest
            ? (packet.source, packet.destination)
            : (packet.destination, packet.source)
        for (address, tag) in [(caller, message.fromTag), (called, message.toTag)] {
            batch.append(
                .end, key: SIPEvents.key(attempt(bytes, message.callID, tag), caller: address), timeMicros: micros,
                q850: message.q850)
            batch.append(transaction: CallTransaction(branch: 0))
        }
    }

    /// How long the session of a dialog lives from here on. An UPDATE before the answer (RFC 3311) has no known dialog.
    private mutating func appendSession(
        _ seconds: UInt32, _ message: SIPMessage, _ bytes: Span<UInt8>, _ micros: Int64
    ) -> Bool {
        let dialog = dialog(bytes, message)
        guard dialog != .none else { return false }
        batch.append(.refresh, key: dialog, timeMicros: micros, sequence: seconds)
        batch.append(transaction: CallTransaction(branch: 0, dialog: dialog))
        return true
    }

    /// A request to refresh a session: the dialog exists, though the answer may be lost.
    private mutating func appendSessionAsked(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ micros: Int64
    ) -> Bool {
        guard message.sessionSeconds != 0, !message.toTag.isEmpty else { return false }
        return appendSession(CallEventBatch.refreshAsked, message, bytes, micros)
    }

    /// The time of a message that another agent may have reported.
    @inline(__always)
    private mutating func time(
        _ packet: HEPPacket, _ micros: Int64, _ key: CallKey, _ branch: UInt64, _ message: SIPMessage
    ) -> Int64 {
        guard packet.isStamped else { return micros }
        let kind = UInt64(message.sequence) << 16 | UInt64(message.status)
        let hash = (key.low ^ branch) &+ kind &* 0x9E37_79B9_7F4A_7C15
        return copies.observe(
            hash | 1 << 63, agent: packet.place, timeMicros: micros, arrivalMicros: packet.arrivalMicros)
    }

    /// A hash of the Call-ID and the caller's tag: the same at every host on its way.
    private func attempt(_ bytes: Span<UInt8>, _ callID: Range<Int>, _ tag: Range<Int>) -> CallKey {
        var hash = SipHash128(seed: hashSeed)
        hash.appendField(bytes, callID)
        hash.appendField(bytes, tag)
        return hash.finish()
    }

    /// A hash of an attempt and the caller's address. An attempt's hash cannot be guessed, and for one attempt no two
    /// addresses give the same: each step below can be undone. Both words change with every bit of the address, for
    /// tables use only one of them.
    private static func key(_ attempt: CallKey, caller: IPAddress) -> CallKey {
        var low = caller.low &* 0xD6E8_FEB8_6659_FD93
        low ^= low >> 32
        var high = (caller.high ^ (low &* 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9
        high ^= high >> 32
        low ^= high &* 0x94D0_49BB_1331_11EB
        let key = CallKey(high: attempt.high ^ high, low: attempt.low ^ low)
        return key == .none ? CallKey(high: 0, low: 1) : key
    }

    /// A hash of the Call-ID and both tags, in an order that both sides agree on: in a request of the called side they
    /// change places. `none` if a tag is missing.
    private func dialog(_ bytes: Span<UInt8>, _ message: SIPMessage) -> CallKey {
        guard !message.fromTag.isEmpty, !message.toTag.isEmpty else { return .none }
        let isInOrder = bytes.isOrdered(message.fromTag, before: message.toTag)
        var hash = SipHash128(seed: hashSeed)
        // No Call-ID begins so: a dialog's key is never an attempt's.
        hash.append(UInt64.max)
        hash.append(UInt64.max)
        hash.appendField(bytes, message.callID)
        hash.appendField(bytes, isInOrder ? message.fromTag : message.toTag)
        hash.appendField(bytes, isInOrder ? message.toTag : message.fromTag)
        let key = hash.finish()
        return key == .none ? CallKey(high: 0, low: 1) : key
    }

    private mutating func party(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ key: CallKey, _ micros: Int64
    ) -> UInt32 {
        var party = Party(source: packet.source, destination: packet.destination)
        if let name = credentials(message, bytes) {
            let pair = pair(name, packet.source)
            party.sipUser = name
            party.hasCredentials = true
            // A wrong password at an address of the user's own is the user's.
            party.userProof = proven.isProven(pair, micros: micros) ? .told : .credentials
            proven.asked(key, sequence: message.sequence, pair: pair)
        } else if let name = bytes.user(SIPAddress.user(bytes, message.fromURI)) {
            party.sipUser = name
            let isProven = !proven.isEmpty && proven.isProven(pair(name, packet.source), micros: micros)
            party.userProof = isProven ? .told : .claimed
        }
        if !needs.isEmpty {
            party.claims = PartyClaims(message, bytes, sourcePort: packet.sourcePort, needs: needs)
        }
        // Callers' numbers are mostly new ones: checking whether the batch has this party costs more than it saves.
        batch.parties.append(party)
        return UInt32(batch.parties.count - 1)
    }

    /// The user name of a request's digest.
    private func credentials(_ message: SIPMessage, _ bytes: Span<UInt8>) -> String? {
        message.digestUser.isEmpty ? nil : bytes.user(message.digestUser)
    }

    /// Observes a REGISTER with credentials, or the answer to one.
    private mutating func observeRegistration(
        _ message: SIPMessage, _ bytes: Span<UInt8>, _ packet: HEPPacket, _ micros: Int64
    ) {
        if message.isRequest {
            guard let name = credentials(message, bytes) else { return }
            let key = SIPEvents.key(attempt(bytes, message.callID, message.fromTag), caller: packet.source)
            proven.asked(key, sequence: message.sequence, pair: pair(name, packet.source))
        } else if (200...299).contains(message.status), proven.isAsked {
            let key = SIPEvents.key(attempt(bytes, message.callID, message.fromTag), caller: packet.destination)
            proven.accepted(key, sequence: message.sequence, micros: micros)
        }
    }

    /// A hash of a user and an address that cannot be computed outside.
    private func pair(_ user: String, _ address: IPAddress) -> UInt64 {
        var hash = SipHash128(seed: hashSeed)
        for byte in user.utf8 { hash.append(byte) }
        hash.append(address.high)
        hash.append(address.low)
        return max(1, hash.finish().high)
    }
}

extension Span where Element == UInt8 {
    /// The text of a user; nil: there is none, or it is implausibly long.
    fileprivate func user(_ range: Range<Int>) -> String? {
        range.isEmpty || range.count > FeedLimits.userBytes ? nil : SIPAddress.unescaped(self, range)
    }

    /// A number that is equal for equal ends of a range: of up to its last sixteen bytes.
    fileprivate func digest(_ range: Range<Int>) -> UInt32 {
        var value: UInt32 = 0
        for index in Swift.max(range.lowerBound, range.upperBound - 16)..<range.upperBound {
            value = value &* 31 &+ UInt32(self[index])
        }
        return value
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
        transaction.reserveCapacity(count)
    }
}
