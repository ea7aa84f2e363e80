import Testing
import Wire

@testable import busyhour

/// What a table shows where nothing is asked for.
@Suite struct BoardDefaultsTests {
    private static func completed(
        _ line: [String], layout: Busyhour_V1_BoardRequest = .init()
    ) throws -> Busyhour_V1_BoardRequest {
        let command = try #require(try BusyHour.parse(commandLine: ["board"] + line) as? BoardCommand)
        var request = command.options.request
        BoardDefaults.complete(&request, layout: layout)
        return request
    }

    @Test func aDozenColumnsTheBusiestFirst() throws {
        let request = try Self.completed([])
        #expect(
            request.columns == [
                "id", "name", "status", "active", "channels", "cps", "attempts", "asr", "acd", "pdd", "credit",
                "currency",
            ])
        #expect(request.sort == ["-attempts", "-active"])
    }

    @Test func whatIsAskedForStays() throws {
        let request = try Self.completed(["--columns", "name,asr", "--sort", "asr"])
        #expect(request.columns == ["name", "asr"] && request.sort == ["asr"])
        #expect(try Self.completed(["--columns", "all"]).columns == ["all"])
        #expect(try Self.completed(["--columns", "name"]).sort == ["-attempts", "-active"])
    }

    @Test func whatItIsSortedByIsShown() throws {
        #expect(
            try Self.completed(["--sort", "-cost,name,+asr_5m"]).columns
                == ["id", "name", "status", "cost", "asr_5m"] + BoardDefaults.columns[3...])
    }

    @Test func groupsHaveACountInsteadOfNames() throws {
        let request = try Self.completed(["--group-by", "country"])
        #expect(
            request.columns == ["count", "active", "channels", "cps", "attempts", "asr", "acd", "pdd", "credit"])
        #expect(request.sort == ["-attempts", "-active"])
        let pivot = try Self.completed(["--pivot", "status"])
        #expect(pivot.columns == ["count", "active", "attempts", "asr", "acd"] && pivot.sort.isEmpty)
    }

    @Test func aLayoutKeepsItsColumnsAndItsOrder() throws {
        var layout = Busyhour_V1_BoardRequest()
        (layout.columns, layout.sort) = (["name", "credit"], ["name"])
        let request = try Self.completed(["--layout", "x"], layout: layout)
        #expect(request.columns.isEmpty && request.sort.isEmpty)
        // One that says neither is a board as any.
        let plain = try Self.completed(["--layout", "x"])
        #expect(plain.columns == BoardDefaults.columns && plain.sort == BoardDefaults.sort)
        layout = .init()
        layout.groupBy = ["country"]
        #expect(try Self.completed(["--layout", "x"], layout: layout).columns == BoardDefaults.groupColumns)
    }

    @Test func theCurrencyIsAskedForWhereItIsMissing() throws {
        var request = try Self.completed(["--columns", "name,credit"])
        #expect(BoardDefaults.addCurrency(&request, layout: .init()))
        #expect(request.columns == ["name", "credit", "currency"])
        for line in [
            [], ["--columns", "all"], ["--columns", "credit,currency"], ["--group-by", "country"],
            ["--pivot", "status"],
        ] {
            request = try Self.completed(line)
            let before = request
            #expect(!BoardDefaults.addCurrency(&request, layout: .init()) && request == before, "\(line)")
        }
        var layout = Busyhour_V1_BoardRequest()
        layout.columns = ["name", "credit"]
        request = try Self.completed(["--layout", "x"], layout: layout)
        #expect(BoardDefaults.addCurrency(&request, layout: layout))
        #expect(request.columns == ["name", "credit", "currency"])
    }
}
