import Columnar
import Randomness
import Testing

@Suite struct ByteHashTests {
    /// Hashes are in files, so they are the same in every version. Computed by another program, around every border of
    /// the words and of the four lanes.
    @Test(
        arguments: [
            (0, 0xB7AA_CEF4_5B9F_8017), (1, 0xDAB5_689B_300A_05CC), (7, 0x0037_24B7_3410_8D9F),
            (8, 0xC9FA_D06F_CF22_91C3), (9, 0x8076_A07D_1978_5C44), (15, 0x92EF_A17B_A0D3_E9C3),
            (16, 0x72CB_F1DD_102A_65D4), (31, 0xDACC_585A_FBF5_9C0B), (32, 0x2A45_3EAB_80C5_DE90),
            (33, 0xCD58_F456_642B_21CE), (40, 0xCCF7_7030_6EC1_A3BD), (63, 0x5A08_DEAC_0DB4_A763),
            (64, 0xD443_EBD1_431A_25D2), (65, 0xB91D_82E5_F063_F81B), (72, 0xBB03_C61F_9316_B070),
        ] as [(Int, UInt64)])
    func hashesOfFilesNeverChange(count: Int, hash: UInt64) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
        #expect(bytes.withUnsafeBytes { ByteHash.hash($0, seed: 42) } == hash)
    }

    /// One bit of any byte, one byte more, and another seed each give another hash.
    @Test(arguments: seeds)
    func everyBitCounts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for count in 0...80 {
            var bytes = random.bytes(count)
            let hash = { (bytes: [UInt8], seed: UInt64) in bytes.withUnsafeBytes { ByteHash.hash($0, seed: seed) } }
            let whole = hash(bytes, 1)
            #expect(hash(bytes, 2) != whole && hash(bytes + [0], 1) != whole)
            for bit in 0..<8 * count {
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(hash(bytes, 1) != whole, "bit \(bit) of \(count) bytes")
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
        }
    }
}
