// What has changed in a chunk since something of it was cached: the logs of the customers and the windows, by number.

import Columnar

/// The versions of all logs of a chunk at one instant, by the logs' numbers.
typealias LogVersions = SIMD8<UInt64>

extension Dependency {
    /// The number of the log that records its changes; nil where there is none.
    var log: Int? {
        switch self {
        case .customers: 0
        case .active: 1
        case .window(let window): 2 + window.rawValue
        case .lastCall, .peaks, .warnings, .unknown: nil
        }
    }
}

extension Set<Dependency> {
    /// The logs that record all their changes, and that of the stored fields, with which rows come and go; nil where
    /// some have none.
    var logs: [Int]? {
        var logs: Set<Int> = [0]
        for dependency in self {
            guard let log = dependency.log else { return nil }
            logs.insert(log)
        }
        return logs.sorted()
    }
}

extension NumberSource {
    /// The log and field that record changes of its values row by row; nil where none does.
    var delta: (log: Int, field: Int)? {
        switch self {
        case .credit: (0, 0)
        case .input(.active, _): (1, 0)
        case .input(.inboundActive, _): (1, 1)
        case .input(.counter(let field), let window): (2 + window.rawValue, field.rawValue)
        case .input(.sum(let field), let window): (2 + window.rawValue, CounterField.count + field.rawValue)
        default: nil
        }
    }
}

extension EngineState {
    /// All logs, by their numbers.
    var deltaLogs: [DeltaLog] {
        [customers.fieldDeltas, customers.activeDeltas] + timeline.sliding.map(\.deltas) + [timeline.all.deltas]
    }

    /// Changes of what a query reads are recorded from now on, for it may come again.
    mutating func retainDeltas(_ plan: BoardPlan) {
        customers.retainDeltas()
        for window in Window.allCases where plan.reads({ $1 == window }) {
            if window == .all { timeline.all.retainDeltas() } else { timeline.sliding[window.rawValue].retainDeltas() }
        }
    }
}

extension [DeltaLog] {
    func versions(chunk: Int) -> LogVersions {
        var versions = LogVersions()
        for number in indices { versions[number] = self[number].version(chunk: chunk) }
        return versions
    }

    /// Whether all changes of a chunk since `versions` are known from some of the logs.
    func know(_ numbers: [Int], chunk: Int, since versions: LogVersions) -> Bool {
        numbers.allSatisfy { self[$0].knows(chunk: chunk, since: versions[$0]) }
    }

    /// Sets the bits of a chunk's rows that have changed since `versions` in any of some logs, and returns how many are
    /// set; nil if a log does not reach back that far.
    func mark(
        _ numbers: [Int], chunk: Int, since versions: LogVersions, into words: UnsafeMutableBufferPointer<UInt64>
    ) -> Int? {
        words.update(repeating: 0)
        for number in numbers where self[number].version(chunk: chunk) != versions[number] {
            guard let deltas = self[number].deltas(chunk: chunk, since: versions[number]) else { return nil }
            for delta in deltas {
                let index = Int(delta.row) % ChunkSize.rows
                words[index >> 6] |= 1 << UInt64(index & 63)
            }
        }
        return Kernel.count(selected: UnsafeBufferPointer(words))
    }
}
