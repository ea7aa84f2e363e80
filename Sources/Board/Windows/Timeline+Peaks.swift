// The busiest second of each customer in each window, computed on demand.

import Columnar

extension Timeline {
    /// Brings the peaks of a window up to date. Cost: none while nothing changed; else the customers, and the set-ups
    /// of the seconds that changed since they were last counted.
    mutating func refreshPeaks(_ window: Window) {
        guard peakIsStale[window.rawValue] else { return }
        peakIsStale[window.rawValue] = false
        var peaks = window == .all ? retiredPeaks : Column<Int32>()
        peaks.grow(to: rows)
        if window == .all {
            raiseToOne(&peaks, all.counts[CounterField.bids.rawValue])
        } else {
            raiseToOne(&peaks, sliding[window.rawValue].counts[CounterField.bids.rawValue])
        }
        if window == .oneDay {
            for slot in slots.values {
                for peak in slot.peaks { raise(&peaks, peak) }
            }
        }
        for second in recentSeconds(of: window) {
            let setups = ring.chains(second).pointee.setups.foldedFacts
            for peak in secondPeaks.peaks(second, setups, rows: rows) { raise(&peaks, peak) }
        }
        if window == .all { all.setPeak(peaks) } else { sliding[window.rawValue].setPeak(peaks) }
    }

    /// Set-ups by row in the last full second; rows without any are absent.
    func setupsInLastSecond() -> [UInt32: Int64] {
        var result: [UInt32: Int64] = [:]
        guard nowSecond > .min, ring.covers(nowSecond - 1) else { return result }
        for fact in ring.chains(nowSecond - 1).pointee.setups.foldedFacts {
            result[fact.customer, default: 0] += Int64(fact.sign)
        }
        return result
    }

    mutating func markPeaksStale(from band: Int) {
        for window in band..<peakIsStale.count { peakIsStale[window] = true }
    }

    mutating func raiseRetiredPeak(_ customer: UInt32, to count: Int32) {
        if count > retiredPeaks[Int(customer)] { retiredPeaks[Int(customer)] = count }
    }

    private func raise(_ peaks: inout Column<Int32>, _ peak: PeakCount) {
        if peak.count > peaks[Int(peak.customer)] { peaks[Int(peak.customer)] = peak.count }
    }

    /// A customer with any set-up has a second with one.
    private func raiseToOne<Count>(_ peaks: inout Column<Int32>, _ bids: Column<Count>) {
        for chunk in 0..<bids.chunkCount where !bids.isZero(chunk: chunk) {
            bids.withChunk(chunk) { bids in
                peaks.withMutableChunk(chunk) { peaks in
                    for row in bids.indices { peaks[row] = max(peaks[row], bids[row] > 0 ? 1 : 0) }
                }
            }
        }
    }
}
