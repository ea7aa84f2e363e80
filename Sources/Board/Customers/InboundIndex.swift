// The customer to which calls to an address or a number go. A look-up probes a table once for each length of block or
// prefix in use: it costs the same with one customer and with a million.

import CallEvents

struct InboundIndex: Sendable {
    /// A customer with some of the numbers under a prefix.
    private struct Holder: Equatable, Sendable {
        var row: UInt32
        /// The range that the prefix is part of: the narrowest range gets the call.
        var range: NumberRange
    }

    /// Every entry with its customer's row.
    private var owners: [InboundTarget: UInt32] = [:]
    private var holders: [NumberPrefix: [Holder]] = [:]
    /// Number of entries per customer that has any.
    private var counts: [UInt32: Int] = [:]
    /// Lengths of blocks and of prefixes in use, longest first. They stay: probing for an unused one costs little.
    private var blockLengths: [Int] = []
    private var prefixLengths: [Int] = []

    /// There are no entries: look-ups can be skipped.
    var isEmpty: Bool { owners.isEmpty }
    /// Some customer has numbers: the called number must be known.
    var hasNumbers: Bool { !holders.isEmpty }

    /// Whether a customer has entries.
    func has(row: UInt32) -> Bool { counts[row] != nil }

    /// The customer whose trunk has an address: the longest block gets it.
    func row(address: IPAddress) -> UInt32? {
        for length in blockLengths {
            if let row = owners[.address(AddressBlock(address, length: length))] { return row }
        }
        return nil
    }

    /// The customer whose number was called: the narrowest range gets it, and among open ranges the longest prefix. A
    /// number may begin with a plus or, where no customer has it as is, with two zeros.
    func row(number: String) -> UInt32? {
        guard let digits = NumberDigits(number) else { return nil }
        if let row = row(digits) { return row }
        guard number.hasPrefix("00"), let rest = NumberDigits(number.dropFirst(2)) else { return nil }
        return row(rest)
    }

    private func row(_ number: NumberDigits) -> UInt32? {
        var best: Holder?
        forEachHolder(of: number) { holder in
            if best.map({ holder.range.isNarrower(than: $0.range) }) ?? true { best = holder }
        }
        return best?.row
    }

    @inline(__always)
    private func forEachHolder(of number: NumberDigits, _ take: (Holder) -> Void) {
        for length in prefixLengths where length <= number.count {
            let value = number.prefix(length)
            for digits in [number.count, 0] {
                for holder in holders[NumberPrefix(value: value, length: length, digits: digits)] ?? [] { take(holder) }
            }
        }
    }

    /// All entries that an address meets, the one that has it first.
    func entries(address: IPAddress) -> [(target: InboundTarget, row: UInt32)] {
        blockLengths.compactMap { length in
            let target = InboundTarget.address(AddressBlock(address, length: length))
            return owners[target].map { (target: target, row: $0) }
        }
    }

    /// All entries that a number meets, the one that has it first.
    func entries(number: String) -> [(target: InboundTarget, row: UInt32)] {
        guard let digits = NumberDigits(number) else { return [] }
        var found: [Holder] = []
        forEachHolder(of: digits) { holder in if !found.contains(holder) { found.append(holder) } }
        if found.isEmpty, number.hasPrefix("00"), let rest = NumberDigits(number.dropFirst(2)) {
            forEachHolder(of: rest) { holder in if !found.contains(holder) { found.append(holder) } }
        }
        found.sort { $0.range.isNarrower(than: $1.range) }
        return found.map { (target: .numbers($0.range), row: $0.row) }
    }

    /// The row that has exactly this entry.
    func owner(of target: InboundTarget) -> UInt32? { owners[target] }

    /// Adds an entry; false, and nothing is changed, if a customer has it.
    @discardableResult
    mutating func insert(_ target: InboundTarget, row: UInt32) -> Bool {
        guard owners[target] == nil else { return false }
        owners[target] = row
        counts[row, default: 0] += 1
        switch target {
        case .address(let block): InboundIndex.note(block.length, in: &blockLengths)
        case .numbers(let range):
            for prefix in range.prefixes {
                holders[prefix, default: []].append(Holder(row: row, range: range))
                InboundIndex.note(prefix.length, in: &prefixLengths)
            }
        }
        return true
    }

    /// Removes an entry, if it is this row's.
    mutating func remove(_ target: InboundTarget, row: UInt32) {
        guard owners[target] == row else { return }
        owners[target] = nil
        let left = (counts[row] ?? 1) - 1
        counts[row] = left == 0 ? nil : left
        guard case .numbers(let range) = target else { return }
        for prefix in range.prefixes {
            var rest = holders[prefix] ?? []
            rest.removeAll { $0 == Holder(row: row, range: range) }
            holders[prefix] = rest.isEmpty ? nil : rest
        }
    }

    private static func note(_ length: Int, in lengths: inout [Int]) {
        guard !lengths.contains(length) else { return }
        lengths.append(length)
        lengths.sort(by: >)
    }

    var byteSize: Int { owners.capacity * 64 + holders.capacity * 104 + counts.capacity * 24 }
}
