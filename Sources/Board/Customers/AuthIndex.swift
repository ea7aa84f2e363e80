// Which customer a call belongs to: by the longest matching prefix of its source address, by entries of several
// conditions, else by SIP user, else by account code. `AuthExactness` decides which of several entries gets a call.

import CallEvents

struct AuthIndex {
    /// The customer of a call, and the matching entry.
    struct Match {
        var row: UInt32
        /// The entry, if it has several conditions; nil: an address, user or account alone.
        var entry: ConditionIndex.Match?

        /// Bytes of the tech prefix that the called number begins with and that identifies the customer.
        var prefixBytes: UInt16 { UInt16(clamping: entry?.conditions.calledPrefix?.utf8.count ?? 0) }
    }

    /// The state of an address block: the row of the customer with an entry of the block alone, if any, and a flag for
    /// entries of several conditions.
    private struct Slot {
        static let nobody: UInt32 = 0x7FFF_FFFF
        var bits = Slot.nobody

        var row: UInt32? {
            get { bits & Slot.nobody == Slot.nobody ? nil : bits & Slot.nobody }
            set { bits = bits & ~Slot.nobody | (newValue ?? Slot.nobody) }
        }
        var hasConditions: Bool {
            get { bits >> 31 != 0 }
            set { bits = bits & Slot.nobody | (newValue ? 1 << 31 : 0) }
        }
        var isEmpty: Bool { bits == Slot.nobody }
    }

    private var blocks: [AddressBlock: Slot] = [:]
    /// Block lengths in use, longest first.
    private var lengths: [Int] = []
    /// Those lengths with entries of several conditions.
    private var conditionLengths: [Int] = []
    private var sipUsers: [String: UInt32] = [:]
    private var accounts: [String: UInt32] = [:]
    private(set) var conditions = ConditionIndex()

    /// - Parameter expected: number of addresses to come.
    init(expected: Int = 0) { blocks.reserveCapacity(expected) }

    // MARK: Look-up

    /// The most exact entry with an address that a call meets.
    func match(bySource party: Party) -> Match? {
        guard let source = party.source else { return nil }
        var row: UInt32?
        var probe: AuthProbe?
        var best: ConditionIndex.Match?
        var lengths = self.lengths[...]
        while let length = lengths.popFirst() {
            guard let slot = blocks[AddressBlock(source, length: length)] else { continue }
            if row == nil, let owner = slot.row {
                row = owner
                // Among lone addresses the longest block gets the call. Entries of several conditions remain.
                if conditionLengths.isEmpty { break }
                lengths = conditionLengths.drop { $0 >= length }
            }
            if slot.hasConditions {
                let known = probe ?? AuthProbe(party)
                probe = known
                conditions.find(known, under: AddressBlock(source, length: length), &best)
            }
        }
        if let best { return Match(row: best.row, entry: best) }
        return row.map { Match(row: $0) }
    }

    /// The most exact entry that a call meets, with or without an address, except those of a user or an account alone.
    /// - Parameter bySource: the match among entries with an address.
    func match(anywhere party: Party, bySource: Match?) -> Match? {
        guard conditions.hasAnywhere else { return bySource }
        // A lone address is less exact than any of them.
        var best = bySource?.entry
        conditions.findAnywhere(AuthProbe(party), &best)
        return best.map { Match(row: $0.row, entry: $0) } ?? bySource
    }

    func row(ofSIPUser user: String) -> UInt32? { sipUsers[user] }
    func row(ofAccount code: String) -> UInt32? { accounts[code] }

    /// Whether any entry covers an address, whatever its other conditions.
    func hasEntry(around address: IPAddress) -> Bool {
        lengths.contains { blocks[AddressBlock(address, length: $0)] != nil }
    }

    /// The blocks around an address that have entries, longest first.
    func blocks(around address: IPAddress) -> [AddressBlock] {
        lengths.map { AddressBlock(address, length: $0) }.filter { blocks[$0] != nil }
    }

    /// Whether any entry has exactly this block, whatever its other conditions.
    func hasEntry(of block: AddressBlock) -> Bool { blocks[block] != nil }

    /// The row that already has exactly this entry, or nil; entries that cannot be parsed match nothing.
    func owner(of entry: AuthEntry) -> UInt32? {
        switch entry {
        case .ip(let text): AddressBlock(text).flatMap { owner(of: $0) }
        case .sip(let user): sipUsers[user]
        case .account(let code): accounts[code]
        case .conditions(let conditions): self.conditions.owner(of: conditions)
        }
    }

    func owner(of block: AddressBlock) -> UInt32? { blocks[block]?.row }

    // MARK: Changes

    /// Reserves room for the addresses of so many more customers.
    mutating func reserve(_ count: Int) { blocks.reserveCapacity(blocks.count + count) }

    /// Adds an entry that was checked before; false if a customer had it, or it cannot be parsed.
    @discardableResult
    mutating func insert(_ entry: AuthEntry, row: UInt32) -> Bool {
        switch entry {
        case .ip(let text):
            guard let block = AddressBlock(text) else { return false }
            noteLength(block.length)
            let isFree = blocks[block]?.row == nil
            blocks[block, default: Slot()].row = row
            return isFree
        case .sip(let user): return sipUsers.updateValue(row, forKey: user) == nil
        case .account(let code): return accounts.updateValue(row, forKey: code) == nil
        case .conditions(let conditions):
            guard self.conditions.insert(conditions, row: row) else { return false }
            guard let block = conditions.block, conditions.receiver == nil else { return true }
            noteLength(block.length)
            blocks[block, default: Slot()].hasConditions = true
            if !conditionLengths.contains(block.length) {
                conditionLengths.append(block.length)
                conditionLengths.sort(by: >)
            }
            return true
        }
    }

    private mutating func noteLength(_ length: Int) {
        if lengths.contains(length) { return }
        lengths.append(length)
        lengths.sort(by: >)
    }

    /// Removes an entry, if it is this row's. Lengths stay: probing for one no longer in use costs little.
    mutating func remove(_ entry: AuthEntry, row: UInt32) {
        guard owner(of: entry) == row else { return }
        switch entry {
        case .ip(let text): if let block = AddressBlock(text) { change(block) { $0.row = nil } }
        case .sip(let user): sipUsers[user] = nil
        case .account(let code): accounts[code] = nil
        case .conditions(let conditions):
            self.conditions.remove(conditions, row: row)
            guard let block = conditions.block, !self.conditions.has(under: block) else { return }
            change(block) { $0.hasConditions = false }
        }
    }

    private mutating func change(_ block: AddressBlock, _ body: (inout Slot) -> Void) {
        guard var slot = blocks[block] else { return }
        body(&slot)
        blocks[block] = slot.isEmpty ? nil : slot
    }

    var byteSize: Int {
        (blocks.capacity * 40) + (sipUsers.capacity + accounts.capacity) * 32 + conditions.byteSize
    }
}
