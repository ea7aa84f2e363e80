// Numbers into bytes and back, lowest byte first.

extension [UInt8] {
    mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

/// Reads bytes from front to back; reading beyond the end is a fault.
struct ByteReader {
    private(set) var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func next<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) throws(BlockFault) -> Value {
        let bytes = try take(MemoryLayout<Value>.size)
        return Value(littleEndian: bytes.loadUnaligned(as: Value.self))
    }

    /// `count` is not negative.
    mutating func take(_ count: Int) throws(BlockFault) -> UnsafeRawBufferPointer {
        guard count <= rest.count else { throw .malformed }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }
}
