import ArgumentParser
import Wire

/// The customers that meet a condition; of several options all must hold.
struct ConditionOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .unconditional,
        help: ArgumentHelp("The customers for whom this holds.", valueName: "expression"))
    var filter: String = ""

    @Option(parsing: .unconditional, help: "The customers with this text, as `board --search` finds them.")
    var search: String = ""

    @Option(parsing: .unconditional, help: "The customers with this status; Dialing: active with live calls.")
    var status: String = ""

    @Option(parsing: .unconditional, help: "The customers of a saved board.")
    var layout: String = ""

    @Option(
        parsing: .unconditional, help: "1m, 5m, 15m, 1h, 24h or all: of metrics that name none. (default: 15m)",
        transform: WindowName.parse)
    var window: String?

    var isGiven: Bool { !filter.isEmpty || !search.isEmpty || !status.isEmpty || !layout.isEmpty }
}
