// Reads customers of an answer in place, without a message for each.

import Wire

/// The ranges of one customer's fields in the bytes.
struct CustomerRanges {
    var id: UInt32 = 0
    var credit: Int64 = 0
    var debitLimit: Int64 = 0
    var channels: UInt64 = 0
    var flowSpeed: UInt64 = 0
    var portalAccess = false
    var shortCallSeconds: UInt64 = 0
    /// Microseconds since 1970; 0: never.
    var createdAt: Int64 = 0
    var updatedAt: Int64 = 0
    var lastCall: Int64 = 0
    var version: UInt64 = 0
    /// Texts by the number of their field.
    var texts = [Range<Int>](repeating: 0..<0, count: 19)
    var tags: [Range<Int>] = []
    var contacts: [Range<Int>] = []
    var auth: [Range<Int>] = []
    var routes: [Range<Int>] = []

    private mutating func removeAll() {
        (id, credit, debitLimit, channels, flowSpeed, portalAccess, shortCallSeconds) = (0, 0, 0, 0, 0, false, 0)
        (createdAt, updatedAt, lastCall, version) = (0, 0, 0, 0)
        for index in texts.indices { texts[index] = 0..<0 }
        tags.removeAll(keepingCapacity: true)
        contacts.removeAll(keepingCapacity: true)
        auth.removeAll(keepingCapacity: true)
        routes.removeAll(keepingCapacity: true)
    }

    mutating func read(_ range: Range<Int>, _ bytes: RawSpan) -> Bool {
        removeAll()
        var fields = MessageFields(range)
        while let field = fields.next(in: bytes) {
            switch (field.number, field.value) {
            case (1, .varint(let value)): id = UInt32(truncatingIfNeeded: value)
            case (5, .fixed64(let value)): credit = Int64(bitPattern: value)
            case (6, .fixed64(let value)): debitLimit = Int64(bitPattern: value)
            case (7, .varint(let value)): channels = value
            case (8, .varint(let value)): flowSpeed = value
            case (9, .varint(let value)): portalAccess = value != 0
            case (13, .bytes(let range)): tags.append(range)
            case (14, .bytes(let range)): contacts.append(range)
            case (15, .bytes(let range)): auth.append(range)
            case (16, .bytes(let range)): routes.append(range)
            case (17, .varint(let value)): shortCallSeconds = value
            case (19, .fixed64(let value)): createdAt = Int64(bitPattern: value)
            case (20, .fixed64(let value)): updatedAt = Int64(bitPattern: value)
            case (21, .varint(let value)): version = value
            case (22, .fixed64(let value)): lastCall = Int64(bitPattern: value)
            case (2...18, .bytes(let range)): texts[Int(field.number)] = range
            default: break
            }
        }
        return fields.isAtEnd
    }

    /// A message of a number and a text, for an auth entry or a route.
    static func pair(
        _ range: Range<Int>, _ bytes: RawSpan, number: UInt32, text: UInt32
    ) -> (number: UInt64, text: Range<Int>)? {
        var pair = (number: 0 as UInt64, text: 0..<0)
        var fields = MessageFields(range)
        while let field = fields.next(in: bytes) {
            switch field.value {
            case .varint(let value) where field.number == number: pair.number = value
            case .bytes(let range) where field.number == text: pair.text = range
            default: break
            }
        }
        return fields.isAtEnd ? pair : nil
    }

    /// Name, e-mail, mobile number and kind.
    static func contact(_ range: Range<Int>, _ bytes: RawSpan) -> [4 of Range<Int>]? {
        var texts: [4 of Range<Int>] = [0..<0, 0..<0, 0..<0, 0..<0]
        var fields = MessageFields(range)
        while let field = fields.next(in: bytes) {
            if case (1...4, .bytes(let range)) = (field.number, field.value) { texts[Int(field.number) - 1] = range }
        }
        return fields.isAtEnd ? texts : nil
    }
}
