/// An answered call as an agent tells it: times in seconds.
struct HEPDialog {
    var caller: [UInt8] = [198, 51, 100, 101]
    var switchHost: [UInt8] = [192, 0, 2, 1]
    var callID = "dialog"
    var transport: UInt8 = 17
    var agent: UInt32 = 2_001

    /// INVITE, 180, 200, ACK, BYE and its 200, each with the time of its stamp; nil: it does not come.
    func packets(invite: Double, ring: Double, answer: Double, end: Double?) -> [(seconds: Double, packet: HEPPacket)] {
        var packets = [
            (invite, packet(invite, fromCaller: true, "INVITE sip:4930@192.0.2.1 SIP/2.0", "1 INVITE", "i")),
            (ring, packet(ring, fromCaller: false, "SIP/2.0 180 Ringing", "1 INVITE", "i", isInDialog: true)),
            (answer, packet(answer, fromCaller: false, "SIP/2.0 200 OK", "1 INVITE", "i", isInDialog: true)),
            (
                answer + 0.03,
                packet(
                    answer + 0.03, fromCaller: true, "ACK sip:4930@192.0.2.1 SIP/2.0", "1 ACK", "a", isInDialog: true)
            ),
        ]
        if let end {
            packets += [
                (end, packet(end, fromCaller: true, "BYE sip:4930@192.0.2.1 SIP/2.0", "2 BYE", "b", isInDialog: true)),
                (end + 0.02, packet(end + 0.02, fromCaller: false, "SIP/2.0 200 OK", "2 BYE", "b", isInDialog: true)),
            ]
        }
        return packets
    }

    private func packet(
        _ seconds: Double, fromCaller: Bool, _ first: String, _ sequence: String, _ branch: String,
        isInDialog: Bool = false
    ) -> HEPPacket {
        let micros = Int64((seconds * 1_000_000).rounded())
        return HEPPacket(
            source: fromCaller ? caller : switchHost, destination: fromCaller ? switchHost : caller,
            seconds: UInt32(micros / 1_000_000), microseconds: UInt32(micros % 1_000_000), transport: transport,
            agent: agent,
            payload: [
                first, "Via: SIP/2.0/UDP 198.51.100.101:5060;branch=z9hG4bK\(callID)\(branch)",
                "From: <sip:15550100@198.51.100.101>;tag=fa",
                "To: <sip:4930@192.0.2.1>" + (isInDialog ? ";tag=tb" : ""), "Call-ID: \(callID)",
                "CSeq: \(sequence)", "Content-Length: 0", "", "",
            ].joined(separator: "\r\n"))
    }
}
