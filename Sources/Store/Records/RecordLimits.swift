// Every bound of records, each with its reason.

import Board

public enum RecordLimits {
    /// Octets of a text: the notes are the longest field.
    static let textBytes = BoardLimits.notesBytes
    /// Entries of one list of a customer.
    static let listEntries = BoardLimits.listEntries
    /// No customer takes fewer octets (a length, a field with a text of one octet), so a record's length bounds how many
    /// there can be in it before memory is asked for.
    static let leastCustomerBytes = 4

    /// Requests whose outcome is kept for a repetition: ten a second for a day, some 100 MB.
    public static let idempotencyEntries = 1_000_000
    /// How long an outcome is kept: who repeats a request after a day has lost his place anyway.
    public static let idempotencyMicros: Int64 = 24 * 3_600 * 1_000_000
}
