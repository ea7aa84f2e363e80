// What people say of warnings comes back as it was, also from journals of before; anything else is refused.

import Board
import Columnar
import Randomness
import Testing

@testable import Store

@Suite struct WarningMarkRecordTests {
    private func read(_ payload: [UInt8], version: UInt16 = 2) throws -> [WarningMark] {
        try readRecord(payload, as: WarningMarkRecord.self, version: version).marks
    }

    private func marks(_ random: inout SeededGenerator) -> [WarningMark] {
        let kind = [WarningMark.Kind.acknowledged, .muted, .removed].randomElement(using: &random) ?? .muted
        var id: UInt32 = 0
        return (0..<Int.random(in: 1...50, using: &random)).map { _ in
            id += UInt32.random(in: id == 0 ? 1...300 : 0...300, using: &random)
            return WarningMark(
                customerID: id, warning: WarningKind.allCases.randomElement(using: &random) ?? .noAuth, kind: kind,
                who: "céline", atMicros: 77, untilMicros: kind == .muted ? 99 : 0)
        }
    }

    @Test(arguments: Seeds.of(1)) func marksComeBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let marks = marks(&random)
            #expect(try read(WarningMarkRecord(marks).payload) == marks, "seed \(seed)")
        }
    }

    @Test func aMarkOfBeforeIsRead() throws {
        var writer = FieldWriter()
        writer.append(UInt32(7))
        writer.append(WarningKind.creditLow.rawValue)
        writer.append(WarningMark.Kind.muted.rawValue)
        writer.append(Int64(5))
        writer.append(Int64(9))
        writer.append("anna")
        let mark = WarningMark(
            customerID: 7, warning: .creditLow, kind: .muted, who: "anna", atMicros: 5, untilMicros: 9)
        #expect(try read(writer.bytes, version: 1) == [mark])
    }

    /// Ids from 1 to the greatest there is, in the records of both versions, first and after another.
    @Test func idsHaveBorders() {
        let most = UInt32(BoardLimits.customers)
        for id in [0, 1, 2, most - 1, most, most + 1, .max] {
            let isRight = (1...most).contains(id)
            var mark = WarningMark(
                customerID: id, warning: .creditLow, kind: .muted, who: "anna", atMicros: 5, untilMicros: 9)
            #expect((try? read(WarningMarkRecord([mark]).payload)) == (isRight ? [mark] : nil), "\(id)")
            var writer = FieldWriter()
            writer.append(id)
            writer.append(mark.warning.rawValue)
            writer.append(mark.kind.rawValue)
            writer.append(mark.atMicros)
            writer.append(mark.untilMicros)
            writer.append(mark.who)
            #expect((try? read(writer.bytes, version: 1)) == (isRight ? [mark] : nil), "\(id)")
            if id == 0 { continue }
            mark.customerID = 1
            let first = mark
            mark.customerID = id
            #expect((try? read(WarningMarkRecord([first, mark]).payload)) == (isRight ? [first, mark] : nil), "\(id)")
        }
    }

    @Test(arguments: Seeds.fixed(2)) func damagedMarksAreRefusedOrMarks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var refused = 0
        for trial in 0..<4_000 {
            var bytes = WarningMarkRecord(marks(&random)).payload
            if trial % 4 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if (try? read(bytes)) == nil { refused += 1 }
        }
        #expect(refused > 1_000)
    }
}
