/// An address block: an address with only its first `length` bits set, of 128 (an IPv4 /24 has length 120 here).
public struct AddressBlock: Hashable, Sendable {
    public var address: IPAddress
    public var length: Int

    public init(_ address: IPAddress, length: Int) {
        self.length = length
        let high = length >= 64 ? UInt64.max : length == 0 ? 0 : ~(UInt64.max >> UInt64(length))
        let low = length >= 128 ? UInt64.max : length <= 64 ? 0 : ~(UInt64.max >> UInt64(length - 64))
        self.address = IPAddress(high: address.high & high, low: address.low & low)
    }

    /// Reads `203.0.113.0/24`, `203.0.113.7`, `2001:db8::/32`; nil for anything else.
    public init?(_ text: String) {
        if let block = AddressBlock(plain: text) {
            self = block
        } else {
            self.init(any: text)
        }
    }

    /// Reads plain IPv4 byte by byte; nil for anything else. Loading customers reads a million of these.
    package init?(plain text: String) {
        var bits: UInt32 = 0
        var value: UInt32 = 0
        var digits = 0
        var parts = 0
        var hasLength = false
        for byte in text.utf8 {
            switch byte {
            case 48...57:
                // A leading zero means octal to some programs and decimal to others.
                guard digits < 3, hasLength || digits == 0 || value > 0 else { return nil }
                value = value * 10 + UInt32(byte - 48)
                digits += 1
            case 46 where !hasLength && parts < 3, 47 where !hasLength && parts == 3:
                guard digits > 0, value <= 255 else { return nil }
                bits = bits << 8 | value
                (value, digits, parts) = (0, 0, parts + 1)
                hasLength = byte == 47
            default: return nil
            }
        }
        guard digits > 0, value <= (hasLength ? 32 : 255), hasLength || parts == 3 else { return nil }
        self.init(
            IPAddress(v4: hasLength ? bits : bits << 8 | value), length: hasLength ? 96 + Int(value) : 128)
    }

    /// Whether the block contains an address.
    public func contains(_ address: IPAddress) -> Bool { AddressBlock(address, length: length) == self }

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

extension AddressBlock: CustomStringConvertible {
    /// `203.0.113.0/24`, `2001:db8::/32`; without a length for a single address.
    public var description: String {
        if length == 128 { return address.description }
        return length >= 96 && address.isV4 ? "\(address)/\(length - 96)" : "\(address)/\(length)"
    }
}
