// From the batches of the feeds to the columns of the wire.

import CallEvents
import Foundation
import Wire

extension IngestCallsColumns {
    /// The columns of a part of a batch.
    init(_ batch: CallRecordBatch, _ range: Range<Int>) {
        self.init()
        let (parties, indices) = PartyIndex.of(batch.parties, batch.party[range])
        self.parties = Parties(parties)
        party = indices
        setupMicros = Array(batch.setupMicros[range])
        ringMilliseconds = Array(batch.ringMilliseconds[range])
        answerMilliseconds = Array(batch.answerMilliseconds[range])
        endMilliseconds = Array(batch.endMilliseconds[range])
        talkMilliseconds = Array(batch.talkMilliseconds[range])
        code = range.map { UInt32(batch.code[$0]) | UInt32(batch.q850[$0]) << 16 }
        if !batch.costMicros.isEmpty { costMicros = Array(batch.costMicros[range]) }
        if !batch.key.isEmpty {
            keyHigh = batch.key[range].map(\.high)
            keyLow = batch.key[range].map(\.low)
        }
        details = CallDetailColumns(batch.details, batch.detail, range)
        let currencies = batch.currencies[range]
        (money.currencies, money.currency) = (currencies.codes, currencies.ofCall)
        money.costLimitMicros = batch.costLimitMicros
    }
}

extension IngestEventsColumns {
    /// The columns of a part of a batch.
    init(_ batch: CallEventBatch, _ range: Range<Int>) {
        self.init()
        let (parties, indices) = PartyIndex.of(batch.parties, batch.party[range])
        self.parties = Parties(parties)
        party = indices
        kind = batch.kind[range].map(\.rawValue)
        keyHigh = batch.key[range].map(\.high)
        keyLow = batch.key[range].map(\.low)
        timeMicros = Array(batch.timeMicros[range])
        sequence = Array(batch.sequence[range])
        code = range.map { UInt32(batch.code[$0]) | UInt32(batch.q850[$0]) << 16 }
        details = CallDetailColumns(batch.details, batch.detail, range)
    }
}

private enum PartyIndex {
    /// The referenced parties, as messages, and the indices of them.
    static func of(_ parties: PartyList, _ indices: ArraySlice<UInt32>) -> ([Busyhour_V1_Party], [UInt32]) {
        var places = [UInt32](repeating: CallEventBatch.noParty, count: parties.count)
        var messages: [Busyhour_V1_Party] = []
        let pointers = indices.map { index -> UInt32 in
            guard Int(index) < parties.count else { return CallEventBatch.noParty }
            if places[Int(index)] == CallEventBatch.noParty {
                places[Int(index)] = UInt32(messages.count)
                messages.append(message(parties[Int(index)]))
            }
            return places[Int(index)]
        }
        return (messages, pointers)
    }

    private static func message(_ party: Party) -> Busyhour_V1_Party {
        var message = Busyhour_V1_Party()
        message.customerID = party.customerID
        message.source = bytes(party.source)
        message.destination = bytes(party.destination)
        message.sipUser = party.sipUser ?? ""
        message.hasCredentials_p = party.hasCredentials
        message.account = party.account ?? ""
        if party.direction != .outbound { message.direction = party.direction.name }
        if let claims = party.claims { message.set(claims) }
        return message
    }

    /// 4 or 16 bytes in network order, empty for no address.
    private static func bytes(_ address: IPAddress?) -> Data {
        guard let address else { return Data() }
        let all = [address.high, address.low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
        return Data(address.isV4 ? all.suffix(4) : all[...])
    }
}

extension Busyhour_V1_Party {
    fileprivate mutating func set(_ claims: PartyClaims) {
        sourcePort = UInt32(claims.sourcePort)
        called = claims.called ?? ""
        fromDomain = claims.fromDomain ?? ""
        uriDomain = claims.uriDomain ?? ""
        contactDomain = claims.contactDomain ?? ""
        trunkGroup = claims.trunkGroup ?? ""
        assertedIdentities = claims.assertedIdentities
        headers = claims.headers.map { header in
            var message = Busyhour_V1_PartyHeader()
            (message.name, message.value) = (header.name, header.value)
            return message
        }
    }
}
