import CallEvents

/// Collects events into a batch.
struct EventCollector {
    private(set) var batch = CallEventBatch()
    /// Where each event's row begins in the file.
    private(set) var offsets: [Int64] = []
    /// The lines of these rows.
    private(set) var lines: [UInt32] = []
    /// Offset of the row being read.
    var offset: Int64 = 0
    var line = 1
    private var indexOfParty: [CallKey: UInt32] = [:]

    func party(_ key: CallKey) -> UInt32? { indexOfParty[key] }

    mutating func add(_ party: Party, key: CallKey) -> UInt32 {
        let index = UInt32(truncatingIfNeeded: batch.parties.count)
        batch.parties.append(party)
        indexOfParty[key] = index
        return index
    }

    mutating func append(
        _ kind: CallEventKind, key: CallKey, timeMicros: Int64, party: UInt32 = CallEventBatch.noParty,
        sequence: UInt32 = 0, code: UInt16 = 0
    ) {
        offsets.append(offset)
        lines.append(UInt32(clamping: line))
        batch.append(kind, key: key, timeMicros: timeMicros, party: party, sequence: sequence, code: code)
    }

    /// Adds the details that find the call on the switch to the event that was appended last.
    mutating func describeLast(_ details: CallDetails) { batch.describeLast(batch.details.append(details)) }

    mutating func take() -> (CallEventBatch, offsets: [Int64]) {
        defer {
            batch = CallEventBatch()
            offsets = []
            lines = []
            indexOfParty.removeAll(keepingCapacity: true)
        }
        return (batch, offsets)
    }
}
