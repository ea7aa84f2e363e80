import CallEvents

/// The identity of what a record is of: SipHash under a key that never changes, so that the same record gives the same
/// `CallKey` in every run and on every host.
///
/// Pieces are combined with their lengths, so that ("ab", "c") and ("a", "bc") differ.
struct CDRKeyHash {
    private var hash = SipHash128(seed: HashSeed(first: 0x7275_6F48_7973_7542, second: 0x7965_6B20_5244_4320))

    /// `domain` tells apart hashes of different things.
    init(domain: UInt8) {
        hash.append(domain)
    }

    mutating func combine(_ line: Span<UInt8>, _ field: CDRField) {
        hash.appendField(line, field.start..<max(field.start, field.end))
    }

    mutating func combine(_ line: Span<UInt8>) {
        hash.appendField(line, line.indices)
    }

    /// The key of one of the calls that have an id: by when it was.
    static func key(_ id: CallKey, slot: Int64) -> CallKey { key(id, slot: slot, domain: 0xFE) }

    /// The key of a credit note, whose id may be that of the call that it is for.
    static func creditKey(_ id: CallKey, slot: Int64) -> CallKey { key(id, slot: slot, domain: 0xFC) }

    private static func key(_ id: CallKey, slot: Int64, domain: UInt8) -> CallKey {
        var octets: [UInt8] = []
        octets.reserveCapacity(24)
        for word in [id.high, id.low, UInt64(bitPattern: slot)] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                octets.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        var hash = CDRKeyHash(domain: domain)
        hash.combine(octets.span)
        return hash.finish()
    }

    func finish() -> CallKey {
        var last = hash
        return last.finish()
    }
}
