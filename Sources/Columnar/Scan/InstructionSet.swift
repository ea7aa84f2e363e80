import Processor

/// The instruction sets that the kernels in `Kernel/` are compiled for. The source is the same; the module
/// `KernelsAVX2` compiles it through the link `KernelAVX2` with other compiler flags. Determined once, tested once per
/// chunk.
enum InstructionSet {
    case baseline
    case avx2

    static let chosen: InstructionSet = processorHasAVX2() ? .avx2 : .baseline
}

/// Loops over one chunk (or any run of values): what every scan is made of. Each checks its arguments once, before the
/// loop, has no side effects except on the memory it receives, and allocates nothing.
///
/// Values are any of the eight integer types of 8 to 64 bits. Selections are words of bits: bit i of word w is value
/// 64 w + i, and there are `(count + 63) / 64` words (`Bitmap.withWords`).
public enum Kernel {}
