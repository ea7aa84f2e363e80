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

    func finish() -> CallKey {
        var last = hash
        return last.finish()
    }
}
