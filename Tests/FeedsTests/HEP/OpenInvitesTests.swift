import CallEvents
import Randomness
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

    /// INVITEs that are sent, answered and sent again in any order, against a dictionary, where none share a place.
    @Test(arguments: Seeds.of(1, 2)) func likeADictionary(seed: UInt64) {
        struct Transaction: Hashable {
            var low: UInt64
            var sequence: UInt32
        }
        var random = SeededGenerator(seed: seed)
        var invites = OpenInvites()
        var plain: [Transaction: (branch: UInt64, isOpen: Bool)] = [:]
        for step in 0..<4_000 {
            // Every other place: the one beside it is where a second INVITE of the same place would go.
            let place = Transaction(
                low: 2 * .random(in: 0..<6, using: &random), sequence: 1)
            let key = CallKey(high: 9 << 40, low: place.low)
            let branch = 2 * UInt64.random(in: 1...3, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                invites.open(key, sequence: place.sequence, branch: branch)
                if plain[place]?.branch != branch { plain[place] = (branch, true) }
            case 1:
                // A final answer without a branch is the answer all the same.
                let answered = Bool.random(using: &random) ? branch : 0
                invites.close(key, sequence: place.sequence, branch: answered)
                if answered == 0 || plain[place]?.branch == answered { plain[place]?.isOpen = false }
            default: invites = OpenInvites(invites.columns) ?? invites
            }
            let known = plain[place]
            #expect(invites.knows(key, sequence: place.sequence) == (known != nil), "seed \(seed), step \(step)")
            let open = known?.isOpen == true ? known?.branch : nil
            #expect(invites.branch(key, sequence: place.sequence) == open, "seed \(seed), step \(step)")
            #expect(!invites.knows(key, sequence: place.sequence + 1))
        }
    }
}
