// A tech prefix identifies the customer and is not part of the called number: it is removed where a call is attributed
// by it, so that no reader of details sees it. Calls of other customers cost nothing.

import CallEvents

extension Party {
    /// The first `count` bytes of the called number.
    func calledStart(_ count: UInt16) -> [UInt8] {
        count == 0 ? [] : Array((claims?.called ?? "").utf8.prefix(Int(count)))
    }
}

extension EngineState {
    /// The tech prefix of a set-up that identified its customer; nil: none.
    func techPrefix(_ batch: CallEventBatch, _ index: Int, _ pass: borrowing EventPass) -> [UInt8]? {
        let kind = batch.kind[index]
        guard kind == .setup || kind == .setupUntimed, Int(batch.party[index]) < pass.senders.count else {
            return nil
        }
        let party = Int(batch.party[index])
        let count = pass.senders[party].prefixBytes
        return count == 0 ? nil : batch.parties[party].calledStart(count)
    }

    /// The details of a set-up beside the known ones of its call, both without the prefix. The known ones may come from
    /// an attempt that was unattributed then.
    static func withoutPrefix(_ prefix: [UInt8], old: [UInt8], new: [UInt8]) -> (old: [UInt8], new: [UInt8]) {
        let stripped = PackedCallDetails.withoutCalledPrefix(new, prefix)
        let isSame = !old.isEmpty && PackedCallDetails.haveSameCalled(old, new)
        return (isSame ? PackedCallDetails.withoutCalledPrefix(old, prefix) : old, stripped)
    }
}

extension CallRecordBatch {
    /// The batch with its details stripped of tech prefixes.
    /// - Parameter prefixes: by party, where there is one.
    func withoutTechPrefixes(_ prefixes: [Int: [UInt8]]) -> CallRecordBatch {
        var result = self
        result.details = CallDetailList()
        for row in detail.indices where detail[row] < details.count {
            let packed = Array(details.bytes[details.range(Int(detail[row]))])
            let prefix = row < party.count ? prefixes[Int(party[row])] : nil
            result.detail[row] = result.details.append(
                packed: prefix.map { PackedCallDetails.withoutCalledPrefix(packed, $0) } ?? packed)
        }
        return result
    }
}
