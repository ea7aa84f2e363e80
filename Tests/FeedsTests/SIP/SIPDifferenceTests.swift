import Foundation
import Randomness
import Testing

@testable import Feeds

/// The reader against the plainest one, on real messages and on damaged ones.
@Suite struct SIPDifferenceTests {
    private static func payloads(_ set: String) throws -> [[UInt8]] {
        try Recording.records(set).compactMap { record in
            guard let packet = try? HEPPacket(record.octets.span, authKey: []), packet.isSIP else { return nil }
            return Array(record.octets[packet.payload])
        }
    }

    private static func fast(_ octets: [UInt8]) -> PlainSIP? {
        var reader = SIPReader()
        guard let (message, source) = try? reader.read(octets.span) else { return nil }
        return PlainSIP(message, source == .original ? octets : reader.unfolded)
    }

    @Test(arguments: ["kamailio-a", "odd-a", "sipgrep-excerpt"]) func realMessages(set: String) throws {
        var read = 0
        for payload in try Self.payloads(set) {
            let plain = PlainSIP(payload)
            #expect(Self.fast(payload) == plain, "\(String(decoding: payload, as: UTF8.self))")
            if plain != nil { read += 1 }
        }
        #expect(read > 20)
    }

    @Test(arguments: Seeds.of()) func damagedMessages(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let payloads = try Self.payloads("kamailio-a").filter { $0.count < 2_000 }
        let marks = Array("\"\\<>;:=,\r\n \t@tfi07CSeq-lvV".utf8)
        var read = 0
        for _ in 0..<8_000 {
            var octets = payloads.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &generator) where !octets.isEmpty {
                let place = Int.random(in: 0..<octets.count, using: &generator)
                let mark = marks.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: octets[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: octets[place] = mark
                case 2: octets.insert(mark, at: place)
                case 3: octets.removeSubrange(place..<min(octets.count, place + 9))
                default: octets.removeLast(min(octets.count, Int.random(in: 0...40, using: &generator)))
                }
            }
            let plain = PlainSIP(octets)
            #expect(Self.fast(octets) == plain, "seed \(seed): \(String(decoding: octets, as: UTF8.self))")
            if plain != nil { read += 1 }
        }
        #expect(read > 1_000)
    }
}

extension PlainSIP {
    /// What the reader made of the octets that its message points into.
    init(_ message: SIPMessage, _ octets: [UInt8]) {
        isResponse = !message.isRequest
        status = Int(message.status)
        method =
            switch message.method {
            case .invite: Array("INVITE".utf8)
            case .ack: Array("ACK".utf8)
            case .bye: Array("BYE".utf8)
            case .cancel: Array("CANCEL".utf8)
            case .register: Array("REGISTER".utf8)
            case .update: Array("UPDATE".utf8)
            case .other: []
            }
        callID = Array(octets[message.callID])
        fromTag = Array(octets[message.fromTag])
        toTag = Array(octets[message.toTag])
        sequence = Int(message.sequence)
        via = Array(octets[message.via])
        contentLength = message.contentLength
    }
}
