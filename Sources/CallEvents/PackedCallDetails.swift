// One call's details as bytes, the same in batches, in the board's memory and in saved tables:
//
//     flags (1)   lengths of Call-ID, calling, called, reason (1 each)
//     source (0, 4, 16)   destination (0, 4, 16)   From tag (0, 4)   clock (0, 4)   texts
//
// The reason is last because it becomes known last.

public enum PackedCallDetails {
    private static let sourceV4: UInt8 = 1
    private static let sourceV6: UInt8 = 2
    private static let destinationV4: UInt8 = 4
    private static let destinationV6: UInt8 = 8
    /// The reason came with the end of an answered call, not with a failure.
    public static let reasonOfEnd: UInt8 = 16
    /// The details contain a hash of the From tag (`FromTag`).
    private static let fromTag: UInt8 = 32
    /// Its times were corrected for its agent's clock (`CallDetails.clockCorrectedMillis`).
    private static let clock: UInt8 = 64
    private static let headerBytes = 5

    static func flags(_ source: IPAddress?, _ destination: IPAddress?, _ fromTag: UInt32, _ clock: Int32) -> UInt8 {
        (fromTag == 0 ? 0 : Self.fromTag) | (clock == 0 ? 0 : Self.clock)
            | (source.map { $0.isV4 ? sourceV4 : sourceV6 } ?? 0)
            | (destination.map { $0.isV4 ? destinationV4 : destinationV6 } ?? 0)
    }

    static func append(_ address: IPAddress?, to bytes: inout [UInt8]) {
        guard let address else { return }
        if address.isV4 {
            append(UInt64(truncatingIfNeeded: address.low & 0xFFFF_FFFF), count: 4, to: &bytes)
        } else {
            append(address.high, count: 8, to: &bytes)
            append(address.low, count: 8, to: &bytes)
        }
    }

    /// Appends a number that is there unless it is 0.
    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        if value != 0 { append(UInt64(value), count: 4, to: &bytes) }
    }

    private static func append(_ value: UInt64, count: Int, to bytes: inout [UInt8]) {
        for place in stride(from: count - 1, through: 0, by: -1) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place)))
        }
    }

    private static func partBytes(_ flags: UInt8) -> (source: Int, destination: Int, fromTag: Int, clock: Int) {
        (
            flags & sourceV4 != 0 ? 4 : flags & sourceV6 != 0 ? 16 : 0,
            flags & destinationV4 != 0 ? 4 : flags & destinationV6 != 0 ? 16 : 0,
            flags & fromTag != 0 ? 4 : 0, flags & clock != 0 ? 4 : 0
        )
    }

    /// Bytes of the details that begin here; nil: they are incomplete.
    public static func length(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start >= 0, start <= bytes.count - headerBytes else { return nil }
        let parts = partBytes(bytes[start])
        var length = headerBytes + parts.source + parts.destination + parts.fromTag + parts.clock
        for place in 1...4 { length += Int(bytes[start + place]) }
        return length <= bytes.count - start ? length : nil
    }

    /// The range of the whole Call-ID in the details that begin here; nil: they have none, or a truncated one, which
    /// several calls may share.
    public static func callID(_ bytes: Span<UInt8>, at start: Int) -> Range<Int>? {
        guard length(bytes, at: start) != nil else { return nil }
        let callID = Parts(bytes, at: start).callID
        if callID.isEmpty || callID.count >= CallDetailLimits.callIDBytes - 3 { return nil }
        return callID
    }

    /// - Precondition: `range` holds one call's packed details.
    public static func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> CallDetails {
        let parts = Parts(bytes, at: range.lowerBound)
        return CallDetails(
            callID: text(bytes, parts.callID), calling: text(bytes, parts.calling), called: text(bytes, parts.called),
            reason: text(bytes, parts.reason), source: address(bytes, parts.source),
            destination: address(bytes, parts.destination), fromTag: number(bytes, parts.fromTag),
            clockCorrectedMillis: Int32(bitPattern: number(bytes, parts.clock)))
    }

    /// The hash of the From tag in the details that begin here; 0: unknown.
    public static func fromTag(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
        length(bytes, at: start) == nil ? 0 : number(bytes, Parts(bytes, at: start).fromTag)
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
        var value: UInt32 = 0
        for index in range { value = value << 8 | UInt32(bytes[index]) }
        return value
    }

    /// Merges two reports of one call: the first value wins, except for the reason, where the last one does.
    /// - Parameter isOfEnd: whether `new` came with the end of an answered call.
    /// - Precondition: both hold one call's packed details; `old` may be empty.
    public static func merge(_ old: [UInt8], _ new: [UInt8], isOfEnd: Bool) -> [UInt8] {
        let newParts = Parts(new.span, at: 0)
        var result: [UInt8]
        if old.isEmpty {
            result = new
        } else {
            let oldParts = Parts(old.span, at: 0)
            func choose(_ part: KeyPath<Parts, Range<Int>>) -> ArraySlice<UInt8> {
                oldParts[keyPath: part].isEmpty ? new[newParts[keyPath: part]] : old[oldParts[keyPath: part]]
            }
            let (source, destination, fromTag) = (choose(\.source), choose(\.destination), choose(\.fromTag))
            let clock = choose(\.clock)
            let (callID, calling, called) = (choose(\.callID), choose(\.calling), choose(\.called))
            let reason = newParts.reason.isEmpty ? old[oldParts.reason] : new[newParts.reason]
            var flags = newParts.reason.isEmpty ? old[0] & reasonOfEnd : 0
            flags |= source.count == 4 ? sourceV4 : source.isEmpty ? 0 : sourceV6
            flags |= destination.count == 4 ? destinationV4 : destination.isEmpty ? 0 : destinationV6
            flags |= (fromTag.isEmpty ? 0 : Self.fromTag) | (clock.isEmpty ? 0 : Self.clock)
            result = [flags] + [callID, calling, called, reason].map { UInt8(truncatingIfNeeded: $0.count) }
            for part in [source, destination, fromTag, clock, callID, calling, called, reason] {
                result.append(contentsOf: part)
            }
        }
        if isOfEnd && !newParts.reason.isEmpty { result[0] |= reasonOfEnd }
        return result
    }

    /// The details without a prefix of the called number, such as a tech prefix. Another number stays unchanged.
    /// - Precondition: `packed` holds one call's packed details.
    public static func withoutCalledPrefix(_ packed: [UInt8], _ prefix: [UInt8]) -> [UInt8] {
        let called = Parts(packed.span, at: 0).called
        guard packed[called].starts(with: prefix) else { return packed }
        var result = packed
        result.removeSubrange(called.lowerBound..<called.lowerBound + prefix.count)
        result[3] -= UInt8(prefix.count)
        return result
    }

    /// Whether both have the same called number.
    public static func haveSameCalled(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one[Parts(one.span, at: 0).called] == other[Parts(other.span, at: 0).called]
    }

    /// Whether there is a reason that came with a failure.
    public static func hasFailure(_ packed: ArraySlice<UInt8>) -> Bool {
        let start = packed.startIndex
        return packed.count > headerBytes && packed[start] & reasonOfEnd == 0 && packed[start + 4] > 0
    }

    /// The details without a reason that came with a failure: the call was answered after all.
    public static func withoutFailure(_ packed: [UInt8]) -> [UInt8] {
        guard hasFailure(packed[...]) else { return packed }
        var result = packed
        result.removeLast(Int(packed[4]))
        result[4] = 0
        return result
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The address in a part; nil: none.
    public static func address(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
        func number(_ range: Range<Int>) -> UInt64 {
            var value: UInt64 = 0
            for index in range { value = value << 8 | UInt64(bytes[index]) }
            return value
        }
        switch range.count {
        case 4: return IPAddress(v4: UInt32(truncatingIfNeeded: number(range)))
        case 16:
            let middle = range.lowerBound + 8
            return IPAddress(high: number(range.lowerBound..<middle), low: number(middle..<range.upperBound))
        default: return nil
        }
    }

    /// Where the parts lie of the details that begin at a place.
    /// - Precondition: they are whole.
    public static func parts(_ bytes: Span<UInt8>, at start: Int) -> Parts { Parts(bytes, at: start) }

    /// Ranges of bytes; empty: it is not told.
    public struct Parts {
        public let source: Range<Int>
        public let destination: Range<Int>
        let fromTag: Range<Int>
        let clock: Range<Int>
        public let callID: Range<Int>
        public let calling: Range<Int>
        public let called: Range<Int>
        public let reason: Range<Int>

        fileprivate init(_ bytes: Span<UInt8>, at start: Int) {
            let lengths = PackedCallDetails.partBytes(bytes[start])
            let sourceStart = start + PackedCallDetails.headerBytes
            source = sourceStart..<sourceStart + lengths.source
            destination = source.upperBound..<source.upperBound + lengths.destination
            fromTag = destination.upperBound..<destination.upperBound + lengths.fromTag
            clock = fromTag.upperBound..<fromTag.upperBound + lengths.clock
            callID = clock.upperBound..<clock.upperBound + Int(bytes[start + 1])
            calling = callID.upperBound..<callID.upperBound + Int(bytes[start + 2])
            called = calling.upperBound..<calling.upperBound + Int(bytes[start + 3])
            reason = called.upperBound..<called.upperBound + Int(bytes[start + 4])
        }
    }
}
