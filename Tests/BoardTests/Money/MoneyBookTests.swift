// Sums of money at the ends of 64 bits, and a book that is saved and restored as it was.

import Columnar
import Randomness
import Testing

@testable import Board

@Suite struct MoneyBookTests {
    @Test func sumsStandAtTheirEnds() {
        for (sum, added, expected) in [
            (0, 5, 5), (.max - 1, 1, .max), (.max - 1, 2, .max), (.max, .max, .max), (.min + 1, -1, .min),
            (.min + 1, -2, .min), (.min, .min, .min), (.max, .min, -1), (.min, .max, -1),
        ] as [(Int64, Int64, Int64)] {
            var amount = MoneyAmount(count: 3, micros: sum)
            amount.add(added, times: 2)
            #expect(amount == MoneyAmount(count: 5, micros: expected))
            var bookings = MoneyBookings()
            for field in MoneyBookings.fields { bookings[keyPath: field] = MoneyAmount(count: 3, micros: sum) }
            var others = MoneyBookings()
            for field in MoneyBookings.fields { others[keyPath: field] = MoneyAmount(count: 2, micros: added) }
            bookings += others
            #expect(
                MoneyBookings.fields.allSatisfy { bookings[keyPath: $0] == MoneyAmount(count: 5, micros: expected) })
        }
    }

    /// Each kind by itself: where it is counted, and where it is not.
    @Test func everyKindOfBooking() {
        for kind in 0..<5 {
            var book = MoneyBook()
            switch kind {
            case 0: book.book(MoneyAmount(count: 2, micros: 7), in: "USD", now: 50)
            case 1: book.credit(7, row: 4, currency: "USD", now: 50)
            case 2: book.correct(by: -7, row: 4, currency: "USD", now: 50)
            case 3: book.refuse(7, row: 4, currency: "INR", isOwn: false, now: 50)
            default: book.book(MoneyAmount(), in: "USD", now: 50)
            }
            let amounts = MoneyBookings.fields.map { book.totals.first?.value[keyPath: $0] ?? MoneyAmount() }
            #expect(amounts.map(\.count) == [0, 1, 2, 3].map { $0 == kind ? (kind == 0 ? 2 : 1) : 0 }, "\(kind)")
            #expect(amounts.map(\.micros) == [0, 1, 2, 3].map { $0 == kind ? (kind == 2 ? -7 : 7) : 0 }, "\(kind)")
            #expect(
                book.customers.count == ([1, 2, 3].contains(kind) ? 1 : 0) && book.foreignPairs == (kind == 3 ? 1 : 0))
            #expect(book.sinceMicros == (kind == 4 ? 0 : 50))
            book.credit(1, row: 4, currency: "USD", now: 90)
            #expect(book.sinceMicros == (kind == 4 ? 90 : 50))
        }
    }

    @Test(arguments: Seeds.fixed(0..<12)) func savedAndRestored(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let own = ["USD", "EUR", "USD", "JPY"]
        var rest = own[...]
        let engine = makeEngine(customers: own.count) { $0.currency = rest.popFirst() ?? "" }
        let currencies = engine.state.customers.currencies
        var book = MoneyBook()
        for step in 0..<Int.random(in: 0...60, using: &random) {
            let row = UInt32.random(in: 0..<UInt32(own.count), using: &random)
            let currency = own[Int(row)]
            let micros = Int64.random(in: 1...1_000, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: book.book(MoneyAmount(count: micros % 7, micros: micros), in: currency, now: Int64(step) + 9)
            case 1: book.credit(micros, row: row, currency: currency, now: Int64(step) + 9)
            case 2: book.correct(by: micros - 500, row: row, currency: currency, now: Int64(step) + 9)
            default:
                let told = ["USD", "EUR", "INR", "JPY"].randomElement(using: &random) ?? "USD"
                book.refuse(micros, row: row, currency: told, isOwn: told == currency, now: Int64(step) + 9)
            }
        }
        let restored = try MoneyBook(book.table, sinceMicros: book.sinceMicros, currencies: currencies)
        #expect(restored == book, "seed \(seed)")
        #expect(try MoneyBook(nil, sinceMicros: 7, currencies: currencies) == MoneyBook())
        book.refuse(1, row: UInt32(own.count), currency: "USD", isOwn: true, now: 9)
        #expect(throws: RestoreError.self) { try MoneyBook(book.table, sinceMicros: 9, currencies: currencies) }
    }
}
