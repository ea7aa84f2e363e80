// Customers by name, ignoring case and normalisation: open addressing over hashes of folded names.

import Columnar

/// Eight bytes per slot and at most half of the slots taken: 16 to 32 bytes per customer. The names themselves stay in
/// their column. A million names are indexed in 0.1 s, for plain ASCII is folded and hashed in place.
struct NameIndex: Sendable {
    /// 32 bits of hash above row + 1; 0: free.
    private var places: [UInt64] = []
    private var count = 0

    /// The row of a name, or nil.
    func row(named name: String, in names: TextColumn) -> Int? {
        places.isEmpty ? nil : row(hash: NameIndex.hash(of: name), name, names)
    }

    /// The row of a name, given the name's hash.
    func row(hash: UInt32, _ name: String, _ names: TextColumn) -> Int? {
        places.isEmpty ? nil : row(hash, name, names)
    }

    private func row(_ hash: UInt32, _ name: String, _ names: TextColumn) -> Int? {
        let mask = places.count - 1
        var place = Int(hash) & mask
        var folded: String?
        // Ends, for at most half of the slots are taken.
        while places[place] != 0 {
            if UInt32(truncatingIfNeeded: places[place] >> 32) == hash {
                let row = Int(UInt32(truncatingIfNeeded: places[place])) - 1
                let wanted = folded ?? CustomerTable.fold(name)
                folded = wanted
                if CustomerTable.fold(names[row]) == wanted { return row }
            }
            place = (place + 1) & mask
        }
        return nil
    }

    /// All rows with a name, unordered.
    func rows(named name: String, in names: TextColumn) -> [Int] {
        guard count > 0 else { return [] }
        let hash = NameIndex.hash(of: name)
        let wanted = CustomerTable.fold(name)
        let mask = places.count - 1
        var place = Int(hash) & mask
        var rows: [Int] = []
        while places[place] != 0 {
            let row = Int(UInt32(truncatingIfNeeded: places[place])) - 1
            if UInt32(truncatingIfNeeded: places[place] >> 32) == hash, CustomerTable.fold(names[row]) == wanted {
                rows.append(row)
            }
            place = (place + 1) & mask
        }
        return rows
    }

    /// Adds a row. No existing customer has the name yet; deleted ones may have shared one.
    mutating func insert(_ name: String, row: Int) { insert(hash: NameIndex.hash(of: name), row: row) }

    mutating func insert(hash: UInt32, row: Int) {
        reserve(count + 1)
        put(hash, row)
    }

    /// Removes a row that was inserted with this name.
    mutating func remove(_ name: String, row: Int) {
        guard !places.isEmpty else { return }
        let mask = places.count - 1
        let entry = UInt64(NameIndex.hash(of: name)) << 32 | UInt64(row + 1)
        var hole = Int(entry >> 32) & mask
        while places[hole] != entry {
            if places[hole] == 0 { return }
            hole = (hole + 1) & mask
        }
        // An entry after the hole moves into it, unless that would be before its home slot.
        var next = (hole + 1) & mask
        while places[next] != 0 {
            let home = Int(places[next] >> 32) & mask
            if (next - home) & mask >= (next - hole) & mask {
                places[hole] = places[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        places[hole] = 0
        count -= 1
    }

    /// Indexes all rows but those of deleted customers.
    /// - Returns: false if two of them have the same name.
    mutating func build(_ names: TextColumn, without deleted: Bitmap) -> Bool {
        self = NameIndex()
        reserve(names.count)
        var small: [UInt8] = []
        for chunk in 0..<names.chunkCount {
            let first = chunk * ChunkSize.rows
            let rows = ChunkSize.rows(inChunk: chunk, count: names.count).count
            let isUnique = names.withChunk(chunk) { bytes, ends in
                NameIndex.lowerCase(bytes, &small)
                return small.withUnsafeBytes { small in
                    var start = 0
                    for index in 0..<rows {
                        // Rows beyond the last end are empty.
                        let end = index < ends.count ? Int(ends[index]) : start
                        let name = UnsafeRawBufferPointer(rebasing: small[start..<end])
                        start = end
                        if deleted[first + index] { continue }
                        guard insertNew(name, row: first + index, names) else { return false }
                    }
                    return true
                }
            }
            guard isUnique else { return false }
        }
        return true
    }

    private mutating func insertNew(_ name: UnsafeRawBufferPointer, row: Int, _ names: TextColumn) -> Bool {
        let isPlain = name.allSatisfy { $0 < 0x80 }
        let hash = isPlain ? NameIndex.hash(name) : NameIndex.hash(folded: CustomerTable.fold(names[row]))
        let mask = places.count - 1
        let isTaken = places[Int(hash) & mask] != 0
        if isTaken && self.row(hash, names[row], names) != nil { return false }
        put(hash, row)
        return true
    }

    /// Customers are below 2^24, so row + 1 fits 32 bits.
    private mutating func put(_ hash: UInt32, _ row: Int) {
        let mask = places.count - 1
        var place = Int(hash) & mask
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = UInt64(hash) << 32 | UInt64(row + 1)
        count += 1
    }

    private mutating func reserve(_ count: Int) {
        guard count * 2 > places.count else { return }
        var size = max(64, places.count)
        while size < count * 2 { size *= 2 }
        let before = places
        places = [UInt64](repeating: 0, count: size)
        self.count = 0
        for entry in before where entry != 0 {
            put(UInt32(truncatingIfNeeded: entry >> 32), Int(UInt32(truncatingIfNeeded: entry)) - 1)
        }
    }

    var byteSize: Int { places.capacity * 8 }
}

// MARK: - Hashing

// Names that are equal once folded have equal hashes: plain ones by their bytes, others by `String`, which ignores
// differences of normalisation. Non-ASCII that is canonically equivalent to ASCII is converted first.
// Each process has its own hash seed, so that colliding names cannot be chosen.

extension NameIndex {
    /// The hash of ASCII bytes without capitals.
    private static func hash(_ plain: UnsafeRawBufferPointer) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(bytes: plain)
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// The hash of a name as written.
    static func hash(of name: String) -> UInt32 {
        var name = name
        let plain = name.withUTF8 { name -> UInt32? in
            guard name.allSatisfy({ $0 < 0x80 }) else { return nil }
            return withUnsafeTemporaryAllocation(byteCount: name.count, alignment: 1) { small in
                // `small` has the name's length.
                for index in name.indices { small[index] = lowerCase(name[index]) }
                return hash(UnsafeRawBufferPointer(small))
            }
        }
        return plain ?? hash(folded: CustomerTable.fold(name))
    }

    private static func lowerCase(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func hash(folded: String) -> UInt32 {
        var plain = folded
        if plain.utf8.contains(where: { $0 >= 0x80 }) {
            plain = String(String.UnicodeScalarView(folded.unicodeScalars.map { asciiEquivalents[$0] ?? $0 }))
            if plain.utf8.contains(where: { $0 >= 0x80 }) { return UInt32(truncatingIfNeeded: folded.hashValue) }
        }
        return plain.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }

    /// All scalars whose canonical decomposition is ASCII, except the Kelvin sign, which folding has turned into a k.
    private static let asciiEquivalents: [Unicode.Scalar: Unicode.Scalar] = ["\u{37E}": ";", "\u{1FEF}": "`"]

    /// Copies bytes, with A to Z in lower case.
    private static func lowerCase(_ bytes: UnsafeBufferPointer<UInt8>, _ small: inout [UInt8]) {
        if small.count < bytes.count { small = [UInt8](repeating: 0, count: bytes.count) }
        small.withUnsafeMutableBufferPointer { small in
            for index in bytes.indices { small[index] = lowerCase(bytes[index]) }
        }
    }
}
