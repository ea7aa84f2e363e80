import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Readers that go on: behind another run's position in a file, or in the next file.
@Suite struct StateTests {
    private static let second = 1_748_934_029

    /// Rows of a format of which some are wrong, each with a number of its own.
    private static func rows(_ format: CDRFormat) -> [String] {
        (0..<24).map { number in
            let isWrong = number % 5 == 3
            let at = isWrong ? "soon \(number)" : String(second + number)
            return switch format {
            case .csv: "c\(number),a,\(at),9,486\n"
            case .kamailioAcc: "INVITE|f\(number)|t|c\(number)|486|Busy|\(at)|192.0.2.1\n"
            case .freeswitchJSON:
                #"{"variables":{"uuid":"c\#(number)","start_epoch":"\#(at)","end_epoch":"\#(second + 60)"}}"# + "\n"
            default:
                "1748934029.\(number),\(isWrong ? at : "2025-06-03 07:00:29"),2025-06-03 07:00:39,BUSY\n"
            }
        }
    }

    private static func reader(_ format: CDRFormat) throws -> CDRReader {
        let columns: [CDRFormat: [String]] = [
            .asterisk: ["uniqueid", "start", "end", "disposition"],
            .kamailioAcc: ["method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time", "src_ip"],
        ]
        return try CDRReader(format: format, columns: columns[format] ?? [], timeZone: "UTC", file: "f")
    }

    /// Errors after a restart have the lines of the file, wherever the first run was cut, and no call is lost.
    @Test(arguments: [CDRFormat.csv, .asterisk, .kamailioAcc, .freeswitchJSON], [1, 2])
    func linesAfterARestart(format: CDRFormat, polls: Int) throws {
        let text = (format == .csv ? "id,account,setup_at,duration,code\n" : "") + Self.rows(format).joined()
        let bytes = Array(text.utf8)
        var whole = try Sample.read(bytes, into: Self.reader(format))
        let right = whole.takeErrors()
        let keys = Set(whole.takeRecords().key + whole.takeEvents().key)
        #expect(right.count == 5 && keys.count == 19)
        for cut in stride(from: 0, through: bytes.count, by: 7) {
            var first = try Self.reader(format)
            bytes[..<cut].withUnsafeBytes { first.read($0) }
            for _ in 0..<polls { first.finish(atEnd: false) }
            var read = Set(first.takeRecords().key + first.takeEvents().key)
            let (state, early) = (first.state, first.takeErrors())
            var second = try Self.reader(format)
            second.resume(state)
            bytes[Int(state.offset)...].withUnsafeBytes { second.read($0) }
            second.finish(atEnd: true)
            read.formUnion(second.takeRecords().key + second.takeEvents().key)
            let late = second.takeErrors()
            #expect(early == Array(right.prefix(early.count)), "cut at \(cut)")
            #expect(late == Array(right.suffix(late.count)), "cut at \(cut)")
            #expect(early.count + late.count >= right.count && read == keys, "cut at \(cut)")
            #expect(state.lines == bytes[..<Int(state.offset)].count { $0 == 0x0A }, "cut at \(cut)")
        }
    }

    /// A file is read as if there had been none before it, whatever that was and wherever it ended.
    @Test func theNextFile() throws {
        let header = "id,setup_at,duration,code\n"
        let texts = [
            header + "1,1748934029,5,486\n", "id;setup_at;duration;code\n2;1748934029;5,5;486\n",
            "\u{FEFF}code\tduration\tsetup_at\tid\n486\t5\t1748934029\t3\n",
            header + "4,1748934029,5,486\n5,17489", "id,setup_at,duration,note\n6,1748934029,5,\"open\n",
            "a title\nanother, of two\n", "sep=|\nid|setup_at|duration\n7|1748934029|5\n", "", "\n\n",
            header + String(repeating: "x", count: CDRLimits.lineBytes + 5),
        ]
        let wide: [UInt8] = [0xFF, 0xFE] + header.utf8.flatMap { [$0, 0] }
        let files = texts.map { Array($0.utf8) } + [wide]
        func outcome(_ reader: inout CDRReader, _ file: [UInt8]) -> (CallRecordBatch, [CDRError], CDRCounters) {
            file.withUnsafeBytes { reader.read($0) }
            reader.finish(atEnd: true)
            return (reader.takeRecords(), reader.takeErrors(), reader.counters)
        }
        for (place, first) in files.enumerated() {
            for (other, file) in files.enumerated() where other != place {
                var fresh = try Self.reader(.csv)
                let (records, errors, counters) = outcome(&fresh, file)
                var used = try Self.reader(.csv)
                let (_, _, before) = outcome(&used, first)
                used.beginFile()
                let (usedRecords, usedErrors, after) = outcome(&used, file)
                #expect(usedRecords.key == records.key && usedRecords.endMilliseconds == records.endMilliseconds)
                #expect(usedErrors == errors, "file \(other) behind \(place)")
                #expect(after.rows - before.rows == counters.rows && after.errors - before.errors == counters.errors)
                #expect(used.state == fresh.state && Consistency.holds(after), "file \(other) behind \(place)")
            }
        }
    }
}

extension Sample {
    fileprivate static func read(_ bytes: [UInt8], into reader: CDRReader) -> CDRReader {
        var reader = reader
        bytes.withUnsafeBytes { reader.read($0) }
        reader.finish(atEnd: true)
        return reader
    }
}
