// Numbers at given places of bytes, lowest byte first.

extension [UInt8] {
    /// `withUnsafeBytes` with the body's own kind of error.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { bytes throws(Failure) in try body(UnsafeRawBufferPointer(bytes)) }
    }

    package mutating func appendInteger(_ value: some FixedWidthInteger & BitwiseCopyable) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Overwrites existing bytes.
    package mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        precondition(offset >= 0 && offset <= count - value.bitWidth / 8, "a number beyond the bytes")
        withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self) }
    }
}

extension UnsafeRawBufferPointer {
    /// The caller has checked that these bytes exist; this check guards against its bugs.
    package func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
        precondition(offset >= 0 && offset <= count - MemoryLayout<Value>.size, "a number beyond the bytes")
        return Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
