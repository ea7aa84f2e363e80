// Bytes of protobuf messages as the strangest encoder might write them: packed fields in pieces, elements one by one,
// wrong wire types, unknown fields, groups, texts that are none.

import Foundation
import Randomness
import SwiftProtobuf
import Wire

struct RandomFields {
    /// The columns: bytes of an element by field number; 1 stands for the field `bytes kind`.
    var widths: [Int: Int]
    var random: SeededGenerator
    private(set) var bytes: [UInt8] = []

    init(widths: [Int: Int], seed: UInt64) {
        self.widths = widths
        random = SeededGenerator(seed: seed)
    }

    /// Appends fields. Plain ones only, in any order and in pieces, or strange ones among them.
    mutating func append(_ count: Int, strange: Bool) throws {
        for _ in 0..<count {
            if strange && Int.random(in: 0..<4, using: &random) == 0 {
                appendStrange()
            } else if Bool.random(using: &random) {
                let number = widths.keys.sorted().randomElement(using: &random)!
                appendLengthDelimited(number, random.bytes(Int.random(in: 0...9, using: &random) * widths[number]!))
            } else {
                appendLengthDelimited(1, try party())
            }
        }
    }

    private mutating func party() throws -> [UInt8] {
        var party = Busyhour_V1_Party()
        if Int.random(in: 0..<4, using: &random) > 0 {
            party.customerID =
                UInt32.random(in: 0 ... .max, using: &random) >> UInt32.random(in: 0...31, using: &random)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            party.source = .init(random.bytes(4))
            party.sipUser = "alice"
        }
        return try party.serializedBytes()
    }

    private mutating func appendStrange() {
        let number = Int.random(in: 0...20, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0:  // an element that is not packed, or a wrong wire type
            appendTag(number, wireType: 5)
            bytes += random.bytes(4)
        case 1:
            appendTag(number, wireType: 1)
            bytes += random.bytes(8)
        case 2:
            appendTag(number, wireType: 0)
            appendVarint(random.next() >> UInt64.random(in: 0...63, using: &random))
        case 3:  // a column that is no whole number of elements, a party or a map entry that is none
            appendLengthDelimited(number, random.bytes(Int.random(in: 0...20, using: &random)))
        case 4:  // a group
            appendTag(number, wireType: 3)
            appendTag(number, wireType: 4)
        case 5:  // a party with an unknown field, or with an id that is a varint of ten bytes
            appendLengthDelimited(1, Bool.random(using: &random) ? [0x08, 7, 0x50, 1] : [0x08] + longVarint)
        default:  // a map entry
            appendLengthDelimited(12, [0x0A, 1, 0x78, 0x10, UInt8.random(in: 0..<128, using: &random)])
        }
    }

    private var longVarint: [UInt8] { [UInt8](repeating: 0xFF, count: 9) + [0x01] }

    private mutating func appendTag(_ number: Int, wireType: Int) { appendVarint(UInt64(number << 3 | wireType)) }

    private mutating func appendLengthDelimited(_ number: Int, _ body: [UInt8]) {
        appendTag(number, wireType: 2)
        appendVarint(UInt64(body.count))
        bytes += body
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
