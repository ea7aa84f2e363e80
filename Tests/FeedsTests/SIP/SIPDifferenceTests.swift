import Foundation
import Randomness
import Testing

@testable import Feeds

/// The reader against the plainest one, on real messages and on damaged ones.
@Suite struct SIPDifferenceTests {
    private static func payloads(_ set: String) throws -> [[UInt8]] {
        try Recording.records(set).compactMap { record in
            guard let packet = try? HEPPacket(record.bytes.span, authKey: []), packet.isSIP else { return nil }
            return Array(record.bytes[packet.payload])
        }
    }

    private static func fast(_ bytes: [UInt8]) -> PlainSIP? {
        var reader = SIPReader()
        guard let (message, source) = try? reader.read(bytes.span) else { return nil }
        return PlainSIP(message, source == .original ? bytes : reader.unfolded)
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
            var bytes = payloads.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let mark = marks.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[place] = mark
                case 2: bytes.insert(mark, at: place)
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + 9))
                default: bytes.removeLast(min(bytes.count, Int.random(in: 0...40, using: &generator)))
                }
            }
            let plain = PlainSIP(bytes)
            #expect(Self.fast(bytes) == plain, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
            if plain != nil { read += 1 }
        }
        #expect(read > 1_000)
    }
}

extension PlainSIP {
    /// What the reader made of the bytes that its message points into.
    init(_ message: SIPMessage, _ bytes: [UInt8]) {
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
        callID = Array(bytes[message.callID])
        fromTag = Array(bytes[message.fromTag])
        toTag = Array(bytes[message.toTag])
        sequence = Int(message.sequence)
        via = Array(bytes[message.via])
        contentLength = message.contentLength
    }
}
