// HEP packets of whole calls, as a proxy mirrors the customer's leg: INVITE, 100, 180, 200, ACK, BYE and its answer.

/// A packet made once a shape; what differs from call to call (Call-ID, tags, branch, address, called number, time) is
/// written over in place, so that sending is not what is measured.
struct Packets {
    /// Seven packets, each with the places of its variables.
    private struct Shape {
        var bytes: [UInt8]
        /// Where eight hexadecimal digits of the call's number stand.
        var numbers: [Int] = []
        /// Where six decimal digits of the customer stand: the beginning of the called number.
        var prefixes: [Int] = []
        /// Where the last three bytes of the customer's address stand.
        var customer: Int
        /// Where seconds and microseconds stand.
        var time: Int
    }

    private var shapes: [Shape] = []
    static let perCall = 7

    init() {
        let head = "From: <sip:1000@example.net>;tag=f@@@@@@@@\r\nTo: <sip:%%%%%%4420@example.com>"
        let tail = "\r\nCall-ID: c@@@@@@@@@gateway.example.net\r\nCSeq: 1 "
        let via = "Via: SIP/2.0/UDP 10.1.2.3:5060;branch=z9hG4bK"
        let media = "c=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8 101\r\n"
        let sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n" + media
        func message(_ start: String, _ branch: String, _ tag: Bool, _ cseq: String, body: String = "") -> String {
            start + "\r\n" + via + branch + "@@@@@@@@\r\nMax-Forwards: 70\r\n" + head + (tag ? ";tag=t@@@@@@@@" : "")
                + tail + cseq + "\r\nContact: <sip:10.1.2.3:5060>\r\nUser-Agent: benchmark\r\nContent-Length: "
                + "\(body.utf8.count)\r\n\r\n" + body
        }
        let messages: [(isUp: Bool, text: String)] = [
            (true, message("INVITE sip:%%%%%%4420@192.0.2.1 SIP/2.0", "i", false, "INVITE", body: sdp)),
            (false, message("SIP/2.0 100 Trying", "i", false, "INVITE")),
            (false, message("SIP/2.0 180 Ringing", "i", true, "INVITE")),
            (false, message("SIP/2.0 200 OK", "i", true, "INVITE", body: sdp)),
            (true, message("ACK sip:%%%%%%4420@192.0.2.1 SIP/2.0", "a", true, "ACK")),
            (true, message("BYE sip:%%%%%%4420@192.0.2.1 SIP/2.0", "b", true, "BYE")),
            (false, message("SIP/2.0 200 OK", "b", true, "BYE")),
        ]
        shapes = messages.map { Packets.shape($0.text, isUp: $0.isUp) }
    }

    private static func shape(_ text: String, isUp: Bool) -> Shape {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
        }
        func chunk(_ type: Int, _ body: [UInt8]) -> [UInt8] { number(type, 4) + number(body.count + 6, 2) + body }
        let ours: [UInt8] = [192, 0, 2, 1]
        let theirs: [UInt8] = [10, 0, 0, 0]
        var body = chunk(1, [2]) + chunk(2, [17])
        body += chunk(isUp ? 3 : 4, theirs)
        let customer = 6 + body.count - 3
        body += chunk(isUp ? 4 : 3, ours) + chunk(7, number(5_060, 2)) + chunk(8, number(5_060, 2))
        let time = 6 + body.count + 6
        body += chunk(9, number(0, 4)) + chunk(10, number(0, 4)) + chunk(11, [1]) + chunk(12, number(2_001, 4))
        body += chunk(15, Array(text.utf8))
        var shape = Shape(
            bytes: Array("HEP3".utf8) + number(body.count + 6, 2) + body, customer: customer, time: time)
        var place = 0
        let mark = UInt8(ascii: "@")
        while place + 8 <= shape.bytes.count {
            if shape.bytes[place..<place + 8].allSatisfy({ $0 == mark }) {
                shape.numbers.append(place)
                place += 8
            } else if shape.bytes[place..<place + 6].allSatisfy({ $0 == UInt8(ascii: "%") }) {
                shape.prefixes.append(place)
                place += 6
            } else {
                place += 1
            }
        }
        return shape
    }

    /// The packet of one step of a call.
    /// - Parameters:
    ///   - customer: makes the number that is called.
    ///   - host: of the address that calls, 10.0.0.0 + host.
    mutating func packet(
        _ step: Int, call: UInt32, customer: UInt32, host: UInt32, micros: Int64,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        let digits = Array("0123456789abcdef".utf8)
        let shape = shapes[step]
        for place in shape.numbers {
            for digit in 0..<8 {
                shapes[step].bytes[place + digit] = digits[Int(call >> UInt32(28 - 4 * digit)) & 15]
            }
        }
        for place in shape.prefixes {
            var rest = customer
            for digit in (0..<6).reversed() {
                shapes[step].bytes[place + digit] = digits[Int(rest % 10)]
                rest /= 10
            }
        }
        for byte in 0..<3 {
            shapes[step].bytes[shape.customer + byte] = UInt8(truncatingIfNeeded: host >> UInt32(16 - 8 * byte))
        }
        let (seconds, rest) = (UInt32(micros / 1_000_000), UInt32(micros % 1_000_000))
        for byte in 0..<4 {
            shapes[step].bytes[shape.time + byte] = UInt8(truncatingIfNeeded: seconds >> UInt32(24 - 8 * byte))
            shapes[step].bytes[shape.time + 10 + byte] = UInt8(truncatingIfNeeded: rest >> UInt32(24 - 8 * byte))
        }
        shapes[step].bytes.withUnsafeBytes(body)
    }
}
