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
        if let block = AddressBlock(plain: text) {
            self = block
        } else {
            self.init(any: text)
        }
    }

    /// Reads IPv4 octet by octet; nil for all else. A million are read when customers are loaded.
    init?(plain text: String) {
        var bits: UInt32 = 0
        var value: UInt32 = 0
        var digits = 0
        var parts = 0
        var hasLength = false
        for octet in text.utf8 {
            switch octet {
            case 48...57:
                // A leading zero is octal to some and decimal to others.
                guard digits < 3, hasLength || digits == 0 || value > 0 else { return nil }
                value = value * 10 + UInt32(octet - 48)
                digits += 1
            case 46 where !hasLength && parts < 3, 47 where !hasLength && parts == 3:
                guard digits > 0, value <= 255 else { return nil }
                bits = bits << 8 | value
                (value, digits, parts) = (0, 0, parts + 1)
                hasLength = octet == 47
            default: return nil
            }
        }
        guard digits > 0, value <= (hasLength ? 32 : 255), hasLength || parts == 3 else { return nil }
        self.init(
            IPAddress(v4: hasLength ? bits : bits << 8 | value), length: hasLength ? 96 + Int(value) : 128)
    }

    private init?(any text: String) {
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

    /// - Parameter expected: addresses to come.
    init(expected: Int = 0) { blocks.reserveCapacity(expected) }

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
        case .ip(let text): AddressBlock(text).flatMap { owner(of: $0) }
        case .sip(let user): sipUsers[user]
        case .account(let code): accounts[code]
        }
    }

    func owner(of block: AddressBlock) -> UInt32? { blocks[block] }

    /// Room for the addresses of so many customers more.
    mutating func reserve(_ count: Int) { blocks.reserveCapacity(blocks.count + count) }

    /// Adds an entry that was checked before; false if somebody had it, or it cannot be read.
    @discardableResult
    mutating func insert(_ entry: AuthEntry, row: UInt32) -> Bool {
        switch entry {
        case .ip(let text):
            guard let block = AddressBlock(text) else { return false }
            if !lengths.contains(block.length) {
                lengths.append(block.length)
                lengths.sort(by: >)
            }
            return blocks.updateValue(row, forKey: block) == nil
        case .sip(let user): return sipUsers.updateValue(row, forKey: user) == nil
        case .account(let code): return accounts.updateValue(row, forKey: code) == nil
        }
    }

    /// Takes an entry away, if it is this row's. Lengths stay: looking for one that nobody has any more costs little.
    mutating func remove(_ entry: AuthEntry, row: UInt32) {
        guard owner(of: entry) == row else { return }
        switch entry {
        case .ip(let text): if let block = AddressBlock(text) { blocks[block] = nil }
        case .sip(let user): sipUsers[user] = nil
        case .account(let code): accounts[code] = nil
        }
    }

    var byteSize: Int {
        (blocks.capacity * 40) + (sipUsers.capacity + accounts.capacity) * 32
    }
}
