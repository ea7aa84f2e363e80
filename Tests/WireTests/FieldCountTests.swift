import SwiftProtobuf
import Testing
import Wire

struct FieldCountTests {
    private func count(_ bytes: [UInt8], field: UInt32 = 2) -> [Int]? {
        bytes.withUnsafeBytes { FieldCount.elements(ofField: field, in: RawSpan(_unsafeBytes: $0)) }
            .map { [$0.elements, $0.fields] }
    }

    @Test func customersAndTheirFields() throws {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.dryRun = true
        request.idempotencyKey = .init(repeating: 1, count: 16)
        request.customers = [.init(), .with { ($0.name, $0.creditMicros, $0.tags) = ("a", 1, ["x", "", "y"]) }]
        #expect(try count(request.serializedBytes()) == [2, 5])
        #expect(try count(request.serializedBytes(), field: 7) == [0, 0])
        #expect(count([]) == [0, 0])
    }

    /// Cut anywhere it is whole fields or no message; SwiftProtobuf says the same of every such message.
    @Test func truncationAtEveryByte() throws {
        var request = Busyhour_V1_CreateCustomersRequest()
        request.customers = [.with { ($0.name, $0.channels, $0.creditMicros) = ("abc", 300, -1) }]
        request.dryRun = true
        let bytes: [UInt8] = try request.serializedBytes()
        for end in 0...bytes.count {
            let cut = Array(bytes[..<end])
            let isMessage = (try? Busyhour_V1_CreateCustomersRequest(serializedBytes: cut)) != nil
            #expect((count(cut) != nil) == isMessage, "cut at \(end)")
        }
    }

    @Test(arguments: [
        [0x07], [0x92, 0x80, 0x80, 0x80, 0x80, 0x00, 0], [0x12, 5, 1], [0x12, 1, 0x0A], [0x11, 1], [0x10, 0x80],
    ])
    func whatCannotBeWalkedOverIsNotCounted(bytes: [UInt8]) {
        #expect(count(bytes) == nil)
    }
}
