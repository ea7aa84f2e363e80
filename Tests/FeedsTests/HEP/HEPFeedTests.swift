// Damage: whatever comes, every packet ends in exactly one count, and nothing traps.

import CallEvents
import Foundation
import Randomness
import Testing

@testable import Feeds

@Suite struct HEPFeedTests {
    private static let recording: [HEPCapture.Record] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/hep/odd-a.hep")
        var capture = HEPCapture()
        guard let data = try? Data(contentsOf: file) else { return [] }
        capture.append(data)
        var records: [HEPCapture.Record] = []
        while let record = try? capture.next() { records.append(record) }
        return records
    }()

    private func expectAllCounted(_ feed: HEPFeed, _ comment: String) {
        let counters = feed.counters
        #expect(
            counters.messages + counters.notCalls + counters.errors
                == counters.packets + counters.further - counters.pieces, "\(comment)")
    }

    @Test func everyTruncationIsCounted() throws {
        let packet = try #require(HEPFeedTests.recording.first).bytes
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        for length in 0..<packet.count {
            feed.receive(Array(packet[..<length]).span.bytes, arrivalMicros: 1)
            // With its length made right, the chunks and the message are what is cut.
            var shorter = Array(packet[..<length])
            if length >= 6 {
                shorter[4] = UInt8(length >> 8)
                shorter[5] = UInt8(length & 0xFF)
            }
            feed.receive(shorter.span.bytes, arrivalMicros: 1)
        }
        #expect(feed.counters.packets == 2 * packet.count)
        expectAllCounted(feed, "truncations")
    }

    /// What one read of a TCP connection gave may be played as one datagram.
    @Test func severalPacketsInOne() throws {
        let packet = try #require(HEPFeedTests.recording.first).bytes
        for (rest, packets) in [
            ([], 3), (Array("tail".utf8), 3), (Array("HEP3".utf8), 4), (Array(packet.dropLast()), 4),
        ] {
            var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
            feed.receive((packet + packet + packet + rest).span.bytes, arrivalMicros: 1)
            #expect(feed.counters.messages == 3 && feed.counters.packets == packets)
            expectAllCounted(feed, "\(rest.count)")
        }
    }

    @Test(arguments: Seeds.of()) func randomDamageIsCounted(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        var events = 0
        for _ in 0..<20 {
            for record in HEPFeedTests.recording {
                var bytes = record.bytes
                for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                    }
                }
                feed.receive(bytes.span.bytes, arrivalMicros: record.arrivalMicros)
            }
            events += feed.take().count
        }
        #expect(events > 0)
        expectAllCounted(feed, "seed \(seed)")
    }

    @Test(arguments: [1, 3, 7, 100, 4_096])
    func aStreamCutAnywhereGivesTheSameEvents(piece: Int) throws {
        let packets: [[UInt8]] = HEPFeedTests.recording.map(\.bytes).filter { bytes in
            guard bytes.count >= 6, bytes.starts(with: "HEP3".utf8) else { return false }
            let length = Int(bytes[4]) << 8 | Int(bytes[5])
            return length == bytes.count
        }
        var whole = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        for packet in packets { whole.receive(packet.span.bytes, arrivalMicros: 5) }
        var cut = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        var stream = HEPStream()
        let bytes = Array(packets.joined())
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let end = min(start + piece, bytes.count)
            try stream.receive(Array(bytes[start..<end]).span.bytes, into: &cut, arrivalMicros: 5)
        }
        #expect(cut.counters == whole.counters)
        #expect(cut.take().key == whole.take().key)
    }

    @Test func aBrokenStreamIsOver() {
        var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
        for (bytes, error) in [("GET / HTTP", HEPError.magic), ("HEP3\u{0}\u{5}", .length)] {
            var stream = HEPStream()
            for _ in 0..<2 {
                #expect(throws: HEPStreamError(error)) {
                    try stream.receive(Array(bytes.utf8).span.bytes, into: &feed, arrivalMicros: 1)
                }
            }
        }
    }

    /// What a connection begins with is judged as soon as it can be, however few bytes come at a time.
    @Test(arguments: [1, 2, 3, 100]) func beginningsOfAConnection(piece: Int) {
        for (bytes, error) in [
            ([22, 3, 1, 0], HEPError.tlsOnPlainPort), ([22, 4, 1, 0], .magic), ([23, 3, 1], .magic),
            (Array("HEP2....".utf8), .magic), (Array("HEP3".utf8) + [0, 5], .length),
            (Array("GET / HTTP".utf8), .magic),
            ([22], nil), (Array("HEP3".utf8), nil), (Array("HEP3".utf8) + [0, 6], nil), (Array("HEP3".utf8) + [0], nil),
            ([], nil),
        ] as [([UInt8], HEPError?)] {
            var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: nil)
            var stream = HEPStream()
            var thrown: HEPError?
            do throws(HEPStreamError) {
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    let part = Array(bytes[start..<min(start + piece, bytes.count)])
                    try stream.receive(part.span.bytes, into: &feed, arrivalMicros: 1)
                }
            } catch { thrown = error.error }
            #expect(thrown == error, "\(bytes)")
            let isWhole = bytes.count == 6 && bytes[5] == 6
            #expect(stream.isWithinPacket == (error == nil && !bytes.isEmpty && !isWhole), "\(bytes)")
            #expect(feed.counters.packets == (isWhole ? 1 : 0))
        }
    }

    @Test func theKeyMustBeRight() throws {
        let packet = try #require(HEPFeedTests.recording.first).bytes
        for (key, errors) in [("odd-key", 0), ("odd-keZ", 1), ("odd", 1), ("odd-key2", 1)] {
            var feed = HEPFeed(hashSeed: HashSeed(first: 1, second: 2), authKey: key)
            feed.receive(packet.span.bytes, arrivalMicros: 1)
            #expect(feed.counters.errorsByName == (errors == 0 ? [:] : ["hep_auth": errors]))
        }
    }

    @Test func captureFilesAreReadInPieces() throws {
        let records = [
            HEPCapture.Record(arrivalMicros: 1, bytes: [1, 2, 3]), HEPCapture.Record(arrivalMicros: 2, bytes: []),
            HEPCapture.Record(arrivalMicros: .max, bytes: Array(repeating: 9, count: 300)),
        ]
        let file = records.flatMap { record in
            withUnsafeBytes(of: UInt64(record.arrivalMicros).littleEndian) { Array($0) }
                + withUnsafeBytes(of: UInt32(record.bytes.count).littleEndian) { Array($0) } + record.bytes
        }
        for piece in [1, 5, 13, file.count] {
            var capture = HEPCapture()
            var read: [HEPCapture.Record] = []
            for start in stride(from: 0, to: file.count, by: piece) {
                capture.append(file[start..<min(start + piece, file.count)])
                while let record = try capture.next() { read.append(record) }
            }
            try capture.finish()
            #expect(read == records)
        }
        var cut = HEPCapture()
        cut.append(file.dropLast())
        while try cut.next() != nil {}
        #expect(throws: HEPCaptureError.self) { try cut.finish() }
        var broken = HEPCapture()
        broken.append(Array(repeating: UInt8(255), count: 12))
        #expect(throws: HEPCaptureError.self) { try broken.next() }
    }
}
