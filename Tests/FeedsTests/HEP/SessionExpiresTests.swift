// Session-Expires (RFC 4028) in answers within a call, and in the requests for these.

import CallEvents
import Testing

@testable import Feeds

@Suite struct SessionExpiresTests {
    private var feed = HEPFeed(hashSeed: HashSeed(first: 3, second: 4), authKey: nil)

    private mutating func observe(_ message: MessageBuilder) -> CallEventBatch {
        feed.receive(PacketBuilder(message.text).bytes().span.bytes, arrivalMicros: 7)
        #expect(feed.counters.errors == 0)
        return feed.take()
    }

    @Test(arguments: [
        ("Session-Expires: 1800;refresher=uac", 1_800), ("x: 90", 90), ("X : 90 ; refresher=uas", 90),
        ("SESSION-EXPIRES:\r\n 3600", 3_600), ("Session-Expires: 99999999999", Int(UInt32.max) - 1),
        ("Session-Expires: 0", 0), ("Session-Expires: soon", 0), ("Session-Expires:", 0), ("Session-Expires: 18x", 0),
        ("Session-Expiry: 1800", 0), ("Min-SE: 90", 0),
    ])
    mutating func intervals(line: String, seconds: Int) {
        let answer = observe(.response("200 OK").adding(line))
        #expect(answer.kind == (seconds == 0 ? [.answer] : [.answer, .refresh]), "\(line)")
        guard seconds != 0 else { return }
        #expect(answer.sequence[1] == UInt32(seconds), "\(line)")
        #expect(answer.transaction[1].dialog == answer.transaction[0].dialog && answer.transaction[1].branch == 0)
    }

    @Test mutating func refreshes() {
        let line = "Session-Expires: 1800;refresher=uac"
        let dialog = observe(.response("200 OK")).transaction[0].dialog
        let update = observe(.response("200 OK", to: "UPDATE").adding(line))
        #expect(update.kind == [.refresh] && update.sequence == [1_800] && update.transaction[0].dialog == dialog)
        let off = observe(.response("200 OK", to: "UPDATE"))
        #expect(off.kind == [.refresh] && off.sequence == [0])
        for method in ["UPDATE", "INVITE"] {
            let request = observe(MessageBuilder(method, toTag: "8321").adding(line))
            #expect(request.kind == [.refresh] && request.sequence == [CallEventBatch.refreshAsked])
            #expect(request.transaction[0].dialog == dialog)
            #expect(observe(MessageBuilder(method, toTag: "8321")).count == 0, "nothing of a session")
            // Of the called side.
            let other = observe(MessageBuilder(method, fromTag: "8321", toTag: "1928").adding(line))
            #expect(other.transaction[0].dialog == dialog)
        }
        #expect(observe(MessageBuilder().adding(line)).kind == [.setup], "what a caller wishes")
        #expect(observe(MessageBuilder("UPDATE").adding(line)).count == 0, "of no dialog")
        #expect(observe(.response("422 x", to: "UPDATE").adding(line)).count == 0)
        #expect(observe(.response("183 x").adding(line)).kind == [.ring])
        #expect(observe(.response("200 OK", toTag: nil).adding(line)).kind == [.answer], "RFC 2543 has no tags")
    }
}
