/// The slots of one level, found by their start.
///
/// A level never spans more than `places` slots (the longest, 60 s slots, spans an hour and the 24 minutes that leave at
/// once: 84), so a slot's place is its number modulo `places`; slots that left the level were removed before.
struct SlotRing {
    private static let places = 128
    let slotSeconds: Int64
    private var slots: [Slot?]

    init(slotSeconds: Int64) {
        self.slotSeconds = slotSeconds
        slots = Array(repeating: nil, count: SlotRing.places)
    }

    /// The slot that starts at this second, made if it is not there.
    @inline(__always)
    mutating func slot(start: Int64) -> Slot {
        let place = SlotRing.place(start, slotSeconds)
        if let slot = slots[place] {
            precondition(slot.start == start, "two slots of a level in one place: the level was not cleared as it slid")
            return slot
        }
        let slot = Slot(start: start)
        slots[place] = slot
        return slot
    }

    func existingSlot(start: Int64) -> Slot? {
        guard let slot = slots[SlotRing.place(start, slotSeconds)], slot.start == start else { return nil }
        return slot
    }

    /// Shows every slot, in no order.
    func visit(_ body: (Slot) -> Void) {
        for case let slot? in slots { body(slot) }
    }

    /// Removes and returns the slots that start before a second.
    mutating func removeSlots(before second: Int64) -> [Slot] {
        var removed: [Slot] = []
        for place in slots.indices {
            if let slot = slots[place], slot.start < second {
                removed.append(slot)
                slots[place] = nil
            }
        }
        return removed
    }

    var byteSize: Int {
        slots.reduce(0) { $0 + ($1?.byteSize ?? 0) }
    }

    @inline(__always)
    private static func place(_ start: Int64, _ slotSeconds: Int64) -> Int {
        Int((start / slotSeconds) & Int64(places - 1))
    }
}
