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
            if bytes.isEmpty {
                // A correction of nothing is nothing.
                #expect(details.callID.isEmpty && details.source == nil && details.destination == nil)
                continue
            }
            #expect(read(bytes) == details && PackedCallDetails.length(bytes.span, at: 0) == bytes.count)
            #expect(bytes.count <= CallDetailLimits.packedBytes)
        }
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
