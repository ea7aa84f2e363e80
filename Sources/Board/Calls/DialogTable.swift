// From a dialog (Call-ID and both tags) to its calls: a BYE may come from another address than the
// INVITE, or go to one. Every leg of a call through proxies has the same dialog, so a dialog may have several calls,
// and a call answered by several parties has several dialogs.

import CallEvents
import Columnar

struct DialogTable {
    /// Marks the absence of an entry.
    static let noEntry = UInt32.max

    private struct Entry {
        var dialog: CallKey
        var call: UInt32
        /// The next entry of the same call.
        var next: UInt32
    }

    private var index = CallIndex()
    private var entries: [Entry] = []
    private var free: [UInt32] = []

    var count: Int { entries.count - free.count }

    var byteSize: Int { index.byteSize + entries.capacity * MemoryLayout<Entry>.stride + free.capacity * 4 }

    @inline(__always)
    private static func hash(_ dialog: CallKey) -> UInt32 { UInt32(truncatingIfNeeded: dialog.hash) }

    @inline(__always)
    func prefetch(_ dialog: CallKey) { index.prefetch(DialogTable.hash(dialog)) }

    /// Prefetches the entry that the index has for a dialog; to be called after `prefetch`.
    @inline(__always)
    func prefetchEntry(_ dialog: CallKey) {
        guard let entry = index.candidate(DialogTable.hash(dialog)) else { return }
        // Within the entries: the index knows no others.
        entries.withUnsafeBufferPointer { Columnar.prefetch($0.baseAddress! + Int(entry)) }
    }

    /// The call of that entry, a hint: another dialog may have the same hash; to be called after `prefetchEntry`.
    @inline(__always)
    func candidate(_ dialog: CallKey) -> UInt32? {
        index.candidate(DialogTable.hash(dialog)).map { entries[Int($0)].call }
    }

    /// Appends the calls of a dialog.
    @inline(__always)
    func collect(_ dialog: CallKey, into calls: inout [UInt32]) {
        _ = index.find(DialogTable.hash(dialog)) { entry in
            if entries[Int(entry)].dialog == dialog { calls.append(entries[Int(entry)].call) }
            return false
        }
    }

    /// Gives a call a dialog, unless it has it already or has the maximum number.
    /// - Parameter first: the call's first entry.
    mutating func add(_ dialog: CallKey, call: UInt32, first: inout UInt32) {
        var entry = first
        var count = 0
        while entry != DialogTable.noEntry {
            if entries[Int(entry)].dialog == dialog { return }
            entry = entries[Int(entry)].next
            count += 1
        }
        guard count < BoardLimits.dialogsOfCall else { return }
        let place: UInt32
        if let reused = free.popLast() {
            place = reused
            entries[Int(place)] = Entry(dialog: dialog, call: call, next: first)
        } else {
            place = UInt32(entries.count)
            entries.append(Entry(dialog: dialog, call: call, next: first))
        }
        index.insert(DialogTable.hash(dialog), place)
        first = place
    }

    /// Removes all dialogs of a call.
    mutating func removeAll(first: UInt32) {
        var entry = first
        while entry != DialogTable.noEntry {
            index.remove(DialogTable.hash(entries[Int(entry)].dialog), entry)
            free.append(entry)
            entry = entries[Int(entry)].next
        }
    }

    /// The dialogs of a call, newest first.
    func dialogs(first: UInt32) -> [CallKey] {
        var dialogs: [CallKey] = []
        var entry = first
        while entry != DialogTable.noEntry {
            dialogs.append(entries[Int(entry)].dialog)
            entry = entries[Int(entry)].next
        }
        return dialogs
    }
}
