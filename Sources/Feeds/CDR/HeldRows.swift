import CallEvents

/// A row of Kamailio's or OpenSIPS's `acc` about a transaction.
struct AccountingRow {
    var isInvite: Bool
    /// When the transaction ended, microseconds since 1970.
    var timeMicros: Int64
    /// When its INVITE came, if the row states it.
    var createdMicros: Int64?
    /// The end of the call, if the row states its length: one of OpenSIPS's CDR mode, which no BYE row follows.
    var endMicros: Int64?
    var code: UInt16 = 0
    /// The Call-ID with the From tag, and with the To tag; the latter `none` without one.
    var forwards: CallKey
    var backwards: CallKey
    /// The Call-ID alone.
    var callID: CallKey
    var partyKey = CallKey.none
    var party = Party()
    /// Details that find the call on the switch.
    var details = CallDetails()
    /// Where it begins in the file.
    var offset: Int64
    var line: Int
    /// Its number in the file.
    var row: Int
    /// Ends of reads since it was held.
    var polls = 0
    /// Position of the previous row of the same Call-ID.
    var former: Int?
    var isTaken = false
}

/// Accounting rows held until those of the same Call-ID have come: exports are sorted by other columns than the time.
struct HeldRows {
    private var rows: [AccountingRow] = []
    /// Position of the newest row of a Call-ID, counted from the first row that was ever held.
    private var newest: [CallKey: Int] = [:]
    /// Index of the oldest row that was not taken.
    private var start = 0
    /// Rows that were removed from the array's beginning.
    private var dropped = 0

    var first: AccountingRow? { start < rows.count ? rows[start] : nil }

    mutating func append(_ row: AccountingRow) {
        rows.append(row)
        rows[rows.count - 1].former = newest.updateValue(dropped + rows.count - 1, forKey: row.callID)
    }

    /// Takes the oldest row, and all that have its Call-ID: in the order of their times, within one second in file
    /// order.
    mutating func takeOldest() -> [AccountingRow] {
        guard let first else { return [] }
        var taken: [AccountingRow] = []
        var place = newest.removeValue(forKey: first.callID)
        while let index = place.map({ $0 - dropped }), index >= start, !rows[index].isTaken {
            taken.append(rows[index])
            place = rows[index].former
            rows[index].isTaken = true
        }
        while start < rows.count, rows[start].isTaken { start += 1 }
        if start == rows.count || start >= CDRLimits.heldRows {
            rows.removeFirst(start)
            dropped += start
            start = 0
        }
        return taken.sorted {
            ($0.timeMicros, $0.isInvite ? 0 : 1, $0.offset, $0.row)
                < ($1.timeMicros, $1.isInvite ? 0 : 1, $1.offset, $1.row)
        }
    }

    /// Records the end of a read.
    mutating func countPoll() {
        for index in start..<rows.count { rows[index].polls += 1 }
    }
}
