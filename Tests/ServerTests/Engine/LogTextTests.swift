import Testing

@testable import Server

@Suite struct LogTextTests {
    @Test func timesAreOfTheCalendar() {
        #expect(LogText.time(1_795_918_352_999_999) == "2026-11-29T02:12:32Z")
        #expect(LogText.time(0) == "1970-01-01T00:00:00Z")
        #expect(LogText.time(-1) == "1969-12-31T23:59:59Z")
        // Whatever a clock says.
        for micros in [Int64.min, .max] { #expect(!LogText.time(micros).isEmpty) }
    }

    @Test func secondsHaveTwoDecimals() {
        #expect(LogText.seconds(.nanoseconds(265_012_778)) == "0.27 s")
        #expect(LogText.seconds(.milliseconds(5)) == "0.01 s")
        #expect(LogText.seconds(.milliseconds(12_996)) == "13.00 s")
        #expect(LogText.seconds(.zero) == "0.00 s")
    }

    @Test func lengthsHaveTwoUnits() {
        #expect(LogText.length(micros: 3_596_999_999) == "59 min 56 s")
        #expect(LogText.length(micros: 93_600_000_000) == "1 d 2 h")
        #expect(LogText.length(micros: 7_199_000_000) == "1 h 59 min")
        #expect(LogText.length(micros: 7_000_000) == "7 s")
        #expect(LogText.length(micros: -1) == "0 s")
    }
}
