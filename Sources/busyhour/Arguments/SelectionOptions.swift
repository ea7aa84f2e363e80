// Many customers by a condition or a list.

import ArgumentParser
import Wire

struct SelectionOptions: ParsableArguments {
    @OptionGroup var condition: ConditionOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("These customers.", valueName: "1,2,3"))
    var ids: String?

    var isGiven: Bool { condition.isGiven || ids != nil }

    func validate() throws {
        guard !condition.isGiven || ids == nil else { throw UsageError("--ids goes with no condition; leave one out") }
        if let ids { _ = try Self.list(ids) }
    }

    func message() throws(UsageError) -> Busyhour_V1_Selection {
        var selection = Busyhour_V1_Selection()
        if let ids { selection.ids = try Self.list(ids) }
        (selection.where, selection.search) = (condition.filter, condition.search)
        (selection.status, selection.layout) = (condition.status, condition.layout)
        selection.window = condition.window ?? ""
        return selection
    }

    private static func list(_ text: String) throws(UsageError) -> [UInt32] {
        var ids: [UInt32] = []
        for name in NameList.parse(text) {
            guard let id = UInt32(name), id > 0 else {
                throw UsageError("'\(name)' is no id; --ids takes numbers, such as 3,5,8")
            }
            ids.append(id)
        }
        guard !ids.isEmpty else { throw UsageError("--ids names no customer; give numbers, such as 3,5,8") }
        return ids
    }
}
