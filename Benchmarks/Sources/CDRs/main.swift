// Rows of CDR files read a second, in process and on one core: by their own names, and by a map, a filter and
// spellings.
//
//     swift run -c release CDRs [ROWS]

import CallEvents
import Feeds

let rows = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2_000_000
let start = 1_795_168_800

func number(_ value: Int, _ width: Int) -> String {
    String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
}

/// The same calls in two layouts: one answered in two, of 5,000 accounts.
func file(header: String, row: (_ id: Int, _ setup: Int, _ talk: Int) -> String) -> [UInt8] {
    var text = header
    text.reserveCapacity(rows * 90)
    for id in 0..<rows { text += row(id, start + id / 500, id % 2 == 0 ? 60 + id % 100 : 0) }
    return Array(text.utf8)
}

func measure(_ name: String, _ bytes: [UInt8], _ options: CDROptions) throws {
    var best = Double.infinity
    var calls = 0
    for _ in 0..<5 {
        var reader = try CDRReader(format: .csv, options: options, file: name)
        calls = 0
        let clock = ContinuousClock()
        let spent = clock.measure {
            bytes.withUnsafeBytes { all in
                var at = 0
                // As a feed does: pieces as they are read, and what is ready is taken.
                while at < all.count {
                    let end = min(all.count, at + 1 << 18)
                    reader.read(UnsafeRawBufferPointer(rebasing: all[at..<end]))
                    at = end
                    calls += reader.takePlacedRecords().0.count
                }
            }
            reader.finish(atEnd: true)
            calls += reader.takePlacedRecords().0.count
        }
        best = min(best, Double(spent.components.attoseconds) / 1e18 + Double(spent.components.seconds))
        guard reader.counters.errors == 0 else {
            fatalError("\(name): \(reader.takeErrors().first?.description ?? "")")
        }
    }
    let rate = Double(calls) / best / 1_000_000
    print("\(name): \((rate * 100).rounded() / 100) M rows/s, \((Double(bytes.count) / best / 1e6).rounded()) MB/s")
}

let plain = file(header: "id,account,setup_at,talk,code,q850,cost\n") { id, setup, talk in
    "\(id),acct-\(id % 5_000),\(setup),\(talk),\(talk > 0 ? 200 : 486),\(talk > 0 ? 16 : 17),0.0125\n"
}
try measure("by their names", plain, CDROptions())

let foreign = file(header: "Call Ref,Trunk,Start,Minutes,Code,Cause,Price,Kind\n") { id, setup, talk in
    "\(id),acct-\(id % 5_000),\(setup),\(talk / 60):\(number(talk % 60, 2)),\(talk > 0 ? 200 : 486),"
        + "\(talk > 0 ? 16 : 17),0.0125,Stop\n"
}
var mapped = CDROptions()
mapped.map = try CDRMap("id=Call Ref,account=Trunk,setup_at=Start,talk=4,code=Code,q850=Cause,cost=Price")
try measure("by a map", foreign, mapped)
mapped.filter = try CDRFilter("kind = 'Stop'")
try measure("by a map and a filter", foreign, mapped)
