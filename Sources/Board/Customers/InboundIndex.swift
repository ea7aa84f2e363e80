// Whose calls come to an address or a number. A look-up asks a table once for each length of block or prefix that is in use:
// it costs the same with one customer and with a million.

import CallEvents

struct InboundIndex: Sendable {
    /// Who has some numbers that a prefix stands for.
    private struct Holder: Equatable, Sendable {
        var row: UInt32
        /// Of the range that the prefix is a part of: the narrowest range has the call.
        var range: NumberRange
    }

    /// Every entry, and whose it is.
    private var owners: [InboundTarget: UInt32] = [:]
    private var holders: [NumberPrefix: [Holder]] = [:]
    /// Entries of each customer that has some.
    private var counts: [UInt32: Int] = [:]
    /// Lengths of blocks and of prefixes in use, longest first. They stay: looking for one that nobody has any more costs little.
    private var blockLengths: [Int] = []
    private var prefixLengths: [Int] = []

    /// Nobody has entries: nothing need be looked for.
    var isEmpty: Bool { owners.isEmpty }
    /// Somebody has numbers: what was called is to be known.
    var hasNumbers: Bool { !holders.isEmpty }

    /// Whether a customer has entries.
    func has(row: UInt32) -> Bool { counts[row] != nil }

    /// The customer whose trunk an address belongs to: the longest block has it.
    func row(address: IPAddress) -> UInt32? {
        for length in blockLengths {
            if let row = owners[.address(AddressBlock(address, length: length))] { return row }
        }
        return nil
    }

    /// The customer whose number was called: the narrowest range has it, and of open ones the longest begin. A number may begin
    /// with a plus or, where nobody has it as it is, with two zeros.
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

    /// The row that has this very entry.
    func owner(of target: InboundTarget) -> UInt32? { owners[target] }

    /// Adds an entry; false, and nothing is changed, if somebody has it.
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

    /// Takes an entry away, if it is this row's.
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
