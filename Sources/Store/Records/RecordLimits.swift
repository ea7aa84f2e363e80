// Every bound of records, each with its reason.

import Board

enum RecordLimits {
    /// Octets of a text: the notes are the longest field.
    static let textBytes = BoardLimits.notesBytes
    /// Entries of one list of a customer.
    static let listEntries = BoardLimits.listEntries
    /// No customer takes fewer octets (a length, a field with a text of one octet), so a record's length bounds how many
    /// there can be in it before memory is asked for.
    static let leastCustomerBytes = 4
}
