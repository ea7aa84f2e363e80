import Glibc
import Testing

@testable import Terminal

@Suite struct OutputDeviceTests {
    @Test func writesAllOfItAndNoticesTheReaderGone() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let device = OutputDevice(descriptor: ends[1])
        defer { close(ends[1]) }
        #expect(!device.isTerminal)
        #expect(device.width == nil)
        try device.writeLine("Żeta")
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = read(ends[0], &bytes, bytes.count)
        #expect(String(decoding: bytes[..<max(count, 0)], as: UTF8.self) == "Żeta\n")
        close(ends[0])
        #expect(throws: OutputError.closed) { try device.write("x") }
    }

    @Test func saysWhyItCannotWrite() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        #expect(throws: OutputError.failed(errno: ENOSPC)) { try OutputDevice(descriptor: full).write("x") }
    }
}
