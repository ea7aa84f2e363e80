// All limits on what is read from bytes, each with its reason.

package enum EncodingLimits {
    /// Bytes of a text: the notes are the longest field.
    static let textBytes = BoardLimits.notesBytes
    /// Entries of one list of a customer.
    static let listEntries = BoardLimits.listEntries
    /// No customer takes fewer bytes (a length, a field with a text of one byte), so the bytes limit the number of
    /// customers before memory is allocated.
    package static let leastCustomerBytes = 4
    /// The least bytes of an update of a customer.
    package static let leastUpdateBytes = 4
}
