// The branch of a Via: equal for equal branches, however the Via is written around them, and different otherwise.

import Testing

@testable import Feeds

@Suite struct SIPBranchTests {
    private static func branch(_ via: String) -> SIPBranch {
        let bytes = Array(via.utf8)
        return SIPBranch(bytes.span, 0..<bytes.count)
    }

    /// What may stand before and behind a branch: other parameters, blanks, and the Vias of further hops in one header.
    @Test func whateverStandsAround() {
        for (name, isUnique) in [
            ("z9hG4bK776asdhds", true), ("Z9HG4BK776asdhds", true), ("z9hG4bK", true), ("z9hG4bK1", true),
            ("z9hG4b776asdhds", false), ("7", false), ("1234567890abcdef", false),
        ] {
            let alone = Self.branch("SIP/2.0/UDP 192.0.2.10;branch=\(name)")
            #expect(alone.isUnique == isUnique && alone.hash > 1 && alone.hash & 1 == 0, "\(name)")
            for before in ["", ";rport", ";received=192.0.2.1;rport=5060", ";xbranch=1", ";branch"] {
                for after in [
                    "", ";rport", " ;rport", ",SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKother", " , SIP/2.0/UDP 10.0.0.1",
                    ";branch=z9hG4bKsecond", " ",
                ] {
                    for spelling in ["branch=", "BRANCH=", "Branch="] {
                        let via = "SIP/2.0/UDP 192.0.2.10:5060\(before);\(spelling)\(name)\(after)"
                        let read = Self.branch(via)
                        #expect(read.hash == alone.hash && read.isUnique == isUnique, "\(via)")
                    }
                }
            }
        }
    }

    /// Branches of every length that differ in any byte, or in their length alone.
    @Test func everyByteCounts() {
        var hashes: Set<UInt64> = []
        var count = 0
        for length in 0...20 {
            let plain = Array("abcdefghijklmnopqrst".prefix(length))
            for place in -1..<length {
                var text = plain
                if place >= 0 { text[place] = "X" }
                let hash = Self.branch("SIP/2.0/UDP h;branch=z9hG4bK" + String(text)).hash
                hashes.insert(hash)
                count += 1
            }
        }
        #expect(hashes.count == count)
        #expect(Self.branch("SIP/2.0/UDP h").hash == 0 && Self.branch("").hash == 0)
        #expect(Self.branch("SIP/2.0/UDP h;branch=").hash > 1 && !Self.branch("SIP/2.0/UDP h;branch=").isUnique)
    }
}
