// What is sent of a batch, against what the batch says of each call.

import CallEvents
import Randomness
import Testing
import Wire

@testable import busyhour

@Suite struct BatchColumnsTests {
    private static func details(_ random: inout SeededGenerator) -> CallDetails {
        func text(_ texts: [String]) -> String { texts.randomElement(using: &random)! }
        func address() -> IPAddress? {
            [nil, IPAddress("203.0.113.7"), IPAddress("2001:db8::1"), IPAddress(v4: 0)].randomElement(using: &random)!
        }
        return CallDetails(
            callID: text(["", "a@b", "über", String(repeating: "x", count: 300)]), calling: text(["", "4930", "*"]),
            called: text(["", "9911#49", "+1"]), reason: text(["", "busy", "\u{FFFD}"]), source: address(),
            destination: address(), fromTag: [0, 0, 7, .max].randomElement(using: &random)!)
    }

    private static func batch(_ random: inout SeededGenerator) -> CallRecordBatch {
        var batch = CallRecordBatch()
        let parties = Int.random(in: 1...5, using: &random)
        for number in 0..<parties { batch.parties.append(Party(account: "a\(number)")) }
        for row in 0..<Int.random(in: 0...60, using: &random) {
            batch.party.append(UInt32.random(in: 0...UInt32(parties), using: &random))
            batch.setupMicros.append(Int64(row))
            for column in [
                \CallRecordBatch.ringMilliseconds, \.answerMilliseconds, \.endMilliseconds, \.talkMilliseconds,
            ] {
                batch[keyPath: column].append(UInt32.random(in: 0...9, using: &random))
            }
            batch.code.append(486)
            batch.q850.append(17)
            if Bool.random(using: &random) { batch.describeLast(batch.details.append(Self.details(&random))) }
        }
        return batch
    }

    private static func address(_ bytes: ArraySlice<UInt8>) -> IPAddress? {
        let words = bytes.reduce(into: [UInt64](repeating: 0, count: 2)) { words, byte in
            words[0] = words[0] << 8 | words[1] >> 56
            words[1] = words[1] << 8 | UInt64(byte)
        }
        return words == [0, 0] ? nil : IPAddress(high: words[0], low: words[1])
    }

    @Test(arguments: Seeds.of(1, 2, 3, 4)) func everyRowSaysWhatItsCallSays(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let batch = Self.batch(&random)
            let start = Int.random(in: 0...batch.count, using: &random)
            let range = start..<Int.random(in: start...batch.count, using: &random)
            let columns = IngestCallsColumns(batch, range)
            for (index, row) in range.enumerated() {
                let party = Int(batch.party[row])
                if party < batch.parties.count {
                    #expect(columns.parties[Int(columns.party[index])].account == batch.parties[party].account)
                } else {
                    #expect(columns.party[index] == CallEventBatch.noParty)
                }
            }
            #expect(columns.parties.count == Set(batch.party[range].filter { $0 < batch.parties.count }).count)
            var described: [Int: CallDetails] = [:]
            for row in range where row < batch.detail.count && batch.detail[row] != CallDetailList.none {
                described[row - start] = batch.details[Int(batch.detail[row])]
            }
            let details = columns.details
            #expect(details.row.map(Int.init) == described.keys.sorted(), "seed \(seed)")
            var textStart = 0
            func text(_ index: Int) -> String {
                defer { textStart = Int(details.textEnd[index]) }
                return String(decoding: details.texts[textStart..<Int(details.textEnd[index])], as: UTF8.self)
            }
            for (index, row) in details.row.enumerated() {
                let right = described[Int(row)]
                #expect(text(4 * index) == right?.callID && text(4 * index + 1) == right?.calling)
                #expect(text(4 * index + 2) == right?.called && text(4 * index + 3) == right?.reason)
                #expect(Self.address(details.source[(16 * index)..<(16 * index + 16)]) == right?.source)
                #expect(Self.address(details.destination[(16 * index)..<(16 * index + 16)]) == right?.destination)
                #expect((details.fromTag.isEmpty ? 0 : details.fromTag[index]) == right?.fromTag)
            }
        }
    }
}
