import CallEvents
import Randomness
import Testing

@testable import Feeds

/// Currencies, credit notes and limits, as rows tell them.
@Suite struct CDRMoneyTests {
    private static let header = "id,account,setup_at,answer_at,end_at,cost,currency\n"

    private static func row(_ id: String, _ cost: String, _ currency: String, at second: Int = 1_748_934_029) -> String
    {
        "\(id),a,\(second),\(second + 1),\(second + 9),\(cost),\(currency)\n"
    }

    @Test func currenciesAreThoseOfTheRows() throws {
        var reader = try Sample.read(
            Self.header + Self.row("1", "0.5", "EUR") + Self.row("2", "1", "inr") + Self.row("3", "2", "")
                + Self.row("4", "", "Eur"), .csv)
        let batch = reader.takeRecords()
        #expect(batch.costMicros == [500_000, 1_000_000, 2_000_000, CallRecordBatch.untoldCost])
        #expect(batch.currencies.codes == ["EUR", "INR"] && batch.currencies.ofCall == [1, 2, 0, 1])
        // A file in one currency has no column, and one without any nothing.
        var one = try Sample.read(Self.header + Self.row("1", "1", "USD") + Self.row("2", "1", "USD"), .csv)
        #expect(one.takeRecords().currencies == RecordCurrencies(all: "USD"))
        var none = try Sample.read(Self.header + Self.row("1", "1", "") + Self.row("2", "1", "NULL"), .csv)
        #expect(none.takeRecords().currencies == RecordCurrencies())
    }

    /// What the feed was told is of the rows that tell nothing, and of every batch.
    @Test func whatAFeedIsTold() throws {
        var reader = try CDRReader(format: .csv, columns: [], timeZone: "UTC", file: "f")
        (reader.money.currency, reader.money.limitMicros) = ("GBP", 7)
        for round in 0..<2 {
            let rows =
                (round == 0 ? Self.header : "") + Self.row("a\(round)", "1", "") + Self.row("b\(round)", "1", "USD")
            Array(rows.utf8).withUnsafeBytes { reader.read($0) }
            // Rows of an id wait for others of it.
            for _ in 0..<2 { reader.finish(atEnd: false) }
            let batch = reader.takeRecords()
            #expect(batch.currencies.codes == ["GBP", "USD"] && batch.currencies.ofCall == [1, 2])
            #expect(batch.costLimitMicros == 7)
        }
    }

    @Test func whatIsNoCurrencyIsNamed() throws {
        for text in ["EURO", "E", "EU", "XYZ", "€", "$", "E1R", "978", "\"EU,R\"", "eu\u{0308}"] {
            var reader = try Sample.read(Self.header + Self.row("1", "1", text), .csv)
            let error = try #require(reader.takeErrors().first, "\(text)")
            #expect(error.name == .currency && error.line == 2 && error.message.contains("currency is"), "\(error)")
            #expect(reader.takeRecords().count == 0 && Consistency.holds(reader.counters))
        }
    }

    /// A cost below zero is a credit note: told once, with a key of its own, and no part of the call whose id it has.
    @Test func creditNotes() throws {
        let rows =
            Self.row("c1", "3", "EUR") + Self.row("c1", "-3", "EUR") + Self.row("c1", "-3", "EUR")
            + Self.row("n2", "-0.25", "") + Self.row("n2", "4", "")
        var reader = try Sample.read(Self.header + rows, .csv)
        let batch = reader.takeRecords()
        #expect(batch.costMicros == [3_000_000, -3_000_000, -250_000, 4_000_000])
        #expect(Set(batch.key).count == 4)
        #expect(reader.counters.calls == 2 && reader.counters.credits == 2 && reader.counters.duplicates == 1)
        #expect(Consistency.holds(reader.counters))
        // Fed again, by another run, all have the keys that they had.
        var again = try Sample.read(Self.header + rows, .csv)
        #expect(again.takeRecords().key == batch.key)
        // The call of a note that came before it has the key that it has alone.
        var alone = try Sample.read(Self.header + Self.row("n2", "4", ""), .csv)
        #expect(alone.takeRecords().key == [batch.key[3]])
    }

    @Test func aCreditNoteNeedsAnID() throws {
        var reader = try Sample.read("setup_at,duration,cost\n1748934029,0,-1\n", .csv)
        let error = try #require(reader.takeErrors().first)
        #expect(error.name == .credit && error.message.contains("cost is \"-1\"") && error.message.contains("id"))
        #expect(reader.takeRecords().count == 0 && Consistency.holds(reader.counters))
        // By -1 CGRateS says that it did not rate the call.
        let row = "1,c,*default,*voice,o,*rated,t,call,a,a,49,2025-06-03T07:00:29Z,2025-06-03T07:00:30Z,9s,"
        var rated = try Sample.read(row + "-1,,\n" + row.replacing(",o,", with: ",p,") + "-2,,\n", .cgratesCSV)
        #expect(rated.counters.calls == 1 && rated.counters.credits == 1, "\(rated.takeErrors())")
    }

    /// The rows of a queue call wait for each other; a credit note among them waits as well, and is none of them.
    @Test func creditNotesAmongRowsThatWait() throws {
        let columns = CDRFormat.asteriskFixed + ["uniqueid", "cost", "currency"]
        func row(_ id: String, _ disposition: String, _ cost: String, _ currency: String = "EUR") -> String {
            let times = "2025-06-03 07:00:29,2025-06-03 07:00:30,2025-06-03 07:00:39"
            return "a,1,2,c,x,SIP/a-1,,Dial,,\(times),10,9,\(disposition),3,\(id),\(cost),\(currency)\n"
        }
        var reader = try Sample.read(
            row("1748934029.1", "NO ANSWER", "0") + row("1748934029.1", "ANSWERED", "-2")
                + row("1748934029.1", "ANSWERED", "5") + row("1748934029.2", "ANSWERED", "1", "USD")
                + row("1748934029.2", "NO ANSWER", "1", "EUR"), .asterisk, columns: columns)
        let (batch, offsets) = reader.takePlacedRecords()
        #expect(batch.costMicros == [5_000_000, -2_000_000, 1_000_000] && offsets == offsets.sorted())
        #expect(batch.currencies.ofCall == [1, 1, 2] && Set(batch.key).count == 3)
        // Dollars and euros of one call have no sum.
        #expect(reader.takeErrors().map(\.name) == [.currencies] && Consistency.holds(reader.counters))
    }

    /// Rows of one call that wait for each other: every pair of currencies, told or not.
    @Test func currenciesOfOneCall() throws {
        let columns = ["uniqueid", "start", "answer", "end", "billsec", "disposition", "cost", "currency"]
        let row = { (second: Int, disposition: String, currency: String) in
            "1748934029.1,2025-06-03 07:00:\(29 + second),,2025-06-03 07:00:39,0,\(disposition),1,\(currency)\n"
        }
        for first in ["", "EUR", "USD"] {
            for second in ["", "EUR", "USD"] {
                // The later row may be the one that comes first.
                for shift in [1, 0, -1] {
                    var reader = try Sample.read(
                        row(1, "BUSY", first) + row(1 + shift, "NO ANSWER", second), .asterisk, columns: columns)
                    let batch = reader.takeRecords()
                    let isRefused = first != second && first != "" && second != ""
                    #expect(reader.takeErrors().map(\.name) == (isRefused ? [.currencies] : []), "\(first), \(second)")
                    #expect(batch.costMicros == [isRefused ? 1_000_000 : 2_000_000])
                    let currency = first == "" ? second : first
                    #expect(batch.currencies.code(ofCall: 0) == (currency == "" ? nil : currency))
                    #expect(Consistency.holds(reader.counters))
                }
            }
        }
    }

    @Test func documentsTellCurrencies() throws {
        let call =
            #"{"variables":{"uuid":"1","start_uepoch":"1748934029000000","answer_uepoch":"1748934031000000","#
            + #""end_uepoch":"1748934040000000","nibble_total_billed":"-0.5","currency":"usd"}}"# + "\n"
        var reader = try Sample.read(call, .freeswitchJSON)
        let batch = reader.takeRecords()
        #expect(batch.costMicros == [-500_000] && batch.currencies == RecordCurrencies(all: "USD"))
        #expect(reader.counters.credits == 1)
    }
}
