// Traces, branches and dialogs of the tracked calls, each with its call's position in the table of calls.

import CallEvents
import Columnar

/// Only for calls that have some: none from sources without SIP. Dialogs cost one look-up per call.
struct CallTraceColumns: Sendable {
    /// Call, branch, last set-up, last provisional answer, 1 if its key is another call's now.
    private var traces = [[Int64]](repeating: [], count: 5)
    /// Call, branch, failure, code and cause.
    private var branches = [[Int64]](repeating: [], count: 4)
    /// Call, dialog.
    private var dialogs = [[Int64]](repeating: [], count: 3)

    private static let traceNames = ["call", "branch", "last_setup_micros", "provisional_micros", "is_retired"]
    private static let branchNames = ["call", "branch", "failure_micros", "code_and_cause"]
    private static let dialogNames = ["call", "dialog_high", "dialog_low"]

    mutating func append(_ calls: borrowing CallTable, _ number: UInt32, row: Int) {
        let trace = calls.trace(number)
        if trace == CallTrace() { return }
        let row = Int64(row)
        let values = [
            row, Int64(bitPattern: trace.branch), trace.lastSetupMicros, trace.provisionalMicros,
            trace.isRetired ? 1 : 0,
        ]
        for (column, value) in values.enumerated() { traces[column].append(value) }
        if calls.line(number).pointee.hasBranches {
            for branch in calls[number].branches {
                let values = [
                    row, Int64(bitPattern: branch.branch), branch.failureMicros,
                    Int64(branch.code) | Int64(branch.cause) << 16,
                ]
                for (column, value) in values.enumerated() { branches[column].append(value) }
            }
        }
        // Oldest first: they are added again in this order.
        for dialog in calls.dialogs.dialogs(first: trace.firstDialog).reversed() {
            let values = [row, Int64(bitPattern: dialog.high), Int64(bitPattern: dialog.low)]
            for (column, value) in values.enumerated() { dialogs[column].append(value) }
        }
    }

    var tables: [SavedTable] {
        [
            SavedTable(.callTraces, CallTraceColumns.traceNames, traces),
            SavedTable(.callBranches, CallTraceColumns.branchNames, branches),
            SavedTable(.dialogs, CallTraceColumns.dialogNames, dialogs),
        ]
    }
}

extension CallTable {
    /// To be called on a table that was just restored: the calls' numbers are their positions in the file. Files of
    /// programs without traces have none.
    mutating func restoreTraces(_ tables: [SavedTable]) throws(RestoreError) {
        try restore(tables, .callTraces, columns: 5) { calls, number, values, _ in
            var trace = CallTrace()
            trace.branch = UInt64(bitPattern: values[1])
            trace.lastSetupMicros = max(0, values[2])
            trace.provisionalMicros = max(0, values[3])
            calls.setTrace(number, trace)
            if values[4] != 0 { calls.markRetired(number) }
        }
        try restore(tables, .callBranches, columns: 4) { calls, number, values, _ in
            var call = calls[number]
            guard call.branches.count < BoardLimits.branchesOfCall else { return }
            call.branches.append(
                CallBranch(
                    branch: UInt64(bitPattern: values[1]), failureMicros: max(0, values[2]),
                    code: UInt16(truncatingIfNeeded: values[3]), cause: UInt8(truncatingIfNeeded: values[3] >> 16)))
            calls[number] = call
        }
        mayHaveOtherKeys()
        try restore(tables, .dialogs, columns: 3) { calls, number, values, _ in
            calls.add(
                dialog: CallKey(high: UInt64(bitPattern: values[1]), low: UInt64(bitPattern: values[2])), to: number)
        }
    }

    /// Reads a table of signed numbers whose first column is a call's number. Older files may not have it.
    mutating func restore(
        _ tables: [SavedTable], _ id: SavedTableID, columns count: Int,
        _ body: (inout CallTable, UInt32, [Int64], SavedTable) throws(RestoreError) -> Void
    ) throws(RestoreError) {
        guard let table = tables.first(where: { $0.id == id.rawValue }) else { return }
        var columns: [Column<Int64>] = []
        for column in 1...count { columns.append(try table.signed64(UInt16(column))) }
        for row in 0..<table.rowCount {
            let values = columns.map { $0[row] }
            guard let number = UInt32(exactly: values[0]), number < numberCount else {
                throw table.fault("tells of a call that is not there")
            }
            try body(&self, number, values, table)
        }
    }
}
