import CallEvents

/// The identity of a record's call: SipHash under a key that never changes, so that the same record gives the same
/// `CallKey` in every run and on every host.
///
/// Pieces are combined with their lengths, so that ("ab", "c") and ("a", "bc") differ.
struct CDRKeyHash {
    private var hash = SipHash128(seed: HashSeed(first: 0x7275_6F48_7973_7542, second: 0x7965_6B20_5244_4320))

    /// `domain` separates hashes of different things.
    init(domain: UInt8) {
        hash.append(domain)
    }

    mutating func combine(_ line: Span<UInt8>, _ field: CDRField) {
        hash.appendField(line, field.start..<max(field.start, field.end))
    }

    mutating func combine(_ mark: UInt8) { hash.append(mark) }

    mutating func combine(_ line: Span<UInt8>) {
        hash.appendField(line, line.indices)
    }

    /// A piece of 24 bytes: these words, each with its lowest byte first.
    private mutating func combine(_ one: UInt64, _ other: UInt64, _ third: UInt64) {
        hash.append(one)
        hash.append(other)
        hash.append(third)
        hash.append(UInt64(24))
    }

    /// The key of a call among those with the same id: by its time.
    static func key(_ id: CallKey, slot: Int64) -> CallKey { key(id, slot: slot, domain: 0xFE) }

    /// The key of a credit note, whose id may be that of the call it belongs to.
    static func creditKey(_ id: CallKey, slot: Int64) -> CallKey { key(id, slot: slot, domain: 0xFC) }

    private static func key(_ id: CallKey, slot: Int64, domain: UInt8) -> CallKey {
        var hash = CDRKeyHash(domain: domain)
        hash.combine(id.high, id.low, UInt64(bitPattern: slot))
        return hash.finish()
    }

    func finish() -> CallKey {
        var last = hash
        return last.finish()
    }
}
