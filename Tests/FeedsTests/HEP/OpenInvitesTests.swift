import CallEvents
import Testing

@testable import Feeds

@Suite struct OpenInvitesTests {
    /// Keys of one place: what is answered makes room, what waits for its answer stays.
    @Test func newerOnesTakeThePlaceOfAnsweredOnes() {
        let keys = (1...4).map { CallKey(high: UInt64($0) << 32, low: 6) }
        var invites = OpenInvites()
        invites.open(keys[0], sequence: 1, branch: 10)
        invites.open(keys[1], sequence: 1, branch: 20)
        #expect(invites.branch(keys[0], sequence: 1) == 10 && invites.branch(keys[1], sequence: 1) == 20)
        invites.close(keys[1], sequence: 1, branch: 20)
        #expect(invites.knows(keys[1], sequence: 1) && invites.branch(keys[1], sequence: 1) == nil)
        invites.open(keys[2], sequence: 1, branch: 30)
        #expect(invites.branch(keys[0], sequence: 1) == 10 && invites.branch(keys[2], sequence: 1) == 30)
        #expect(!invites.knows(keys[1], sequence: 1))
        invites.open(keys[3], sequence: 1, branch: 40)
        #expect(invites.branch(keys[3], sequence: 1) == 40 && invites.branch(keys[2], sequence: 1) == 30)
        #expect(!invites.knows(keys[0], sequence: 1), "no place is left but that of the older")
        // Another INVITE of the same call is not another place.
        invites.open(keys[3], sequence: 1, branch: 50)
        invites.close(keys[3], sequence: 1, branch: 40)
        #expect(invites.branch(keys[3], sequence: 1) == 50 && invites.branch(keys[2], sequence: 1) == 30)
        #expect(OpenInvites(invites.columns)?.columns == invites.columns)
    }
}
