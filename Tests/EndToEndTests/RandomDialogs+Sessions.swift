// Dialogs with session timers (RFC 4028): refreshed by either side, by UPDATE or re-INVITE, of which one now and then
// is not mirrored.

import Randomness

extension RandomDialogs {
    /// Seconds that a dialog lives without a refresh; nil: it does not tell.
    mutating func session() -> Int? {
        Int.random(in: 0..<3, using: &generator) == 0
            ? [90, 300, 1_800, 7_200].randomElement(using: &generator) : nil
    }

    /// The refreshes of a dialog, each when half of its time is over.
    /// - Returns: when it ends: in time, or much later, for the last refreshes were not mirrored.
    mutating func keepAlive(_ dialog: Dialog, from answered: Int64, seconds: Int, _ host: Int) -> Int64 {
        var clock = answered
        var isLost = false
        for number in 0..<Int.random(in: 0...7, using: &generator) {
            clock += Int64(seconds) * 500_000 + Int64.random(in: 0...1_000_000, using: &generator)
            // One loss is made good by the next refresh.
            isLost = !isLost && Int.random(in: 0..<5, using: &generator) == 0
            if !isLost { refresh(dialog, clock, seconds, host, number: number) }
        }
        let longest = Int.random(in: 0..<6, using: &generator) == 0 ? 3 * 3_600 : seconds / 2
        return clock + Int64.random(in: 200_000...Int64(longest) * 1_000_000, using: &generator)
    }

    private mutating func refresh(_ dialog: Dialog, _ micros: Int64, _ seconds: Int, _ host: Int, number: Int) {
        let method = ["UPDATE", "INVITE"].randomElement(using: &generator) ?? "UPDATE"
        let isCaller = Bool.random(using: &generator)
        let (from, to) = isCaller ? ("constant", dialog.toTag) : (dialog.toTag, "constant")
        let name = ["Session-Expires:", "x:", "SESSION-EXPIRES :"].randomElement(using: &generator) ?? "x:"
        let elsewhere = Int.random(in: 0..<3, using: &generator) == 0 ? dialog.elsewhere(0) : dialog.address
        branch += 1
        for isAnswer in [false, true] {
            // Either of the two may be all that is heard; of a refresh the answer counts.
            if !isAnswer && Bool.random(using: &generator) { continue }
            let isFromCaller = isCaller != isAnswer
            add(
                dialog, micros + (isAnswer ? 40_000 : 0), isFromCaller ? elsewhere : dialog.host(host),
                isFromCaller ? dialog.host(host) : elsewhere,
                """
                \(isAnswer ? "SIP/2.0 200 OK" : "\(method) sip:x@y SIP/2.0")
                Via: SIP/2.0/UDP host;branch=z9hG4bKr\(branch)
                From: <sip:x@example.net>;tag=\(from)
                To: <sip:y@example.com>;tag=\(to)
                Call-ID: \(dialog.id)@gateway
                CSeq: \(100 + number) \(method)
                \(name) \(seconds) ;refresher=uas
                Content-Length: 0


                """)
        }
    }

    /// A stranger's message, by which the board sees what time it is.
    mutating func passTime(until micros: Int64) {
        add(
            Dialog(id: 0, toTag: "", caller: 0, sight: .one), micros, "203.0.113.200", "192.0.2.1",
            """
            INVITE sip:1@y SIP/2.0
            Via: SIP/2.0/UDP host;branch=z9hG4bKlast
            From: <sip:x@example.net>;tag=last
            To: <sip:y@example.com>
            Call-ID: last
            CSeq: 1 INVITE
            Content-Length: 0


            """)
    }
}
