import CallEvents
import Testing

@testable import Feeds

/// How a call ended, by numbers and by tables of an operator's own: every number that may stand there.
@Suite struct CauseTests {
    /// The codes and causes of calls whose rows tell this in a column.
    private static func ends(_ column: String, _ values: [String]) throws -> (codes: [UInt16?], causes: [UInt8?]) {
        var (codes, causes): ([UInt16?], [UInt8?]) = ([], [])
        for value in values {
            var reader = try Sample.read("setup_at,end_at,\(column)\n1748934029,1748934030,\(value)\n", .csv)
            let batch = reader.takeRecords()
            codes.append(batch.code.first)
            causes.append(batch.q850.first)
            #expect(reader.counters.errors == (batch.count == 0 ? 1 : 0))
        }
        return (codes, causes)
    }

    /// A cause column may have a SIP code or a Q.850 cause: three causes are above 99, and no SIP code is one of those.
    @Test func numbersOfACause() throws {
        let numbers = Array(0...720)
        let read = try Self.ends("cause", numbers.map(String.init))
        for number in numbers {
            let isCause = (1..<100).contains(number) || [102, 111, 127].contains(number)
            let isCode = (100...699).contains(number) && !isCause
            // All codes of an answer are one.
            let own = (200...299).contains(number) ? 200 : UInt16(number)
            let code = isCode ? own : isCause ? HangupCause.sipCode(q850: UInt8(number)) : 0
            #expect(read.codes[number] == code && read.causes[number] == (isCause ? UInt8(number) : 0), "\(number)")
        }
    }

    /// Codes are SIP's or 0, and causes up to 127; FreeSWITCH has own ones above, which say nothing.
    @Test func numbersOfACodeAndOfQ850() throws {
        let numbers = Array(0...720)
        let codes = try Self.ends("code", numbers.map(String.init)).codes
        for number in numbers {
            let isRead = number == 0 || (100...699).contains(number)
            let own = (200...299).contains(number) ? 200 : UInt16(number)
            #expect(codes[number] == (isRead ? own : nil), "\(number)")
        }
        let causes = try Self.ends("q850", numbers.map(String.init)).causes
        for number in numbers { #expect(causes[number] == (number <= 127 ? UInt8(number) : 0), "\(number)") }
        #expect(try Self.ends("q850", ["-1", "x"]).causes == [nil, nil])
        #expect(try Self.ends("code", ["-1", "sip:", "sip:486", "sip:48", "SIP:486"]).codes == [nil, 0, 486, nil, 0])
        #expect(try Self.ends("code", ["486 Busy Here", "486x", "486 "]).codes == [486, nil, 486])
    }

    /// An operator's own table: codes up to 299 answer, later ones and causes do not.
    @Test func ownTables() throws {
        for number in 0...720 {
            let table = try? CDRDispositions("x=\(number)")
            #expect((table != nil) == (200...699).contains(number), "\(number)")
            guard let table else { continue }
            let right = number < 300 ? .answered : HangupCause.Disposition.failed(HangupCause(code: UInt16(number)))
            #expect(table.byWord == ["X": right], "\(number)")
        }
        for number in 0...256 {
            let table = try? CDRDispositions("x=Q850:\(number)")
            #expect((table != nil) == (1...127).contains(number), "\(number)")
            guard let table else { continue }
            let cause = UInt8(number)
            #expect(table.byWord == ["X": .failed(HangupCause(code: HangupCause.sipCode(q850: cause), q850: cause))])
        }
    }
}
