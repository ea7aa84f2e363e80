/// The value of a From or To header: `"Display; <name>" <sip:user@host;uri-parameter>;tag=x` or `sip:user@host;tag=x`.
///
/// What stands in quotes is text, what stands in angle brackets belongs to the URI; the tag is a parameter behind both.
struct SIPAddress {
    /// Empty: none.
    var tag = 0..<0
    var user = 0..<0

    init(_ octets: Span<UInt8>, _ value: Range<Int>) {
        var index = value.lowerBound
        var uri = value
        var parameters = value.upperBound
        while index < value.upperBound {
            switch octets[index] {
            case .quote:
                index = SIPAddress.skipQuoted(octets, index, value.upperBound)
            case UInt8(ascii: "<"):
                var end = index + 1
                while end < value.upperBound && octets[end] != UInt8(ascii: ">") { end += 1 }
                uri = index + 1..<end
                parameters = min(end + 1, value.upperBound)
                index = value.upperBound
            case .semicolon:
                uri = value.lowerBound..<index
                parameters = index
                index = value.upperBound
            default:
                index += 1
            }
        }
        user = SIPAddress.user(octets, uri)
        readTag(octets, parameters..<value.upperBound)
    }

    private mutating func readTag(_ octets: Span<UInt8>, _ parameters: Range<Int>) {
        var index = parameters.lowerBound
        while index < parameters.upperBound {
            if octets[index] == .quote {
                index = SIPAddress.skipQuoted(octets, index, parameters.upperBound)
                continue
            }
            guard octets[index] == .semicolon else {
                index += 1
                continue
            }
            var end = index + 1
            while end < parameters.upperBound && octets[end] != .semicolon && octets[end] != UInt8(ascii: ",") {
                end += octets[end] == .quote ? SIPAddress.skipQuoted(octets, end, parameters.upperBound) - end : 1
            }
            if let value = SIPAddress.tagValue(octets, index + 1..<end) {
                tag = value
                return
            }
            index = end
        }
    }

    /// The value of a parameter if it is `tag`, blanks around the `=` or not.
    private static func tagValue(_ octets: Span<UInt8>, _ parameter: Range<Int>) -> Range<Int>? {
        var equals = parameter.lowerBound
        while equals < parameter.upperBound && octets[equals] != UInt8(ascii: "=") { equals += 1 }
        guard equals < parameter.upperBound else { return nil }
        guard octets.equals("tag", octets.trimmingBlanks(parameter.lowerBound..<equals)) else { return nil }
        return octets.trimmingBlanks(equals + 1..<parameter.upperBound)
    }

    /// The user of `sip:user:password@host`, or the number of `tel:`.
    private static func user(_ octets: Span<UInt8>, _ uri: Range<Int>) -> Range<Int> {
        var start = uri.lowerBound
        while start < uri.upperBound && octets[start] != .colon { start += 1 }
        guard start < uri.upperBound else { return 0..<0 }
        let scheme = octets.trimmingBlanks(uri.lowerBound..<start)
        start += 1
        var end = start
        while end < uri.upperBound && octets[end] != UInt8(ascii: "@") && octets[end] != .semicolon { end += 1 }
        let isTelephone = octets.equals("tel", scheme)
        guard isTelephone || end < uri.upperBound && octets[end] == UInt8(ascii: "@") else { return 0..<0 }
        for index in start..<end where octets[index] == .colon { return start..<index }
        return start..<end
    }

    /// The place behind a quoted text that begins here, or the end if it is not closed.
    private static func skipQuoted(_ octets: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start + 1
        while index < end {
            if octets[index] == UInt8(ascii: "\\") {
                index += 2
            } else if octets[index] == .quote {
                return index + 1
            } else {
                index += 1
            }
        }
        return end
    }
}
