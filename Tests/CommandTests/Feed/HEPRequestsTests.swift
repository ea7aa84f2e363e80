import Feeds
import Foundation
import Randomness
import Testing
import Wire

@testable import busyhour

/// How captures become requests, and how packets that TCP reads cut come together again.
@Suite struct HEPRequestsTests {
    /// A HEP3 packet of this length (6 or more).
    private static func packet(_ length: Int, filler: UInt8 = 0) -> [UInt8] {
        Array("HEP3".utf8) + [UInt8(length >> 8), UInt8(length & 255)] + [UInt8](repeating: filler, count: length - 6)
    }

    private static func record(_ bytes: [UInt8], at arrival: UInt64) -> [UInt8] {
        littleEndian(arrival) + littleEndian(UInt32(bytes.count)) + bytes
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func capture(_ records: [[UInt8]]) -> [UInt8] {
        records.enumerated().flatMap { record($1, at: UInt64($0) + 1) }
    }

    private static func requests(_ requests: inout HEPRequests) throws -> [Busyhour_V1_IngestHEPRequest] {
        var all: [Busyhour_V1_IngestHEPRequest] = []
        while let request = try requests.next() { all.append(request) }
        return all
    }

    @Test func everyRecordIsSentOnceInOrder() throws {
        let folder = try TemporaryFolder()
        let records = (0..<1_203).map { Self.packet(200 + $0 % 700, filler: UInt8($0 & 255)) }
        let first = try folder.write("a.hep", Self.capture(Array(records[..<700])))
        let second = try folder.write("b.hep", Self.capture(Array(records[700...])))
        var requests = HEPRequests(files: [first, second], authKey: "secret")
        let all = try Self.requests(&requests)
        #expect(all.flatMap(\.packets).map { [UInt8]($0) } == records)
        #expect(all.flatMap(\.arrivalMicros) == Array(1...700) + Array(1...503))
        #expect(all.allSatisfy { (1...500).contains($0.packets.count) && $0.authKey == "secret" && $0.stream.isEmpty })
        #expect(requests.failures.isEmpty)
    }

    @Test func requestsStayBelowTheirBytes() throws {
        let folder = try TemporaryFolder()
        let records = (0..<200).map { _ in Self.packet(65_535) }
        var requests = HEPRequests(files: [try folder.write("a.hep", Self.capture(records))], authKey: "")
        let sizes = try Self.requests(&requests).map { $0.packets.reduce(0) { $0 + $1.count } }
        #expect(sizes.allSatisfy { $0 <= Limits.recordBytesPerRequest })
        #expect(sizes.reduce(0, +) == 200 * 65_535)
    }

    @Test func whatStandsBeforeACutRecordIsSent() throws {
        let folder = try TemporaryFolder()
        let whole = Self.capture([Self.packet(100), Self.packet(101), Self.packet(102)])
        let cut = try folder.write("cut.hep", whole.dropLast(1))
        let broken = try folder.write("broken.hep", whole + [UInt8](repeating: 0xFF, count: 50))
        var requests = HEPRequests(files: [cut, broken, try folder.write("empty.hep", [])], authKey: "")
        #expect(try Self.requests(&requests).flatMap(\.packets).map(\.count) == [100, 101, 100, 101, 102])
        #expect(requests.failures.map(\.name) == ["capture_cut", "capture_record"])
        #expect(requests.failures.map(\.file) == [cut, broken])
    }

    @Test func aFileThatIsNoCaptureIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x.csv", "name,currency\nAcme,USD\n".utf8)
        var requests = HEPRequests(files: [path], authKey: "")
        let refusal = #expect(throws: Refusal.self) { try Self.requests(&requests) }
        #expect(refusal?.lines.first?.contains("not a HEP capture") == true)
        var missing = HEPRequests(files: [folder.path("nowhere")], authKey: "")
        #expect(throws: Refusal.self) { try Self.requests(&missing) }
        #expect(throws: Refusal.self) { try InputFile.check([path, folder.path("nowhere")]) }
    }

    @Test(arguments: Seeds.of()) func packetsThatReadsCutAreWholeAgain(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let stream = (0..<Int.random(in: 1...30, using: &random)).flatMap { _ in
                Self.packet(
                    Int.random(in: 6...1_500, using: &random), filler: UInt8.random(in: 0...255, using: &random))
            }
            var reads: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 1...3_000, using: &random))
                reads.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let path = try folder.write("tcp.hep", Self.capture(reads))
            var requests = HEPRequests(files: [path], authKey: "")
            let packets = try Self.requests(&requests).flatMap(\.packets).map { [UInt8]($0) }
            #expect(packets.flatMap(\.self) == stream, "seed \(seed)")
            #expect(packets.allSatisfy(Self.isWhole), "seed \(seed)")
        }
    }

    @Test func aCutDatagramStaysByItself() throws {
        let folder = try TemporaryFolder()
        let cut = Array(Self.packet(300).prefix(200))
        let records = [cut, Self.packet(50), cut, Array("\r\n\r\n".utf8), cut, Self.packet(60), cut]
        var requests = HEPRequests(files: [try folder.write("udp.hep", Self.capture(records))], authKey: "")
        #expect(try Self.requests(&requests).flatMap(\.packets).map { [UInt8]($0) } == records)
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while start + 6 <= bytes.count, bytes[start..<start + 4].elementsEqual("HEP3".utf8) {
            start += Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
        }
        return start == bytes.count
    }
}
