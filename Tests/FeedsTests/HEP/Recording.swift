import Feeds
import Foundation
import Testing

/// The recordings of HEP in Tests/Fixtures/hep, and what SIPp's own logs say of them.
enum Recording {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/hep")

    /// The records of a recording: one file, or the parts of a large one.
    static func records(_ name: String) throws -> [HEPCapture.Record] {
        let parts = (1...4).map { folder.appendingPathComponent("\(name).\($0).hep") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
        var capture = HEPCapture()
        for file in parts.isEmpty ? [folder.appendingPathComponent("\(name).hep")] : parts {
            capture.append(try Data(contentsOf: file))
        }
        var records: [HEPCapture.Record] = []
        while let record = try capture.next() { records.append(record) }
        try capture.finish()
        return records
    }

    static func truth<Value: Decodable>(_ file: String, as type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: folder.appendingPathComponent(file)))
    }
}

/// `<set>.expected.json`, by the customer's address.
struct RecordingTruth: Decodable {
    struct Customer: Decodable {
        var attempts: Int
        var answered: Int
        var failed: Int
        var finals: [String: Int]
        var completed: Int
        var noFinal: Int
        var pendingAtEnd: Int
    }
    struct Stranger: Decodable {
        var attempts: Int
        var finals: [String: Int]
    }
    var customers: [String: Customer]
    var unknownSources: [String: Stranger]
}

/// `odd-a.json`. `attempts` and `answered` are nil where only survival is asked for.
struct OddTruth: Decodable {
    struct Case: Decodable {
        var name: String
        var customer: String
        var attempts: Int?
        var answered: Int?
    }
    struct Sentinel: Decodable {
        var customer: String
        var attempts: Int
        var answered: Int
    }
    struct Stream: Decodable {
        var name: String
        var customer: String
        var attempts: Int?
        var piecesHex: [String]

        var pieces: [[UInt8]] {
            piecesHex.map { text in
                let digits = Array(text)
                return stride(from: 0, to: digits.count, by: 2).compactMap { place in
                    UInt8(String(digits[place...place + 1]), radix: 16)
                }
            }
        }
    }
    var authKey: String
    var sentinel: Sentinel
    var cases: [Case]
    var tcp: [Stream]
}
