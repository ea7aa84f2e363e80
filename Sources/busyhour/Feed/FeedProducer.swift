// The identity of a feed towards the server: 128 bits, and which of its lives this is.

import CallEvents
import Foundation

struct FeedProducer {
    let id: ProducerID
    private(set) var epoch: UInt64
    /// Saves an epoch before it is used: no two lives may have the same.
    private let keep: (UInt64) throws -> Void

    /// - Parameter epoch: of the last life; 0: there was none.
    init(id: ProducerID, epoch: UInt64, keep: @escaping (UInt64) throws -> Void) {
        (self.id, self.epoch, self.keep) = (id, epoch, keep)
    }

    /// One that lives as long as this process.
    static func passing() -> FeedProducer { FeedProducer(id: .random(), epoch: 0, keep: { _ in }) }

    mutating func beginLife() throws {
        try keep(epoch + 1)
        epoch += 1
    }

    var bytes: Data { Data(id.bytes) }
}

extension ProducerID {
    static func random() -> ProducerID {
        var generator = SystemRandomNumberGenerator()
        // Not all zeros, which means no producer.
        return ProducerID(high: generator.next() | 1, low: generator.next())
    }

    /// 32 hexadecimal digits.
    var text: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Returns: nil if these are not 32 hexadecimal digits.
    init?(text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32 else { return nil }
        let bytes = stride(from: 0, to: 32, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        self.init(bytes)
    }
}
