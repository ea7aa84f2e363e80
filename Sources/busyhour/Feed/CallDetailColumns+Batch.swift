import CallEvents
import Wire

extension CallDetailColumns {
    /// Those of a part of a batch: its bytes, without texts between.
    init(_ details: CallDetailList, _ detail: [UInt32], _ range: Range<Int>) {
        self.init()
        let bytes = details.bytes.span
        for row in range.clamped(to: 0..<detail.count) where detail[row] < details.count {
            append(bytes, at: details.range(Int(detail[row])).lowerBound, row: row - range.lowerBound)
        }
        if fromTag.allSatisfy({ $0 == 0 }) { fromTag = [] }
    }

    private mutating func append(_ bytes: Span<UInt8>, at start: Int, row: Int) {
        let parts = PackedCallDetails.parts(bytes, at: start)
        self.row.append(UInt32(row))
        append(bytes, parts.callID)
        append(bytes, parts.calling)
        append(bytes, parts.called)
        append(bytes, parts.reason)
        append(PackedCallDetails.address(bytes, parts.source), to: &source)
        append(PackedCallDetails.address(bytes, parts.destination), to: &destination)
        fromTag.append(PackedCallDetails.fromTag(bytes, at: start))
    }

    private mutating func append(_ bytes: Span<UInt8>, _ text: Range<Int>) {
        if !text.isEmpty { bytes.extracting(text).withUnsafeBufferPointer { texts.append(contentsOf: $0) } }
        textEnd.append(UInt32(texts.count))
    }

    private func append(_ address: IPAddress?, to column: inout [UInt8]) {
        for word in [address?.high ?? 0, address?.low ?? 0] {
            // Eight bytes, the highest first.
            withUnsafeBytes(of: word.bigEndian) { column.append(contentsOf: $0) }
        }
    }
}
