import CCompression

/// zstd by the system's library: one frame or several, one after the other.
final class ZstdStream: DecompressionStream {
    private let functions: busyhour_zstd
    private let stream: UnsafeMutableRawPointer
    private(set) var isWhole = false

    init() throws(DecompressionError) {
        var functions = busyhour_zstd()
        guard busyhour_zstd_load(&functions) == 1, let stream = functions.create() else {
            throw DecompressionError(
                problem: .notPossible, detail: "libzstd.so.1 is not there; install it (Debian: libzstd1)")
        }
        (self.functions, self.stream) = (functions, stream)
    }

    deinit { _ = functions.release(stream) }

    func step(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(DecompressionError) -> Decompressor.Step {
        // The library reads and writes within these two, which belong to this call.
        var from = busyhour_zstd_input(start: input.baseAddress, size: input.count, position: 0)
        var to = busyhour_zstd_output(start: output.baseAddress, size: output.count, position: 0)
        let code = functions.unpack(stream, &to, &from)
        if functions.is_error(code) != 0 {
            let detail = functions.error_name(code).map { String(cString: $0) } ?? "zstd gives an error"
            throw DecompressionError(problem: .damaged, detail: detail)
        }
        // 0: a frame has ended. With neither input nor output nothing has begun after it.
        if from.position > 0 || to.position > 0 { isWhole = code == 0 }
        return Decompressor.Step(consumed: from.position, produced: to.position)
    }
}
