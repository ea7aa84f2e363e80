// Many customers by a condition or a list.

import ArgumentParser
import Wire

struct SelectionOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .unconditional,
        help: ArgumentHelp("The customers for whom this holds.", valueName: "expression"))
    var filter: String = ""

    @Option(parsing: .unconditional, help: "The customers with this text, as `board --search` finds them.")
    var search: String = ""

    @Option(parsing: .unconditional, help: "The customers with this status; Dialing: active with live calls.")
    var status: String = ""

    @Option(parsing: .unconditional, help: ArgumentHelp("These customers.", valueName: "1,2,3"))
    var ids: String?

    @Option(parsing: .unconditional, help: "The customers of a saved board.")
    var layout: String = ""

    @Option(
        parsing: .unconditional, help: "1m, 5m, 15m, 1h, 24h or all: of metrics that name none. (default: 15m)",
        transform: WindowName.parse)
    var window: String?

    var isGiven: Bool { hasCondition || ids != nil }

    private var hasCondition: Bool { !filter.isEmpty || !search.isEmpty || !status.isEmpty || !layout.isEmpty }

    func validate() throws {
        guard !hasCondition || ids == nil else { throw UsageError("--ids goes with no condition; leave one out") }
        if let ids { _ = try EditCommand.list(ids) }
    }

    func message() throws(UsageError) -> Busyhour_V1_Selection {
        var selection = Busyhour_V1_Selection()
        if let ids { selection.ids = try EditCommand.list(ids) }
        (selection.where, selection.search, selection.status) = (filter, search, status)
        (selection.layout, selection.window) = (layout, window ?? "")
        return selection
    }
}
