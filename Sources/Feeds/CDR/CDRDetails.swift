import CallEvents

/// The positions in a row of the fields that find its call on the switch. They may have other uses, too (`CDRLayout`).
struct CDRDetailPlaces: Sendable {
    private let callID: [Int]
    private let calling: [Int]
    private let called: [Int]
    private let reason: [Int]
    private let source: [Int]
    private let destination: [Int]
    private let fromTag: [Int]

    /// Names by their meaning, the best first: a Call-ID before an id that only the product knows.
    init(names: [String], for format: CDRFormat) {
        let names = names.map { $0.lowercased() }
        func places(_ wanted: [String]) -> [Int] { wanted.compactMap { names.firstIndex(of: $0) } }
        let isCGRateS = format == .cgratesCSV || format == .cgratesJSON
        callID = places(["sip_call_id", "call_id", "callid", "originid", "uuid", "uniqueid", "id"])
        calling = places(["calling", "caller_id_number", "src", "src_user", "sip_from_user", "ani", "caller"])
        called = places(
            ["called", "destination_number", "sip_req_user", "sip_to_user", "dst", "dst_ouser", "dst_user"]
                + (isCGRateS ? ["destination"] : []))
        reason = places(["reason", "sip_reason", "hangup_cause", "disconnectcause", "disposition"])
        source = places(["source", "source_ip", "src_ip", "ip", "sip_network_ip", "sip_received_ip", "network_addr"])
        destination = places((isCGRateS ? [] : ["destination"]) + ["destination_ip", "dst_ip"])
        fromTag = places(["sip_from_tag", "from_tag", "fromtag"])
    }

    private static func hash(_ tag: String) -> UInt32 {
        let bytes = Array(tag.utf8)
        return FromTag.hash(bytes.span, 0..<bytes.count)
    }

    /// Like `details`, but appended to a list straight from the row's bytes: no string is made.
    func append(_ line: Span<UInt8>, _ fields: [CDRField], to list: inout CallDetailList) -> UInt32 {
        func field(_ places: [Int]) -> CDRField {
            for place in places where place < fields.count && !fields[place].isEmpty { return fields[place] }
            return .empty
        }
        let (callID, calling, called) = (field(callID), field(calling), field(called))
        let fromTag = field(fromTag)
        var reason = field(reason)
        if callID.hasDoubledQuotes || calling.hasDoubledQuotes || called.hasDoubledQuotes || reason.hasDoubledQuotes
            || fromTag.hasDoubledQuotes
        {
            return list.append(details(line, fields))
        }
        // A number is the code, which has a column of its own.
        if (reason.start..<max(reason.start, reason.end)).allSatisfy({ line[$0].isDigit }) { reason = .empty }
        return list.append(
            line, callID: callID.range, calling: calling.range, called: called.range, reason: reason.range,
            source: CDRReader.address(line, field(source)), destination: CDRReader.address(line, field(destination)),
            fromTag: FromTag.hash(line, fromTag.range))
    }

    /// The fields that state a call's destination.
    var targets: [Int] { called + destination }

    /// The row's details. An invalid address is left out: `CDRReader.party` refuses the one that matters.
    func details(_ line: Span<UInt8>, _ fields: [CDRField]) -> CallDetails {
        func text(_ places: [Int]) -> String {
            guard let place = places.first(where: { $0 < fields.count && !fields[$0].isEmpty }) else { return "" }
            return CDRReader.text(line, fields[place])
        }
        var reason = text(reason)
        // A number is the code, which has a column of its own.
        if reason.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { reason = "" }
        return CallDetails(
            callID: text(callID), calling: text(calling), called: text(called), reason: reason,
            source: CDRReader.address(text(source)), destination: CDRReader.address(text(destination)),
            fromTag: Self.hash(text(fromTag)))
    }
}
