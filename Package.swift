// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
// The same kernels compiled for wider vectors; `Columnar` asks the processor which ones it may call.
#if arch(x86_64)
    let avx2: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mbmi2"])]
#else
    let avx2: [SwiftSetting] = []
#endif

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "busyhour",
    products: [
        .executable(name: "busyhourd", targets: ["busyhourd"]),
        .executable(name: "busyhour", targets: ["busyhour"]),
        .library(name: "Columnar", targets: ["Columnar"]),
        .library(name: "CallEvents", targets: ["CallEvents"]),
        .library(name: "Board", targets: ["Board"]),
        .library(name: "Store", targets: ["Store"]),
        .library(name: "Feeds", targets: ["Feeds"]),
        .library(name: "Server", targets: ["Server"]),
        .library(name: "Client", targets: ["Client", "Wire"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "Processor", path: "Sources/Columnar/Processor"),
        .target(
            name: "KernelsBaseline", path: "Sources/Columnar/Kernel", exclude: ["README.md"], swiftSettings: strict),
        .target(
            name: "KernelsAVX2", path: "Sources/Columnar/KernelAVX2", exclude: ["README.md"],
            swiftSettings: strict + avx2),
        .target(
            name: "Columnar", dependencies: ["Processor", "KernelsBaseline", "KernelsAVX2"],
            exclude: ["Processor", "Kernel", "KernelAVX2"], swiftSettings: strict),
        .target(name: "CallEvents", swiftSettings: strict),
        .target(name: "Board", dependencies: ["Columnar", "CallEvents"], swiftSettings: strict),
        .target(
            name: "Store", dependencies: ["Board", "Columnar", "CSQLite", "CLZ4"],
            exclude: ["README.md", "Snapshot/README.md"], swiftSettings: strict),
        .target(name: "Feeds", dependencies: ["CallEvents", "CCompression"], swiftSettings: strict),
        .target(name: "Wire", dependencies: [nioCore, protobuf], swiftSettings: strict),
        .target(name: "Client", dependencies: ["Wire", nioCore, nioPosix, protobuf], swiftSettings: strict),
        .target(
            name: "Server",
            dependencies: [
                "Board", "CallEvents", "Columnar", "Feeds", "Store", "Wire", nioCore, nioPosix, nioSSL, nioTLS,
                protobuf,
                logging,
            ],
            swiftSettings: strict),
        .target(name: "Terminal", swiftSettings: strict),
        .executableTarget(
            name: "busyhourd", dependencies: ["CMalloc", "Server", arguments, logging, nioCore, nioPosix],
            swiftSettings: strict),
        .executableTarget(
            name: "busyhour",
            dependencies: ["Client", "CallEvents", "Columnar", "Feeds", "Wire", "Terminal", protobuf, arguments],
            swiftSettings: strict),

        // The tests compare the board with SQLite, and snapshots are SQLite files.
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CLZ4"),
        // CDR files are read packed as they are.
        .systemLibrary(name: "CCompression"),
        .systemLibrary(name: "CMalloc"),
        .target(name: "Randomness", path: "Tests/Randomness", swiftSettings: strict),
        .testTarget(
            name: "ColumnarTests", dependencies: ["Columnar", "KernelsBaseline", "Randomness"], swiftSettings: strict),
        .testTarget(name: "CallEventsTests", dependencies: ["CallEvents"], swiftSettings: strict),
        .testTarget(
            name: "BoardTests", dependencies: ["Board", "CallEvents", "Columnar", "CSQLite", "Randomness"],
            swiftSettings: strict),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Board", "Randomness"], swiftSettings: strict),
        .testTarget(
            name: "FeedsTests", dependencies: ["Feeds", "CallEvents", "CCompression", "Randomness"],
            swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["Wire", "Randomness", nioCore, protobuf], swiftSettings: strict),
        .testTarget(
            name: "ClientTests", dependencies: ["Client", "Wire", nioCore, nioPosix, protobuf], swiftSettings: strict),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Board", "CallEvents", "Feeds", "Randomness", "Store", "Wire", nioCore, nioPosix, nioSSL,
                protobuf, logging,
            ],
            swiftSettings: strict),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Randomness"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "busyhour", "Client", "Feeds", "Randomness", "Terminal", "Wire", nioCore, protobuf, arguments,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Board", "CallEvents", "Feeds", "Randomness", "Server", "busyhour", "busyhourd", logging],
            swiftSettings: strict),
    ]
)
