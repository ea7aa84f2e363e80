import CCompression

/// gzip by zlib: one member or several, one after the other, with zeros at the end.
final class GzipStream: DecompressionStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isWhole = false

    init() throws(DecompressionError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = busyhour_inflate_init(stream)
        guard code == Z_OK else {
            stream.deallocate()
            throw DecompressionError(problem: .notPossible, detail: "zlib gives error \(code)")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DecompressionError) -> Decompressor.Step {
        var skipped = 0
        if isWhole {
            // Tapes and disks pad with zeros.
            while skipped < input.count, input[skipped] == 0 { skipped += 1 }
            if skipped == input.count { return Decompressor.Step(consumed: skipped, produced: 0) }
            inflateReset(stream)
            isWhole = false
        }
        let left = UnsafeRawBufferPointer(rebasing: input[skipped...])
        let room = UInt32(clamping: output.count)
        let given = UInt32(clamping: left.count)
        // zlib reads `given` bytes from the input and writes no more than `room` into the output, both of this call; it
        // does not change its input, though its type says that it may.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: left.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = given
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = room
        let code = inflate(stream, Z_NO_FLUSH)
        let step = Decompressor.Step(
            consumed: skipped + Int(given - stream.pointee.avail_in), produced: Int(room - stream.pointee.avail_out))
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isWhole = true
        default:
            // The output before the damage is returned first.
            if step.produced > 0 { return step }
            let detail = stream.pointee.msg.map { String(cString: $0) } ?? "zlib gives error \(code)"
            throw DecompressionError(problem: .damaged, detail: detail)
        }
        return step
    }
}
