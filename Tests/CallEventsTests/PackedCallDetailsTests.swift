import Testing

@testable import CallEvents

@Suite struct PackedCallDetailsTests {
    private func packed(_ details: CallDetails) -> [UInt8] {
        var list = CallDetailList()
        _ = list.append(details)
        return list.bytes
    }

    private func read(_ bytes: [UInt8]) -> CallDetails { PackedCallDetails.read(bytes.span, bytes.indices) }

    private let whole = CallDetails(
        callID: "a@b", calling: "15550100", called: "4930", reason: "Busy Here", source: IPAddress("10.0.0.1"),
        destination: IPAddress("2001:db8::1"), fromTag: 77, clockCorrectedMillis: -3_600_000)

    @Test func eachPartMayBeMissing() {
        let parts: [WritableKeyPath<CallDetails, String>] = [\.callID, \.calling, \.called, \.reason]
        for missing in 0..<128 {
            var details = whole
            for (bit, part) in parts.enumerated() where missing >> bit & 1 != 0 { details[keyPath: part] = "" }
            if missing >> 4 & 1 != 0 { details.source = nil }
            if missing >> 5 & 1 != 0 { (details.destination, details.fromTag) = (nil, 0) }
            if missing >> 6 & 1 != 0 { details.clockCorrectedMillis = 0 }
            let bytes = packed(details)
            // A hash and a correction of nothing are nothing; every text and every address is something.
            let isNothing = missing & 0b11_1111 == 0b11_1111
            #expect(bytes.isEmpty == isNothing, "\(details)")
            if isNothing { continue }
            #expect(read(bytes) == details && PackedCallDetails.length(bytes.span, at: 0) == bytes.count)
            #expect(bytes.count <= CallDetailLimits.packedBytes)
        }
    }

    /// Every reason that there was, of a failure or of an end, with every one that comes: the last reason stays, and
    /// tells what it is of.
    @Test func theLastReasonTellsWhatItIsOf() {
        for old in ["", "Busy Here"] {
            for oldIsOfEnd in [false, true] {
                for new in ["", "Decline"] {
                    for isOfEnd in [false, true] {
                        var (first, second) = (whole, whole)
                        (first.reason, second.reason) = (old, new)
                        let before = PackedCallDetails.merge([], packed(first), isOfEnd: oldIsOfEnd)
                        let both = PackedCallDetails.merge(before, packed(second), isOfEnd: isOfEnd)
                        let reason = new.isEmpty ? old : new
                        let isFailure = !reason.isEmpty && !(new.isEmpty ? oldIsOfEnd : isOfEnd)
                        let what = "\(old), \(oldIsOfEnd), \(new), \(isOfEnd)"
                        #expect(read(both).reason == reason, "\(what)")
                        #expect(PackedCallDetails.hasFailure(both[...]) == isFailure, "\(what)")
                        let answered = read(PackedCallDetails.withoutFailure(both))
                        #expect(answered.reason == (isFailure ? "" : reason), "\(what)")
                        var bare = read(both)
                        bare.reason = ""
                        first.reason = ""
                        #expect(bare == first && PackedCallDetails.length(both.span, at: 0) == both.count, "\(what)")
                    }
                }
            }
        }
    }

    /// Of two reports each lacks any of the parts: what one has is there, and the first one's where both have it.
    @Test func eachPartComesFromTheFirstThatHasIt() {
        var other = CallDetails(
            callID: "c@d", calling: "2", called: "3", reason: "Decline", source: IPAddress("2001:db8::9"),
            destination: IPAddress("10.0.0.9"), fromTag: 5)
        other.clockCorrectedMillis = 9
        func lacking(_ parts: Int, _ details: CallDetails) -> CallDetails {
            CallDetails(
                callID: details.callID, calling: parts & 1 != 0 ? "" : details.calling,
                called: parts & 2 != 0 ? "" : details.called, reason: details.reason,
                source: parts & 4 != 0 ? nil : details.source, destination: parts & 8 != 0 ? nil : details.destination,
                fromTag: parts & 16 != 0 ? 0 : details.fromTag,
                clockCorrectedMillis: parts & 32 != 0 ? 0 : details.clockCorrectedMillis)
        }
        for first in 0..<64 {
            for second in [0, 63, 21, 42, ~first & 63] {
                let both = PackedCallDetails.merge(
                    packed(lacking(first, whole)), packed(lacking(second, other)), isOfEnd: false)
                var expected = lacking(first & second, whole)
                let rest = lacking(second, other)
                if first & 1 != 0 { expected.calling = rest.calling }
                if first & 2 != 0 { expected.called = rest.called }
                if first & 4 != 0 { expected.source = rest.source }
                if first & 8 != 0 { expected.destination = rest.destination }
                if first & 16 != 0 { expected.fromTag = rest.fromTag }
                if first & 32 != 0 { expected.clockCorrectedMillis = rest.clockCorrectedMillis }
                expected.reason = "Decline"
                #expect(read(both) == expected, "\(first), \(second)")
                #expect(PackedCallDetails.fromTag(both.span, at: 0) == expected.fromTag)
            }
        }
    }

    /// A prefix of the called number is left out, of any length up to all of it; another one changes nothing.
    @Test func aPrefixOfTheCalledNumberIsLeftOut() {
        for count in 0...whole.called.count {
            var expected = whole
            expected.called = String(whole.called.dropFirst(count))
            let prefix = Array(whole.called.utf8.prefix(count))
            let bytes = PackedCallDetails.withoutCalledPrefix(packed(whole), prefix)
            #expect(read(bytes) == expected && PackedCallDetails.length(bytes.span, at: 0) == bytes.count)
            #expect(PackedCallDetails.haveSameCalled(bytes, packed(whole)) == (count == 0))
            #expect(PackedCallDetails.haveSameCalled(bytes, packed(expected)))
            for other in [prefix + [0x58], [0x58] + prefix] {
                #expect(PackedCallDetails.withoutCalledPrefix(packed(whole), other) == packed(whole))
            }
        }
    }

    /// Cut anywhere they are incomplete, and nothing is read beyond their end.
    @Test func cutDetailsHaveNoLength() {
        let bytes = packed(whole)
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            #expect(PackedCallDetails.length(cut.span, at: 0) == nil, "\(count)")
            #expect(PackedCallDetails.callID(cut.span, at: 0) == nil && PackedCallDetails.fromTag(cut.span, at: 0) == 0)
        }
        let (before, behind) = ([7] + bytes, bytes + [7])
        #expect(PackedCallDetails.length(before.span, at: 1) == bytes.count)
        #expect(PackedCallDetails.length(behind.span, at: 0) == bytes.count)
        #expect(PackedCallDetails.length(bytes.span, at: -1) == nil)
    }

    /// The first word stands, as with all but the reason.
    @Test func twoTellings() {
        var later = whole
        (later.clockCorrectedMillis, later.reason) = (5_000, "Decline")
        let both = read(PackedCallDetails.merge(packed(whole), packed(later), isOfEnd: false))
        #expect(both.clockCorrectedMillis == -3_600_000 && both.reason == "Decline" && both.callID == "a@b")
        var earlier = whole
        earlier.clockCorrectedMillis = 0
        #expect(
            read(PackedCallDetails.merge(packed(earlier), packed(later), isOfEnd: false)).clockCorrectedMillis == 5_000)
    }
}
