// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "busyhour",
    products: [
        .executable(name: "busyhourd", targets: ["busyhourd"]),
        .executable(name: "busyhour", targets: ["busyhour"]),
        .library(name: "Board", targets: ["Board"]),
        .library(name: "Columnar", targets: ["Columnar"]),
        .library(name: "Client", targets: ["Client"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "Columnar", swiftSettings: strict),
        .target(name: "CallEvents", swiftSettings: strict),
        .target(name: "Board", dependencies: ["Columnar", "CallEvents"], swiftSettings: strict),
        .target(name: "Feeds", dependencies: ["CallEvents"], swiftSettings: strict),
        .target(name: "Wire", dependencies: [nioCore, protobuf], swiftSettings: strict),
        .target(name: "Client", dependencies: ["Wire", nioCore, nioPosix], swiftSettings: strict),
        .target(
            name: "Server",
            dependencies: ["Board", "CallEvents", "Feeds", "Wire", nioCore, nioPosix, logging],
            swiftSettings: strict),
        .executableTarget(
            name: "busyhourd", dependencies: ["Server", arguments, logging], swiftSettings: strict),
        .executableTarget(
            name: "busyhour", dependencies: ["Client", "CallEvents", "Feeds", "Wire", arguments],
            swiftSettings: strict),
    ]
)
