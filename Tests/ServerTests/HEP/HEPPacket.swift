/// A HEP3 packet made by hand: one SIP message over UDP between two IPv4 addresses.
struct HEPPacket {
    var source: [UInt8] = [10, 0, 0, 1]
    var destination: [UInt8] = [10, 9, 9, 9]
    var seconds: UInt32
    var microseconds: UInt32 = 0
    var key: String?
    var transport: UInt8 = 17
    var agent: UInt32 = 1
    var payload: String

    var bytes: [UInt8] {
        var chunks: [UInt8] = []
        func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func chunk(_ type: UInt16, _ body: [UInt8]) {
            chunks += number(UInt16(0)) + number(type) + number(UInt16(body.count + 6)) + body
        }
        chunk(1, [2])
        chunk(2, [transport])
        chunk(3, source)
        chunk(4, destination)
        chunk(7, number(UInt16(5_060)))
        chunk(8, number(UInt16(5_060)))
        chunk(9, number(seconds))
        chunk(10, number(microseconds))
        chunk(11, [1])
        chunk(12, number(agent))
        if let key { chunk(14, Array(key.utf8)) }
        chunk(15, Array(payload.utf8))
        return Array("HEP3".utf8) + number(UInt16(chunks.count + 6)) + chunks
    }

    /// An INVITE that begins a call.
    static func invite(_ callID: String, seconds: UInt32, from source: [UInt8] = [10, 0, 0, 1]) -> HEPPacket {
        HEPPacket(
            source: source, seconds: seconds,
            payload: [
                "INVITE sip:4930@10.9.9.9 SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK\(callID)",
                "From: <sip:alice@10.0.0.1>;tag=\(callID)", "To: <sip:4930@10.9.9.9>", "Call-ID: \(callID)",
                "CSeq: 1 INVITE", "Content-Length: 0", "", "",
            ].joined(separator: "\r\n"))
    }
}
