// What was saved.

import Terminal
import Wire

struct SnapshotReport: Report {
    var answer: Busyhour_V1_SnapshotResponse
    /// The file of a backup.
    var path: String?

    private var files: [Busyhour_V1_SnapshotFile] {
        answer.files.map { file in
            var file = file
            if let path { file.name = path }
            return file
        }
    }

    func lines(_ page: Page) -> [String] {
        var table = TextTable([
            .init("file"), .init("kind"), .init("bytes", .right), .init("record", .right), .init("as of"),
        ])
        table.rows = files.map { file in
            [
                .init(file.name), .init(file.kind), .init(Number.grouped(file.bytes)), .init(Number.grouped(file.lsn)),
                .init(page.timeOrDash(file.asOf)),
            ]
        }
        let milliseconds = Number.fixed(Double(answer.durationMicroseconds) / 1_000, decimals: 1)
        return table.lines(page, hint: "see --format json") + ["written and read back in \(milliseconds) ms"]
    }

    var json: JSONValue {
        .object([
            .init("files", .array(jsonRows)),
            .init("duration_ms", .number(Double(answer.durationMicroseconds) / 1_000)),
        ])
    }

    var jsonRows: [JSONValue] {
        files.map { file in
            .object([
                .init("name", .text(file.name)), .init("kind", .text(file.kind)), .init("bytes", .unsigned(file.bytes)),
                .init("lsn", .unsigned(file.lsn)), .init("as_of", .time(file.asOf)),
                .init("root", .text(Self.hex(file.rootHash))),
            ])
        }
    }

    var csv: [[CSVText.Cell]] {
        [["name", "kind", "bytes", "lsn", "as_of", "root"].map { .text($0) }]
            + files.map { file in
                [
                    .text(file.name), .text(file.kind), .number(String(file.bytes)), .number(String(file.lsn)),
                    file.asOf == 0 ? .empty : .text(Timestamp.text(micros: file.asOf)), .text(Self.hex(file.rootHash)),
                ]
            }
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
