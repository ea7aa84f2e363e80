// Which customer a call belongs to: by the longest matching prefix of its source address, by entries of several conditions,
// else by SIP user, else by account code. `AuthExactness` says which of several entries gets a call.

import CallEvents

struct AuthIndex {
    /// Whose call it is, and by what.
    struct Match {
        var row: UInt32
        /// The entry of several conditions that it is by; nil: an address, user or account alone.
        var entry: ConditionIndex.Match?

        /// Bytes of the tech prefix that the called number begins with, by which the customer is told.
        var prefixBytes: UInt16 { UInt16(clamping: entry?.conditions.calledPrefix?.utf8.count ?? 0) }
    }

    /// What stands under an address block: the row of the customer whose it is alone, if there is one, and a mark that there are
    /// entries of several conditions as well.
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
    /// Lengths in use, longest first.
    private var lengths: [Int] = []
    /// Those under which there are entries of several conditions.
    private var conditionLengths: [Int] = []
    private var sipUsers: [String: UInt32] = [:]
    private var accounts: [String: UInt32] = [:]
    private(set) var conditions = ConditionIndex()

    /// - Parameter expected: addresses to come.
    init(expected: Int = 0) { blocks.reserveCapacity(expected) }

    // MARK: Looking up

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
                // Of an address alone the longest block gets the call. What is left are the entries of several conditions.
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

    /// The most exact entry that a call meets, with an address or without, but for those of a user or an account alone.
    /// - Parameter bySource: of those with an address.
    func match(anywhere party: Party, bySource: Match?) -> Match? {
        guard conditions.hasAnywhere else { return bySource }
        // An address alone is less exact than any of them.
        var best = bySource?.entry
        conditions.findAnywhere(AuthProbe(party), &best)
        return best.map { Match(row: $0.row, entry: $0) } ?? bySource
    }

    func row(ofSIPUser user: String) -> UInt32? { sipUsers[user] }
    func row(ofAccount code: String) -> UInt32? { accounts[code] }

    /// Whether an address is in somebody's entry, whatever else that asks for.
    func hasEntry(around address: IPAddress) -> Bool {
        lengths.contains { blocks[AddressBlock(address, length: $0)] != nil }
    }

    /// Whether somebody has an entry of this very block, whatever else it asks for.
    func hasEntry(of block: AddressBlock) -> Bool { blocks[block] != nil }

    /// The row that already has this very entry, or nil; entries that cannot be read match nothing.
    func owner(of entry: AuthEntry) -> UInt32? {
        switch entry {
        case .ip(let text): AddressBlock(text).flatMap { owner(of: $0) }
        case .sip(let user): sipUsers[user]
        case .account(let code): accounts[code]
        case .conditions(let conditions): self.conditions.owner(of: conditions)
        }
    }

    func owner(of block: AddressBlock) -> UInt32? { blocks[block]?.row }

    // MARK: Changing

    /// Room for the addresses of so many customers more.
    mutating func reserve(_ count: Int) { blocks.reserveCapacity(blocks.count + count) }

    /// Adds an entry that was checked before; false if somebody had it, or it cannot be read.
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

    /// Takes an entry away, if it is this row's. Lengths stay: looking for one that nobody has any more costs little.
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
