// Every bound of what is read from bytes, each with its reason.

package enum EncodingLimits {
    /// Bytes of a text: the notes are the longest field.
    static let textBytes = BoardLimits.notesBytes
    /// Entries of one list of a customer.
    static let listEntries = BoardLimits.listEntries
    /// No customer takes fewer bytes (a length, a field with a text of one byte), so the bytes bound how many there can
    /// be in them before memory is asked for.
    package static let leastCustomerBytes = 4
    /// The same of a customer, or an update of one.
    package static let leastUpdateBytes = 4
}
