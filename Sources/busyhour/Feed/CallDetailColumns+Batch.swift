import CallEvents
import Wire

extension CallDetailColumns {
    /// Those of a part of a batch.
    init(_ details: CallDetailList, _ detail: [UInt32], _ range: Range<Int>) {
        self.init()
        for row in range where row < detail.count && detail[row] < details.count {
            append(details[Int(detail[row])], row: row - range.lowerBound)
        }
        if fromTag.allSatisfy({ $0 == 0 }) { fromTag = [] }
    }

    private mutating func append(_ details: CallDetails, row: Int) {
        self.row.append(UInt32(row))
        for text in [details.callID, details.calling, details.called, details.reason] {
            texts.append(contentsOf: text.utf8)
            textEnd.append(UInt32(texts.count))
        }
        append(details.source, to: &source)
        append(details.destination, to: &destination)
        fromTag.append(details.fromTag)
    }

    private func append(_ address: IPAddress?, to column: inout [UInt8]) {
        for word in [address?.high ?? 0, address?.low ?? 0] {
            for place in stride(from: 56, through: 0, by: -8) {
                column.append(UInt8(truncatingIfNeeded: word >> UInt64(place)))
            }
        }
    }
}
