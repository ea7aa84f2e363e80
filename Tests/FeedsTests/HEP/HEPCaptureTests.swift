// Capture files that end or break anywhere: what is wrong is named with its place in the file.

import Testing

@testable import Feeds

@Suite struct HEPCaptureTests {
    private static func record(_ arrival: UInt64, _ bytes: [UInt8], length: Int? = nil) -> [UInt8] {
        withUnsafeBytes(of: arrival.littleEndian) { Array($0) }
            + withUnsafeBytes(of: UInt32(length ?? bytes.count).littleEndian) { Array($0) } + bytes
    }

    /// Reads a file in pieces: the records, and what went wrong.
    private static func read(_ file: [UInt8], piece: Int) -> (records: [HEPCapture.Record], error: HEPCaptureError?) {
        var capture = HEPCapture()
        var records: [HEPCapture.Record] = []
        do throws(HEPCaptureError) {
            for start in stride(from: 0, to: file.count, by: piece) {
                capture.append(file[start..<min(start + piece, file.count)])
                while let record = try capture.next() { records.append(record) }
            }
            try capture.finish()
            return (records, nil)
        } catch {
            return (records, error)
        }
    }

    private static let good = (0..<3).map { HEPCapture.Record(arrivalMicros: $0, bytes: [1, 2, 3, UInt8($0)]) }
    private static let file = good.flatMap { record(UInt64($0.arrivalMicros), $0.bytes) }

    @Test(arguments: [1, 2, 11, 12, 13, 16, 17, 1_000]) func aCutIsNamedWithThePlaceOfItsRecord(piece: Int) {
        for end in 0...Self.file.count {
            let (records, error) = Self.read(Array(Self.file[..<end]), piece: piece)
            let whole = end / 16
            #expect(records == Array(Self.good.prefix(whole)), "cut at \(end)")
            #expect(error?.name == (end % 16 == 0 ? nil : "capture_cut"))
            if let error { #expect(error.message.contains("byte \(16 * whole):"), "\(error.message)") }
        }
    }

    @Test(arguments: [1, 12, 20, 1_000]) func aBadLengthIsNamedWithItsPlace(piece: Int) {
        for bad in [
            Self.record(5, [9], length: FeedLimits.captureRecordBytes + 1),
            Self.record(5, [9], length: .init(UInt32.max)),
            Self.record(1 << 63, [9]),
        ] {
            let (records, error) = Self.read(Self.file + bad, piece: piece)
            #expect(records == Self.good && error?.name == "capture_record")
            #expect(error?.message.contains("at byte \(Self.file.count)") == true, "\(error?.message ?? "")")
        }
    }

    @Test func theLongestRecord() {
        let longest = [UInt8](repeating: 7, count: FeedLimits.captureRecordBytes)
        let (records, error) = Self.read(Self.record(.init(Int64.max), longest), piece: 1 << 20)
        #expect(error == nil && records.map(\.bytes.count) == [longest.count] && records[0].arrivalMicros == .max)
    }
}
