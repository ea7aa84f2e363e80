import CallEvents
import Feeds
import Foundation
import Testing

/// The recordings in Tests/Fixtures/cdr and the truth about them.
enum Sample {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/cdr")

    static func bytes(_ name: String) throws -> [UInt8] {
        if name == "freeswitch-json.ndjson" {
            return try bytes("freeswitch-json-00.ndjson") + bytes("freeswitch-json-01.ndjson")
        }
        return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func truth(_ name: String) throws -> Truth {
        let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try #require(try decoder.decode(TruthFile.self, from: data).files[name])
    }

    /// Reads bytes whole, in pieces of `piece` bytes.
    static func read(
        _ bytes: [UInt8], _ format: CDRFormat, columns: [String] = [], timeZone: String = "UTC", piece: Int = .max
    ) throws -> CDRReader {
        var reader = try CDRReader(format: format, columns: columns, timeZone: timeZone, file: "sample")
        bytes.withUnsafeBytes { buffer in
            var at = 0
            while at < buffer.count {
                let end = at + min(piece, buffer.count - at)
                reader.read(UnsafeRawBufferPointer(rebasing: buffer[at..<end]))
                at = end
            }
        }
        reader.finish(atEnd: true)
        return reader
    }

    static func read(
        _ text: String, _ format: CDRFormat, columns: [String] = [], timeZone: String = "UTC"
    ) throws -> CDRReader {
        try read(Array(text.utf8), format, columns: columns, timeZone: timeZone)
    }
}

/// `expected.json`.
struct TruthFile: Decodable {
    var files: [String: Truth]
}

struct Truth: Decodable {
    var rows: Int?
    var duplicates: Int?
    var bLegs: Int?
    var calls: Int?
    var columns: [String]?
    var customers: [String: Figures]?
    var all: Figures?
}

struct Figures: Decodable {
    struct Delay: Decodable {
        var n: Int
        var mean: Double?
        var max: Double?
    }

    var attempts: Int
    var answered: Int
    var failed: Int
    var billsecSum: Int64?
    var billsecMax: Int64?
    var answeredWithBillsec0: Int?
    var durationMsSum: Int64?
    var causes: [String: Int]?
    var codes: [String: Int]?
    var pddMs: Delay?
    var attemptsPerHourUtc: [String: Int]?
    var cpsPeakAligned1S: Int?
    var dispositionsOfCalls: [String: Int]?
    // Kamailio:
    var completed: Int?
    var withoutByeRow: Int?
    var durationSSumTrue: Double?
    var byeGivenUpBySwitch: Int?
}
