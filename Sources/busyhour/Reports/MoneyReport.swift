// The outcome of money, separately for each currency.

import Terminal
import Wire

struct MoneyReport {
    var sums: [Busyhour_V1_MoneySums] = []
    /// Microseconds since 1970; 0: nothing has come.
    var sinceMicros: Int64 = 0

    /// For the page of one customer: what there is of it.
    func facts(_ page: Page) -> [(String, String)] {
        sums.flatMap { sums -> [(String, String)] in
            let since = " since \(page.time(sinceMicros))"
            let lines: [(String, UInt64, Int64, String)] = [
                ("booked", 0, sums.bookedMicros, since), ("credit notes", sums.credits, sums.creditMicros, ""),
                ("corrected", sums.corrections, sums.correctedMicros, ""),
                ("refused", sums.refused, sums.refusedMicros, ""),
            ]
            return lines.filter { $0.1 > 0 || $0.2 != 0 }.map { name, count, micros, suffix in
                let times = count == 0 ? "" : "\(Number.grouped(count)), "
                return (name, times + Self.text(micros) + " " + sums.currency + suffix)
            }
        }
    }

    /// One line per currency.
    var table: TextTable {
        var table = TextTable([
            .init("currency"), .init("calls", .right), .init("booked", .right), .init("credit notes", .right),
            .init("credited", .right), .init("corrections", .right), .init("corrected", .right), .init("rows", .right),
            .init("refused", .right),
        ])
        table.rows = sums.map { sums in
            [
                .init(sums.currency), .init(Number.grouped(sums.booked)), .init(Self.text(sums.bookedMicros)),
                .init(Number.grouped(sums.credits)), .init(Self.text(sums.creditMicros)),
                .init(Number.grouped(sums.corrections)), .init(Self.text(sums.correctedMicros)),
                .init(Number.grouped(sums.refused), colour: sums.refused > 0 ? .yellow : nil),
                .init(Self.text(sums.refusedMicros)),
            ]
        }
        return table
    }

    var json: JSONValue {
        .object([
            .init("since", sinceMicros == 0 ? .null : .time(sinceMicros)),
            .init("currencies", .array(sums.map(Self.json))),
        ])
    }

    private static func json(_ sums: Busyhour_V1_MoneySums) -> JSONValue {
        .object([
            .init("currency", .text(sums.currency)), .init("booked", .money(sums.bookedMicros)),
            .init("credit_notes", .unsigned(sums.credits)), .init("credited", .money(sums.creditMicros)),
            .init("corrections", .unsigned(sums.corrections)), .init("corrected", .money(sums.correctedMicros)),
            .init("refused_rows", .unsigned(sums.refused)), .init("refused", .money(sums.refusedMicros)),
        ])
    }

    private static func text(_ micros: Int64) -> String { Money.text(micros: micros, grouped: true) }
}
