// Numbers into octets and back, lowest byte first.

extension [UInt8] {
    mutating func append(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

/// Reads octets from front to back; whatever lies behind the end is a fault.
struct OctetReader {
    private(set) var rest: UnsafeRawBufferPointer

    init(_ octets: UnsafeRawBufferPointer) { rest = octets }

    mutating func next<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) throws(BlockFault) -> Value {
        let octets = try take(MemoryLayout<Value>.size)
        return Value(littleEndian: octets.loadUnaligned(as: Value.self))
    }

    /// `count` is not negative.
    mutating func take(_ count: Int) throws(BlockFault) -> UnsafeRawBufferPointer {
        guard count <= rest.count else { throw .malformed }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }
}
