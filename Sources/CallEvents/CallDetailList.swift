/// The details of some calls of a batch, packed one after the other (`PackedCallDetails`): no separate texts for each
/// call.
public struct CallDetailList: Equatable, Sendable {
    /// In `detail` columns: the row has no details.
    public static let none = UInt32.max

    public private(set) var bytes: [UInt8] = []
    /// Where each call's details end in `bytes`.
    private var ends: [UInt32] = []

    public init() {}

    public var count: Int { ends.count }
    public var isEmpty: Bool { ends.isEmpty }
    public var byteSize: Int { bytes.capacity + ends.capacity * 4 }

    public subscript(index: Int) -> CallDetails { PackedCallDetails.read(bytes.span, range(index)) }

    /// Where an entry's packed details are in `bytes`.
    public func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    public mutating func removeAll(keepingCapacity: Bool = false) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        ends.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Appends details whose texts are ranges of these bytes; texts that are too long are truncated.
    /// - Returns: their value for a `detail` column; `none` if there are no details or the list is full (2 GB).
    public mutating func append(
        _ texts: Span<UInt8>, callID: Range<Int> = 0..<0, calling: Range<Int> = 0..<0, called: Range<Int> = 0..<0,
        reason: Range<Int> = 0..<0, source: IPAddress? = nil, destination: IPAddress? = nil, fromTag: UInt32 = 0,
        clockCorrectedMillis: Int32 = 0
    ) -> UInt32 {
        let start = bytes.count
        let isEmpty = callID.isEmpty && calling.isEmpty && called.isEmpty && reason.isEmpty
        if isEmpty && source == nil && destination == nil || start > Int(Int32.max) { return Self.none }
        bytes.append(PackedCallDetails.flags(source, destination, fromTag, clockCorrectedMillis))
        for _ in 0..<4 { bytes.append(0) }
        PackedCallDetails.append(source, to: &bytes)
        PackedCallDetails.append(destination, to: &bytes)
        PackedCallDetails.append(fromTag, to: &bytes)
        PackedCallDetails.append(UInt32(bitPattern: clockCorrectedMillis), to: &bytes)
        // Most rows tell two of these.
        if !callID.isEmpty { bytes[start + 1] = appendText(texts, callID, limit: CallDetailLimits.callIDBytes) }
        if !calling.isEmpty { bytes[start + 2] = appendText(texts, calling, limit: CallDetailLimits.numberBytes) }
        if !called.isEmpty { bytes[start + 3] = appendText(texts, called, limit: CallDetailLimits.numberBytes) }
        if !reason.isEmpty { bytes[start + 4] = appendText(texts, reason, limit: CallDetailLimits.reasonBytes) }
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        return UInt32(truncatingIfNeeded: ends.count - 1)
    }

    /// Appends the details at an index of another list.
    public mutating func append(_ index: Int, of other: CallDetailList) -> UInt32 {
        append(packed: other.bytes[other.range(index)])
    }

    /// The details at these indices, and their indices in the new list; `none` stays `none`.
    public func part(_ indices: ArraySlice<UInt32>) -> (CallDetailList, indices: [UInt32]) {
        var part = CallDetailList()
        var places: [UInt32] = []
        places.reserveCapacity(indices.count)
        var at = indices.startIndex
        while at < indices.endIndex {
            let first = indices[at]
            // Details are mostly in the order of their calls, and are copied in one piece.
            var stop = at + 1
            if first == Self.none {
                places.append(Self.none)
            } else {
                while stop < indices.endIndex, indices[stop] == first &+ UInt32(truncatingIfNeeded: stop - at) {
                    stop += 1
                }
                part.append(Int(first)..<Int(first) + (stop - at), of: self, &places)
            }
            at = stop
        }
        return (part, places)
    }

    private mutating func append(_ run: Range<Int>, of other: CallDetailList, _ places: inout [UInt32]) {
        let piece = other.range(run.lowerBound).lowerBound..<Int(other.ends[run.upperBound - 1])
        let shift = bytes.count - piece.lowerBound
        bytes.append(contentsOf: other.bytes[piece])
        for index in run {
            places.append(UInt32(truncatingIfNeeded: ends.count))
            ends.append(UInt32(truncatingIfNeeded: Int(other.ends[index]) + shift))
        }
    }

    /// Appends details that are already packed.
    /// - Precondition: `packed` holds one call's packed details.
    public mutating func append(packed: some Collection<UInt8>) -> UInt32 {
        if bytes.count > Int(Int32.max) { return Self.none }
        bytes.append(contentsOf: packed)
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        return UInt32(truncatingIfNeeded: ends.count - 1)
    }

    /// Appends details given as separate texts.
    public mutating func append(_ details: CallDetails) -> UInt32 {
        var texts = Array(details.callID.utf8)
        let callID = 0..<texts.count
        texts.append(contentsOf: details.calling.utf8)
        let calling = callID.upperBound..<texts.count
        texts.append(contentsOf: details.called.utf8)
        let called = calling.upperBound..<texts.count
        texts.append(contentsOf: details.reason.utf8)
        return append(
            texts.span, callID: callID, calling: calling, called: called,
            reason: called.upperBound..<texts.count, source: details.source, destination: details.destination,
            fromTag: details.fromTag, clockCorrectedMillis: details.clockCorrectedMillis)
    }

    /// - Returns: its length, at most 255.
    private mutating func appendText(_ texts: Span<UInt8>, _ range: Range<Int>, limit: Int) -> UInt8 {
        if range.count <= limit {
            texts.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            return UInt8(truncatingIfNeeded: range.count)
        }
        // Truncated at a character boundary, and marked by an ellipsis of three bytes.
        var end = range.lowerBound + limit - 3
        while end > range.lowerBound && texts[end] & 0xC0 == 0x80 { end -= 1 }
        texts.extracting(range.lowerBound..<end).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\u{2026}".utf8)
        return UInt8(truncatingIfNeeded: end - range.lowerBound + 3)
    }
}
