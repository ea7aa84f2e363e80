// A board query: the options of `board` and `top`.

import ArgumentParser
import Client
import Wire

struct BoardOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .unconditional,
        help: ArgumentHelp("Only customers for which this holds.", valueName: "expression"))
    var filter: String = ""

    @Option(
        parsing: .unconditional, help: "Only customers with this text: name, company, id, tag, contact, IP, SIP user.")
    var search: String = ""

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Fields to group by, the outermost level first.", valueName: "a,b"))
    var groupBy: String = ""

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A field: repeats the columns for each of its values.", valueName: "c"))
    var pivot: String = ""

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Columns to show, or expressions: 'name, active * 100 / channels AS load'; all for every one. `busyhour help columns` \
            lists them. (default: a dozen in a table, most in JSON and CSV)
            """,
            valueName: "a,b"))
    var columns: String = ""

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Columns to sort by, separated by commas; -name: descending. (default: -attempts,-active in a table, else id)",
            valueName: "-asr,name"))
    var sort: String = ""

    @Option(
        parsing: .unconditional, help: "Rows to show; of a grouped board those of the first level. (default: 100)",
        transform: WholeNumber.from(1))
    var limit: UInt64?

    @Option(parsing: .unconditional, help: "Rows to skip.", transform: WholeNumber.from(0))
    var offset: UInt64 = 0

    @Option(parsing: .unconditional, help: "1m, 5m, 15m, 1h, 24h or all. (default: 15m)", transform: WindowName.parse)
    var window: String?

    @Option(parsing: .unconditional, help: "Only customers with this status; Dialing: active with live calls.")
    var status: String = ""

    @Option(parsing: .unconditional, help: "A saved board; options given here override it.")
    var layout: String = ""

    @OptionGroup var actor: ActorOptions

    var request: Busyhour_V1_BoardRequest {
        var request = Busyhour_V1_BoardRequest()
        request.where = filter
        request.search = search
        request.groupBy = ColumnList.parse(groupBy)
        request.pivot = pivot
        request.columns = ColumnList.parse(columns)
        request.sort = ColumnList.parse(sort)
        request.limit = limit ?? 0
        request.offset = offset
        request.window = window ?? ""
        request.status = status
        request.layout = layout
        request.who = actor.who
        return request
    }

    /// Queries the board.
    /// - Parameter isTable: for people, with the columns and the order of `BoardDefaults` unless others are given.
    func report(from client: Client, isTable: Bool) async throws -> BoardReport {
        var request = self.request
        var saved = Busyhour_V1_BoardRequest()
        let answer: Busyhour_V1_BoardResponse
        var addsCurrency = false
        do {
            if !layout.isEmpty {
                var request = Busyhour_V1_GetLayoutRequest()
                (request.name, request.who) = (layout, actor.who)
                saved = try await client.getLayout(request).layout.query
            }
            if isTable {
                BoardDefaults.complete(&request, layout: saved)
                addsCurrency = BoardDefaults.addCurrency(&request, layout: saved)
            }
            answer = try await client.board(request)
        } catch let error as ClientError {
            if let pointed = ExpressionError(error, filter: filter) { throw pointed }
            throw error
        }
        return try BoardReport(
            answer, offset: offset, styles: ColumnStyles(saved.styles), hidesCurrency: addsCurrency)
    }
}
