import ArgumentParser
import Client
import Wire

struct BoardCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "board", abstract: "The customers with their figures.",
        discussion: """
            busyhour board --where "asr < 40 AND asr_n >= 50" --sort asr --window 5m --columns name,asr,asr_n,acd,pdd

            Colours on a terminal: an ASR below 40 % is red, from 60 % green; what a customer has left is yellow below \
            10 and red from 0 down. NO_COLOR switches them off.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .customLong("where"), parsing: .unconditional, help: "Only customers for which this holds.")
    var filter: String = ""

    @Option(
        parsing: .unconditional, help: "Only customers with this text: name, company, id, tag, contact, IP, SIP user.")
    var search: String = ""

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Columns to sort by, separated by commas; -name from the top down.", valueName: "-asr,name"))
    var sort: String = ""

    @Option(help: "Rows to show. (default: 100)")
    var limit: UInt64?

    @Option(help: "Rows to pass over.")
    var offset: UInt64 = 0

    @Option(help: "1m, 5m, 15m, 1h, 24h or all.", transform: WindowName.parse)
    var window: String = "15m"

    @Option(help: "Only customers with this status; Dialing: active with live calls.")
    var status: String = ""

    @Option(help: ArgumentHelp("Columns to show, separated by commas.", valueName: "a,b"))
    var columns: String = ""

    func validate() throws {
        _ = try global.serverAddress()
        _ = try global.outputFormat()
        if limit == 0 { throw UsageError("--limit is 0; give the number of rows to show, 1 or more") }
    }

    func report(from client: Client) async throws -> any Report {
        var request = Busyhour_V1_BoardRequest()
        request.where = filter
        request.search = search
        request.sort = NameList.parse(sort)
        request.limit = limit ?? 0
        request.offset = offset
        request.window = window
        request.status = status
        request.columns = NameList.parse(columns)
        return try BoardReport(try await client.board(request), offset: offset)
    }
}
