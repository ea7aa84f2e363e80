import NIOCore
import Randomness
import SwiftProtobuf
import Testing
import Wire

/// Questions for metrics that are read from the bytes: what SwiftProtobuf reads of them, or nothing.
@Suite struct MetricsQuestionTests {
    /// What is read at a place, and the place behind it.
    private static func next(_ bytes: [UInt8], at place: Int = 0) -> (question: MetricsQuestion?, place: Int) {
        var position = place
        let question = bytes.withUnsafeBytes { MetricsQuestion.next(in: RawSpan(_unsafeBytes: $0), at: &position) }
        return (question, position)
    }

    private static func frame(
        _ payload: [UInt8], method: UInt16 = Method.metrics.rawValue, kind: FrameKind = .request, flags: UInt8 = 0,
        length: Int? = nil
    ) -> [UInt8] {
        var buffer = ByteBuffer()
        let header = FrameHeader(
            length: UInt32(length ?? payload.count), method: method, kind: kind, flags: flags, id: 77)
        header.write(to: &buffer)
        return Array(buffer.readableBytesView) + payload
    }

    /// Its window as the bytes of one number, the first one lowest.
    private static func bits(_ window: String) -> UInt64 {
        window.utf8.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    }

    /// A tag, and a length or number of one byte or of more than there need be.
    private static func field(_ tag: UInt8, _ value: UInt64, longer: Bool) -> [UInt8] {
        var (bytes, rest): ([UInt8], UInt64) = ([tag], value)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        guard longer else { return bytes }
        bytes[bytes.count - 1] |= 0x80
        return bytes + [0]
    }

    /// Fields in any order, once, twice or not at all: the last one counts.
    @Test(arguments: Seeds.of(1, 2, 3)) func readsWhatSwiftProtobufReads(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var read = 0
        for _ in 0..<2_000 {
            var payload: [UInt8] = []
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let longer = Int.random(in: 0..<6, using: &random) == 0
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<4:
                    let shift = UInt64.random(in: 0...32, using: &random)
                    let id = UInt64.random(in: 0...0x1_0000_0000, using: &random) >> shift
                    payload += Self.field(0x08, id, longer: longer)
                case 4..<9:
                    let window = ["", "1m", "5m", "15m", "1h", "24h", "all", "12345678", "123456789"]
                        .randomElement(using: &random)!
                    payload += Self.field(0x12, UInt64(window.utf8.count), longer: longer) + Array(window.utf8)
                default: payload += random.bytes(Int.random(in: 1...4, using: &random))
                }
            }
            let frame = Self.frame(payload, flags: UInt8.random(in: 0...1, using: &random))
            let before = random.bytes(Int.random(in: 0...3, using: &random))
            let (question, place) = Self.next(before + frame + [9, 9], at: before.count)
            guard let question else {
                #expect(place == before.count, "seed \(seed)")
                continue
            }
            read += 1
            // Random bytes may be a window that is no text, which is unknown either way.
            guard let right = try? Busyhour_V1_MetricsRequest(serializedBytes: payload) else { continue }
            #expect(question.requestID == 77 && question.customerID == right.customerID, "seed \(seed): \(payload)")
            #expect(question.window == Self.bits(right.window), "seed \(seed): \(payload)")
            #expect(place == before.count + frame.count)
        }
        #expect(read > 800)
    }

    /// What an ordinary client sends is read here and not by the longer way.
    @Test(arguments: ["", "1m", "5m", "15m", "1h", "24h", "all"]) func ordinaryQuestions(window: String) throws {
        for id in [0, 1, 127, 128, 500_000, UInt32.max] {
            let request = Busyhour_V1_MetricsRequest.with { ($0.customerID, $0.window) = (id, window) }
            let bytes = Self.frame(try request.serializedBytes())
            let question = Self.next(bytes).question
            #expect(question?.customerID == id && question?.window == Self.bits(window))
            for end in 0..<bytes.count { #expect(Self.next(Array(bytes[..<end])).question == nil, "cut at \(end)") }
        }
    }

    /// Anything else is left to the longer way, which answers it or says what is wrong.
    @Test func whatIsNoQuestion() {
        let good: [UInt8] = [0x08, 5, 0x12, 2, 0x31, 0x68]
        #expect(Self.next(Self.frame(good)).question?.customerID == 5)
        for method in [Method.board.rawValue, 0, Method.metrics.rawValue | 1 << 8] as [UInt16] {
            #expect(Self.next(Self.frame(good, method: method)).question == nil, "\(method)")
        }
        for kind in [FrameKind.response, .error, .cancel] {
            #expect(Self.next(Self.frame(good, kind: kind)).question == nil)
        }
        for length in [good.count - 1, good.count + 1, Int(UInt32.max)] {
            #expect(Self.next(Self.frame(good, length: length)).question == nil, "\(length)")
        }
        let long: [UInt8] = [0x12, 9] + [UInt8](repeating: 0x31, count: 9)
        for payload: [UInt8] in [[0x08], [0x12, 3, 0x31, 0x68], long, [0x18, 5]] {
            #expect(Self.next(Self.frame(payload)).question == nil, "\(payload)")
        }
        #expect(Self.next(Self.frame([0x12, 8] + [UInt8](repeating: 0x31, count: 8))).question != nil)
    }
}
