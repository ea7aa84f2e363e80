import Foundation
import NIOCore
import Randomness
import SwiftProtobuf
import Testing
import Wire

struct CallDetailColumnsTests {
    private static func message(_ random: inout SeededGenerator) -> Busyhour_V1_CallDetailColumns {
        func numbers(_ random: inout SeededGenerator) -> [UInt32] {
            (0..<Int.random(in: 0...5, using: &random)).map { _ in UInt32(truncatingIfNeeded: random.next()) }
        }
        var message = Busyhour_V1_CallDetailColumns()
        message.row = numbers(&random)
        message.textEnd = numbers(&random)
        message.fromTag = numbers(&random)
        message.texts = Data(random.bytes(Int.random(in: 0...300, using: &random)))
        if Bool.random(using: &random) { message.source = Data(random.bytes(32)) }
        if Bool.random(using: &random) { message.destination = Data(random.bytes(16)) }
        return message
    }

    /// One field of details or two (which protobuf merges), whole, cut and damaged.
    @Test(arguments: Seeds.fixed(0..<200)) func readsWhatSwiftProtobufReads(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        for _ in 0...Int(seed % 2) {
            let calls = Busyhour_V1_IngestCallsRequest.with {
                $0.details = Self.message(&random)
                $0.party = [1, 2]
            }
            bytes += try calls.serializedBytes() as [UInt8]
        }
        if seed % 3 == 0 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
        }
        if seed % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
        let expected = (try? Busyhour_V1_IngestCallsRequest(serializedBytes: bytes)).map { IngestCallsColumns($0) }
        #expect((try? IngestCallsColumns(ByteBuffer(bytes: bytes))) == expected)
    }

    @Test(arguments: Seeds.fixed(0..<50)) func writesWhatSwiftProtobufWrites(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let details = Self.message(&random)
        let events = Busyhour_V1_IngestEventsRequest.with {
            $0.details = details
            $0.kind = Data([1])
        }
        // A message that is there and empty is not written by the columns.
        guard details != Busyhour_V1_CallDetailColumns() else { return }
        let expected = try FrameEncoder.frame(events, method: 5, kind: .request, id: 5)
        #expect(try IngestEventsColumns(events).frame(id: 5) == expected)
    }
}
