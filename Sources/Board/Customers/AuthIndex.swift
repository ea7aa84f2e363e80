// Which customer a call belongs to: by the longest matching prefix of its source address, else by SIP user, else by
// account code.

import CallEvents

/// An address block: an address with only its first `length` bits set, of 128 (an IPv4 /24 is 120 here).
struct AddressBlock: Hashable, Sendable {
    var address: IPAddress
    var length: Int

    init(_ address: IPAddress, length: Int) {
        self.length = length
        let high = length >= 64 ? UInt64.max : length == 0 ? 0 : ~(UInt64.max >> UInt64(length))
        let low = length >= 128 ? UInt64.max : length <= 64 ? 0 : ~(UInt64.max >> UInt64(length - 64))
        self.address = IPAddress(high: address.high & high, low: address.low & low)
    }

    /// Reads `203.0.113.0/24`, `203.0.113.7`, `2001:db8::/32`; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        let width = parts[0].contains(":") ? 128 : 32
        var length = width
        if parts.count == 2 {
            guard (1...3).contains(parts[1].count), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                let given = Int(parts[1]), given <= width
            else { return nil }
            length = given
        }
        self.init(address, length: length + 128 - width)
    }
}

struct AuthIndex {
    private var blocks: [AddressBlock: UInt32] = [:]
    /// Lengths in use, longest first.
    private var lengths: [Int] = []
    private var sipUsers: [String: UInt32] = [:]
    private var accounts: [String: UInt32] = [:]

    /// The row of the customer that a party is, or nil.
    func row(of party: Party) -> UInt32? {
        if let source = party.source {
            for length in lengths {
                if let row = blocks[AddressBlock(source, length: length)] { return row }
            }
        }
        if let user = party.sipUser, let row = sipUsers[user] { return row }
        if let account = party.account, let row = accounts[account] { return row }
        return nil
    }

    /// The row that already has this very entry, or nil; entries that cannot be read match nothing.
    func owner(of entry: AuthEntry) -> UInt32? {
        switch entry {
        case .ip(let text): AddressBlock(text).flatMap { blocks[$0] }
        case .sip(let user): sipUsers[user]
        case .account(let code): accounts[code]
        }
    }

    /// Adds an entry that was checked before.
    mutating func insert(_ entry: AuthEntry, row: UInt32) {
        switch entry {
        case .ip(let text):
            guard let block = AddressBlock(text) else { return }
            blocks[block] = row
            if !lengths.contains(block.length) {
                lengths.append(block.length)
                lengths.sort(by: >)
            }
        case .sip(let user): sipUsers[user] = row
        case .account(let code): accounts[code] = row
        }
    }

    var byteSize: Int {
        (blocks.capacity * 40) + (sipUsers.capacity + accounts.capacity) * 32
    }
}
