import CallEvents
import Testing

@testable import Feeds

@Suite struct SipHash128Tests {
    /// Key 00 01 ... 0f, message 00 01 ... of this many bytes; from OpenSSL 3.0:
    /// `openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:16 -in FILE SIPHASH`.
    static let vectors: [(Int, String)] = [
        (0, "A3817F04BA25A8E66DF67214C7550293"), (1, "DA87C1D86B99AF44347659119B22FC45"),
        (2, "8177228DA4A45DC7FCA38BDEF60AFFE4"), (7, "A1F1EBBED8DBC153C0B84AA61FF08239"),
        (8, "3B62A9BA6258F5610F83E264F31497B4"), (9, "264499060AD9BAABC47F8B02BB6D71ED"),
        (15, "5493E99933B0A8117E08EC0F97CFC3D9"), (16, "6EE2A4CA67B054BBFD3315BF85230577"),
        (17, "473D06E8738DB89854C066C47AE47740"), (31, "2939B0183223FAFC1723DE4F52C43D35"),
        (63, "5150D1772F50834A503E069A973FBD7C"),
    ]
    static let seed = HashSeed(first: 0x0706_0504_0302_0100, second: 0x0F0E_0D0C_0B0A_0908)

    @Test(arguments: vectors) func vector(count: Int, expected: String) {
        let message = (0..<count).map { UInt8($0) }
        var whole = SipHash128(seed: Self.seed)
        whole.append(message.span, 0..<count)
        #expect(Self.hexadecimal(whole.finish()) == expected)
        var single = SipHash128(seed: Self.seed)
        for byte in message { single.append(byte) }
        #expect(Self.hexadecimal(single.finish()) == expected)
    }

    /// However a message is cut, its hash is the same.
    @Test func pieces() {
        let message = (0..<63).map { UInt8($0) }
        for cut in 0...63 {
            var hash = SipHash128(seed: Self.seed)
            hash.append(message.span, 0..<cut)
            hash.append(message.span, cut..<63)
            #expect(Self.hexadecimal(hash.finish()) == "5150D1772F50834A503E069A973FBD7C", "cut at \(cut)")
        }
    }

    @Test func fieldsDoNotRunIntoEachOther() {
        let text = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        var keys: Set<CallKey> = []
        for cut in 0...text.count {
            var hash = SipHash128(seed: Self.seed)
            hash.appendField(text.span, 0..<cut)
            hash.appendField(text.span, cut..<text.count)
            keys.insert(hash.finish())
        }
        #expect(keys.count == text.count + 1)
    }

    private static func hexadecimal(_ key: CallKey) -> String {
        var text = ""
        for word in [key.low.byteSwapped, key.high.byteSwapped] {
            let digits = String(word, radix: 16, uppercase: true)
            text += String(repeating: "0", count: 16 - digits.count) + digits
        }
        return text
    }
}
