// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "busyhour", path: "..")],
    targets: [
        .target(
            name: "Workload",
            dependencies: [
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Ingest",
            dependencies: [
                "Workload",
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Numbers",
            dependencies: [
                "Workload",
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
                .product(name: "Client", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Queries",
            dependencies: [
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Snapshot",
            dependencies: [
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
                .product(name: "Columnar", package: "busyhour"), .product(name: "Store", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Warnings",
            dependencies: [
                "Workload",
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "WarningQuality",
            dependencies: [
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Datagrams",
            dependencies: [
                .product(name: "Board", package: "busyhour"), .product(name: "CallEvents", package: "busyhour"),
                .product(name: "Feeds", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "CDRs",
            dependencies: [
                .product(name: "CallEvents", package: "busyhour"), .product(name: "Feeds", package: "busyhour"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "Load", swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]),
    ]
)
