/// Numbers keys in the order of their first appearance: key -> 0, 1, 2, ...
///
/// Open addressing over a table of numbers (4 bytes per slot) beside the list of keys (8 bytes each), at most half
/// full. For group columns with too many values for one slot each.
public struct GroupNumbers: Sendable {
    /// Number -> key.
    public private(set) var keys: [UInt64] = []
    /// Number + 1 of the key in this slot; 0: free.
    private var places = [UInt32](repeating: 0, count: 64)
    private let limit: Int
    private let hashesAreEqual: Bool

    /// `limit`: maximum of numbered keys. `hashesAreEqual` is for tests: every key then hashes to one slot, so that
    /// only comparing keys distinguishes them.
    public init(limit: Int, hashesAreEqual: Bool = false) {
        self.limit = min(limit, Int(UInt32.max) - 1)
        self.hashesAreEqual = hashesAreEqual
    }

    public var count: Int { keys.count }

    /// The number of a key, assigned if it has none; nil when there are `limit` others already.
    public mutating func number(of key: UInt64) -> UInt32? {
        if (keys.count + 1) * 2 > places.count { enlarge() }
        let place = place(of: key)
        if places[place] != 0 { return places[place] - 1 }
        guard keys.count < limit else { return nil }
        keys.append(key)
        // Safe: at most `limit` keys, which is below 2^32.
        places[place] = UInt32(truncatingIfNeeded: keys.count)
        return places[place] - 1
    }

    /// The number that a key has.
    public func existingNumber(of key: UInt64) -> UInt32? {
        let place = place(of: key)
        return places[place] == 0 ? nil : places[place] - 1
    }

    /// The slot where a key is or would be. Terminates, because half of the slots are free.
    private func place(of key: UInt64) -> Int {
        let mask = places.count - 1
        var place = hashesAreEqual ? 0 : Int(truncatingIfNeeded: GroupNumbers.hash(key)) & mask
        while places[place] != 0 && keys[Int(places[place] - 1)] != key { place = (place + 1) & mask }
        return place
    }

    /// Two rounds of multiply and fold, so that keys that differ only in high bits hash to different slots too.
    private static func hash(_ key: UInt64) -> UInt64 {
        var bits = (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return bits ^ (bits >> 32)
    }

    private mutating func enlarge() {
        places = [UInt32](repeating: 0, count: places.count * 2)
        for (number, key) in keys.enumerated() {
            let place = place(of: key)
            places[place] = UInt32(truncatingIfNeeded: number + 1)
        }
    }
}
