import ArgumentParser
import Testing
import Wire

@testable import busyhour

/// What a command line becomes, and what is said of one that is wrong. No test here reaches a server.
@Suite struct ArgumentTests {
    private static func parse<Command>(_ line: String..., as type: Command.Type = Command.self) throws -> Command {
        try #require(try BusyHour.parse(commandLine: line) as? Command)
    }

    @Test func globalOptionsStandBeforeOrAfterTheCommand() throws {
        let before = try Self.parse("--server", "[::1]:99", "--format", "json", "status", as: StatusCommand.self)
        let after = try Self.parse("status", "--server=[::1]:99", "--format", "json", as: StatusCommand.self)
        let around = try Self.parse("--format=json", "status", "--server", "[::1]:99", as: StatusCommand.self)
        for command in [before, after, around] {
            #expect(try command.global.serverAddress() == ServerAddress(host: "::1", port: 99))
            #expect(try command.global.outputFormat() == .json)
        }
        let show = try Self.parse("customer", "--format", "csv", "show", "7", as: CustomerShowCommand.self)
        #expect(try show.global.outputFormat() == .csv)
        #expect(show.customer == "7")
    }

    @Test func theLastFormatCounts() throws {
        let command = try Self.parse("--format", "json", "calls", "--format", "csv", as: CallsCommand.self)
        #expect(try command.global.outputFormat() == .csv)
        #expect(try command.global.outputFormat(besides: ["csv"]) == .json)
    }

    @Test func boardTakesValuesThatLookLikeOptions() throws {
        let board = try Self.parse(
            "board", "--sort", "-asr,name", "--where", "-credit > 1", "--search", "-x", "--limit", "5", "--offset",
            "10",
            "--window", "5m", "--status", "Dialing", "--columns", "name, asr", as: BoardCommand.self)
        #expect(board.options.sort == "-asr,name")
        #expect(board.options.filter == "-credit > 1")
        #expect(board.options.search == "-x")
        #expect(board.options.limit == 5 && board.options.offset == 10)
        #expect(board.options.window == "5m")
        #expect(ColumnList.parse(board.options.columns) == ["name", "asr"])
    }

    @Test func customerAddFillsEveryField() throws {
        let add = try Self.parse(
            "customer", "add", "Acme", "--currency", "USD", "--status", "Pending", "--credit", "-12.5", "--debit-limit",
            "-3",
            "--channels", "30", "--flow-speed", "10", "--country", "US", "--company", "Acme Inc", "--account-manager",
            "Ann",
            "--tag", "a", "--tag", "b", "--ip", "203.0.113.0/24", "--sip", "alice", "--account", "0049-30", "--auth",
            "ip:2001:db8::1;sip:bob;account:x;;y", "--route", "std", "--contact-name", "Bob", "--contact-email",
            "b@x.example",
            "--contact-mobile", "+15550100", "--short-call-seconds", "12", "--portal-access", "--notes", "- first",
            as: CustomerAddCommand.self)
        let customer = try add.customer()
        #expect(customer.name == "Acme" && customer.currency == "USD" && customer.status == "Pending")
        #expect(customer.creditMicros == -12_500_000 && customer.debitLimitMicros == -3_000_000)
        #expect(customer.channels == 30 && customer.flowSpeed == 10 && customer.shortCallSeconds == 12)
        #expect(customer.country == "US" && customer.company == "Acme Inc" && customer.accountManager == "Ann")
        #expect(customer.tags == ["a", "b"] && customer.routes.map(\.name) == ["std"])
        #expect(customer.routes.map(\.enabled) == [true])
        #expect(customer.auth.map(\.kind) == [.ip, .sip, .account, .ip, .sip, .account])
        #expect(
            customer.auth.map(\.value) == ["203.0.113.0/24", "alice", "0049-30", "2001:db8::1", "bob", "x;y"])
        #expect(customer.contacts.count == 1)
        #expect(customer.contacts.first?.email == "b@x.example" && customer.contacts.first?.mobile == "+15550100")
        #expect(customer.portalAccess && customer.notes == "- first")
    }

    @Test func customerEditTakesWhatIsGivenAndNothingElse() throws {
        let edit = try Self.parse(
            "customer", "edit", "7", "--channels", "5", "--credit", "-1.5", "--tag", "a", "--no-portal-access", "--set",
            "credit+=5", "--set", "-x=1", "--contact-name", "O'Neill", "--version", "3", "--as", "anna",
            as: CustomerEditCommand.self)
        let (values, fields) = edit.options.given
        #expect(Set(fields) == ["channels", "credit", "tags", "portal_access"])
        #expect(
            values.channels == 5 && values.creditMicros == -1_500_000 && values.tags == ["a"] && !values.portalAccess)
        #expect(edit.assignments == ["credit+=5", "-x=1"] && edit.expectedVersion == 3 && edit.actor.who == "anna")
        #expect(try edit.options.contactAssignments() == ["contact_name='O''Neill'"])
    }

    @Test func theNameMayBeAnOption() throws {
        let add = try Self.parse("customer", "add", "--name", "Acme", "--currency", "USD", as: CustomerAddCommand.self)
        #expect(try add.customer().name == "Acme")
        #expect(try add.customer().contacts.isEmpty)
    }

    @Test(arguments: [
        (["bord"], "did you mean 'board'?"), (["customer", "shwo", "1"], "did you mean 'show'?"),
        (["xyzzyx"], "known are status"),
        (["--server", "a:1", "statsu"], "did you mean 'status'?"), ([], "no command is given"),
        (["customer"], "name one of add, show, list"), (["board", "--wher", "x"], "Did you mean '--where'?"),
        (["status", "--format", "jsno"], "did you mean 'json'?"),
        (["status", "--format", "xml"], "known are table, json"),
        (["status", "--server", "nowhere"], "write HOST:PORT"), (["status", "--server", "::1:7878"], "[::1]:7878"),
        (["status", "--server", "a:0"], "write HOST:PORT"), (["status", "--server", "a:65536"], "write HOST:PORT"),
        (["board", "--window", "7m"], "known are 1m, 5m"), (["board", "--limit", "0"], "1 or more"),
        (["board", "--limit", "x"], "--limit"), (["board", "--money-digits", "7"], "from 0 to 6"),
        (["board", "--money-digits", "2", "--format", "json"], "json has all digits"),
        (["board", "extra"], "extra"), (["explain", "asr"], "--customer"),
        (["explain", "asr", "--customer", "1", "--window", "x"], "15m"),
        (["customer", "add", "--currency", "USD"], "has no name"),
        (["customer", "add", "A", "--name", "A", "--currency", "USD"], "given twice"),
        (["customer", "add", "A"], "--currency"),
        (["customer", "add", "A", "--currency", "USD", "--credit", "1,5"], "ambiguous comma"),
        (["customer", "add", "A", "--currency", "USD", "--credit", "1e3"], "scientific"),
        (["customer", "add", "A", "--currency", "USD", "--auth", "alice"], "sip:alice"),
        (["customer", "add", "A", "--currency", "USD", "--auth", "fax:1"], "no known kind"),
        (["customer", "add", "A", "--currency", "USD", "--channels", "-1"], "--channels"),
        (["edit", "--set", "channels=1"], "give --where"), (["edit", "--all"], "give --set"),
        (["edit", "--ids", "1,x", "--set", "channels=1"], "'x' is no id"),
        (["edit", "--ids", "1", "--all", "--set", "channels=1"], "leave one out"),
        (["customer", "undo"], "give a customer, or --change N"),
    ])
    func wrongUsageEndsWith2AndOneLine(arguments: [String], hint: String) async {
        let ending = await BusyHour.run(arguments)
        #expect(ending.exitCode == 2)
        #expect(ending.errors.count == 1)
        #expect(ending.errors[0].contains(hint), "\(ending.errors[0])")
        #expect(!ending.errors[0].contains("\n"))
    }

    @Test(arguments: ["sql", "send", "campaign", "load", "token"])
    func laterCommandsSaySo(name: String) async {
        let ending = await BusyHour.run([name, "--anything", "x"])
        #expect(ending == Ending(exitCode: 1, errors: ["not yet: 'busyhour \(name)' comes with a later version"]))
    }

    /// A name that is mistyped is one of a command that exists.
    @Test(arguments: ["xyzzyx", "sqll", "tokens", "sned"])
    func anUnknownCommandIsToldThoseThatExist(name: String) async throws {
        let ending = await BusyHour.run([name])
        #expect(ending.exitCode == 2)
        for later in CommandNames.later.map({ $0[0] }) {
            #expect(!ending.errors[0].replacing(name, with: "").contains(later), "\(ending.errors)")
        }
    }

    @Test(arguments: [
        ["--help"], ["help", "board"], ["board", "--help"], ["customer", "add", "--help"], ["--version"],
    ])
    func helpIsNoFailure(arguments: [String]) async {
        let ending = await BusyHour.run(arguments)
        #expect(ending.exitCode == 0)
        #expect(ending.errors.isEmpty)
        #expect(ending.output.contains("busyhour"))
    }

    @Test func aServerThatIsNotThereEndsWith3() async {
        // Port 1 of this machine: only root can listen on it.
        let ending = await BusyHour.run(["status", "--server", "127.0.0.1:1"])
        #expect(ending.exitCode == 3)
        #expect(ending.errors.count == 1)
        #expect(ending.errors[0].hasPrefix("cannot reach the server at 127.0.0.1:1: "))
    }
}
