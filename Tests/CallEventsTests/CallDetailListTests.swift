import Testing

@testable import CallEvents

@Suite struct CallDetailListTests {
    /// As long as there is room, or the longest beginning of whole characters with an ellipsis behind it.
    private func shortened(_ text: String, _ limit: Int) -> String {
        if text.utf8.count <= limit { return text }
        var kept = ""
        for scalar in text.unicodeScalars {
            if (kept + String(scalar)).utf8.count + 3 > limit { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "\u{2026}"
    }

    private let texts: [(WritableKeyPath<CallDetails, String>, Int)] = [
        (\.callID, CallDetailLimits.callIDBytes), (\.calling, CallDetailLimits.numberBytes),
        (\.called, CallDetailLimits.numberBytes), (\.reason, CallDetailLimits.reasonBytes),
    ]

    /// Every text at every length around its limit, of characters of one to four bytes that begin at any byte.
    @Test func textsAreKeptUpToTheirLimit() {
        for (text, limit) in texts {
            for character in ["a", "é", "漢", "😀"] {
                for shift in 0..<4 {
                    for count in limit - 6...limit + 6 {
                        var long = String(repeating: "x", count: shift)
                        while long.utf8.count < count { long += character }
                        var details = CallDetails(callID: "c", calling: "1", called: "2", reason: "r")
                        details[keyPath: text] = long
                        var list = CallDetailList()
                        let index = list.append(details)
                        var expected = details
                        expected[keyPath: text] = shortened(long, limit)
                        #expect(index == 0 && list[0] == expected, "\(count) bytes of \(character), from \(shift) on")
                        #expect(list.bytes.count <= CallDetailLimits.packedBytes)
                    }
                }
            }
        }
    }

    /// Several calls may share a truncated Call-ID, so none is found by it.
    @Test func aTruncatedCallIDFindsNoCall() {
        for character in ["a", "é", "漢", "😀"] {
            for shift in 0..<4 {
                for count in 1...264 {
                    var callID = String(repeating: "x", count: shift)
                    while callID.utf8.count < count { callID += character }
                    var list = CallDetailList()
                    _ = list.append(CallDetails(callID: callID))
                    let found = PackedCallDetails.callID(list.bytes.span, at: 0).map { Array(list.bytes[$0]) }
                    let length = callID.utf8.count
                    if length > CallDetailLimits.callIDBytes { #expect(found == nil, "\(length)") }
                    if length < CallDetailLimits.callIDBytes - 3 { #expect(found == Array(callID.utf8), "\(length)") }
                }
            }
        }
        var list = CallDetailList()
        _ = list.append(CallDetails(calling: "1"))
        #expect(PackedCallDetails.callID(list.bytes.span, at: 0) == nil)
    }

    private func list(_ count: Int) -> CallDetailList {
        var list = CallDetailList()
        for number in 0..<count {
            _ = list.append(CallDetails(callID: String(repeating: "c", count: number), reason: "r\(number)"))
        }
        return list
    }

    /// All choices of up to four of three entries and of none: runs, repetitions, and the other way round.
    @Test func aPartHasTheDetailsOfItsIndices() {
        let whole = list(3)
        let choices = [0, 1, 2, CallDetailList.none]
        for count in 0...4 {
            for number in 0..<(1 << (2 * count)) {
                let indices = (0..<count).map { choices[number >> (2 * $0) & 3] }
                let (details, at) = whole.part(indices[...])
                #expect(at.count == count)
                for (index, place) in zip(indices, at) {
                    #expect((place == CallDetailList.none) == (index == CallDetailList.none), "\(indices)")
                    if index != CallDetailList.none { #expect(details[Int(place)] == whole[Int(index)], "\(indices)") }
                }
                #expect(details.count == indices.count { $0 != CallDetailList.none })
            }
        }
    }

    @Test func anEntryOfAnotherListIsCopied() {
        let other = list(3)
        var copy = CallDetailList()
        let indices = [2, 0, 1].map { copy.append($0, of: other) }
        #expect(indices == [0, 1, 2])
        #expect([copy[0], copy[1], copy[2]] == [other[2], other[0], other[1]])
        copy.removeAll()
        #expect(copy == CallDetailList() && copy.isEmpty && copy.bytes.isEmpty)
    }
}
