import NIOCore
import Testing
import Wire

struct FrameHeaderTests {
    @Test func fieldsStandWhereTheTableSays() throws {
        let header = FrameHeader(length: 0x0403_0201, method: 0x0605, kind: .cancel, flags: 0x08, id: 0x0C0B_0A09)
        var buffer = ByteBuffer()
        header.write(to: &buffer)
        #expect(Array(buffer.readableBytesView) == [1, 2, 3, 4, 5, 6, 5, 8, 9, 10, 11, 12])
        #expect(FrameHeader(peekingAt: buffer) == header)
        #expect(buffer.readableBytes == FrameHeader.size)
    }

    @Test func fewerThanTwelveBytesAreNoHeader() {
        for count in 0..<FrameHeader.size {
            #expect(FrameHeader(peekingAt: ByteBuffer(repeating: 0, count: count)) == nil)
        }
    }

    @Test func unknownKindsAndMethodsAreRead() throws {
        let buffer = ByteBuffer(bytes: [0, 0, 0, 0, 0xFF, 0xFE, 0x77, 0, 1, 0, 0, 0])
        let header = try #require(FrameHeader(peekingAt: buffer))
        #expect(header.kind.rawValue == 0x77)
        #expect(Method(rawValue: header.method) == nil)
    }
}
