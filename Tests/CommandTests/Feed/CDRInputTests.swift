// Files that are unpacked while they are read.

import Feeds
import Foundation
import Testing

@testable import busyhour

@Suite struct CDRInputTests {
    private static let packed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Fixtures/reports/32-a-row-for-every-routing-attempt/export.csv.gz").path

    private static func all(_ path: String) throws -> String {
        let input = try CDRInput(path)
        var bytes: [UInt8] = []
        while let piece = try input.read() { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func packedOrNot() throws {
        let text = try Self.all(Self.packed)
        #expect(text.hasPrefix("id,customer_acc_id,time_start") && text.split(separator: "\n").count == 14)
        let folder = try TemporaryFolder()
        #expect(try Self.all(folder.write("plain.csv.gz", text.utf8)) == text)
        #expect(try Self.all(folder.write("empty", "".utf8)).isEmpty && Self.all(folder.write("one", "(".utf8)) == "(")
    }

    @Test func aFileCutShort() throws {
        let folder = try TemporaryFolder()
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: Self.packed)))
        let path = try folder.write("cut", bytes.dropLast(20))
        let error = #expect(throws: DecompressionError.self) { try Self.all(path) }
        #expect(error?.problem == .cutShort)
    }
}
