import Board
import CallEvents
import Feeds
import Server
import Testing

@Suite struct SettingsTests {
    private func settings(_ text: String) throws -> Settings {
        try Settings(parsing: Array(text.utf8), path: "b.conf")
    }

    @Test func readsEveryKey() throws {
        let configuration = try settings(
            """
            # a comment
            data-dir = /srv/busyhour
              listen=[::1]:1

            hep = 10.0.0.9:2\r
            hep-key = a = b
            switch = 10.0.0.5
            switch = 2001:db8::5
            clock = events
            cost-limit = 500.25
            cost-limit = vnd  5000000
            agent-clock = refuse
            hep-tls = 10.0.0.9:9061
            hep-tls-cert = /etc/busyhour/cert.pem
            hep-tls-key = /etc/busyhour/key.pem
            hep-tls-ca = /etc/busyhour/agents.pem
            """
        ).serverConfiguration()
        #expect(configuration.dataDirectory == "/srv/busyhour")
        #expect(configuration.listen == Endpoint(host: "::1", port: 1))
        #expect(configuration.hep == Endpoint(host: "10.0.0.9", port: 2))
        #expect(configuration.hepKey == "a = b")
        #expect(configuration.switches == [IPAddress("10.0.0.5"), IPAddress("2001:db8::5")])
        #expect(
            configuration.costLimit
                == CostLimit(micros: 500_250_000, microsByCurrency: ["VND": 5_000_000_000_000]))
        #expect(configuration.clock == .events && configuration.agentClock == .refuse)
        #expect(
            configuration.hepTLS
                == HEPTLS(
                    endpoint: Endpoint(host: "10.0.0.9", port: 9_061), certificatePath: "/etc/busyhour/cert.pem",
                    keyPath: "/etc/busyhour/key.pem", clientAuthorityPath: "/etc/busyhour/agents.pem"))
    }

    @Test func whatIsNotSaidIsTheDefault() throws {
        let configuration = try settings("data-dir = d").serverConfiguration()
        #expect(configuration.listen == Endpoint(host: "127.0.0.1", port: 7_878))
        #expect(configuration.hep == Endpoint(host: "127.0.0.1", port: 9_060))
        #expect(configuration.hepKey == nil && configuration.switches.isEmpty && configuration.clock == .wall)
        #expect(configuration.agentClock == .correct && configuration.hepTLS == nil)
    }

    @Test func theCommandLineGoesFirst() throws {
        var told = Settings()
        told.listen = "127.0.0.1:5"
        told.switches = ["10.0.0.1"]
        let both = told.over(try settings("data-dir = d\nlisten = 127.0.0.1:6\nhep = off\nswitch = 10.0.0.2"))
        #expect(both.listen == "127.0.0.1:5")
        #expect(both.switches == ["10.0.0.1"])
        #expect(both.dataDirectory == "d")
        #expect(try both.serverConfiguration().hep == nil)
        let off = try settings("data-dir = d\nhep-tls = off\nhep-tls-cert = c.pem").serverConfiguration()
        #expect(off.hepTLS == nil)
    }

    @Test(arguments: [
        ("listen", "b.conf:1: no '='"), ("\n\nport = 7", "b.conf:3: no key 'port'"), ("hep =", "b.conf:1: a value"),
        ("clock = wall\nclock = wall", "b.conf:2: a value is missing, or the key is there twice"),
    ])
    func refusesLines(text: String, message: String) {
        let error = #expect(throws: ServerError.self) { try settings(text) }
        #expect(error?.kind == .usage)
        #expect(error?.message.hasPrefix(message) == true)
    }

    @Test func refusesBytesThatAreNoText() {
        #expect(throws: ServerError.self) { try Settings(parsing: [0xFF, 0xFE], path: "b.conf") }
        #expect(throws: ServerError.self) { try Settings(path: "/nowhere/b.conf") }
    }

    @Test(arguments: [
        "", "data-dir = d\nclock = moon", "data-dir = d\nagent-clock = ask",
        "data-dir = d\nswitch = pbx", "data-dir = d\nlisten = here",
        "data-dir = d\ncost-limit = 0", "data-dir = d\ncost-limit = much", "data-dir = d\ncost-limit = 1.0000001",
        "data-dir = d\ncost-limit = EURO 5", "data-dir = d\ncost-limit = 5\ncost-limit = 6",
        "data-dir = d\ncost-limit = -1",
        "data-dir = d\ncost-limit = EUR 5\ncost-limit = eur 5", "data-dir = d\ncost-limit = 99999999999999999999",
        "data-dir = d\ncost-limit = EUR 5 6", "data-dir = d\nhep-tls = 127.0.0.1:9061",
        "data-dir = d\nhep-tls = 127.0.0.1:9061\nhep-tls-cert = c.pem", "data-dir = d\nhep-tls-key = k.pem",
        "data-dir = d\nhep-tls = 9061\nhep-tls-cert = c.pem\nhep-tls-key = k.pem",
    ])
    func refusesValues(text: String) {
        let error = #expect(throws: ServerError.self) { try settings(text).serverConfiguration() }
        #expect(error?.kind == .usage)
    }

    /// Each setting: told on the command line, in the file, in both or in none.
    @Test func theCommandLineGoesFirstInEverySetting() {
        let texts: [WritableKeyPath<Settings, String?>] = [
            \.dataDirectory, \.listen, \.hep, \.hepTLS, \.hepTLSCertificate, \.hepTLSKey, \.hepTLSAuthority, \.hepKey,
            \.clock, \.agentClock, \.debit, \.journalSegment, \.keepCalls, \.maskNumbers,
        ]
        let lists: [WritableKeyPath<Settings, [String]>] = [\.switches, \.costLimits]
        #expect(Mirror(reflecting: Settings()).children.count == texts.count + lists.count, "one is missing here")
        for path in texts {
            var (told, file) = (Settings(), Settings())
            #expect(told.over(file) == Settings())
            file[keyPath: path] = "f"
            #expect(told.over(file) == file)
            told[keyPath: path] = "t"
            #expect(told.over(file) == told)
            #expect(told.over(Settings()) == told)
        }
        for path in lists {
            var (told, file) = (Settings(), Settings())
            file[keyPath: path] = ["f", "g"]
            #expect(told.over(file) == file)
            told[keyPath: path] = ["t"]
            #expect(told.over(file) == told)
            #expect(told.over(Settings()) == told)
        }
    }

    /// As fine as amounts are, and no finer; more than nothing, and no more than a call may cost.
    @Test func limitsOfCostsHaveSixDecimals() throws {
        func limit(_ text: String) throws -> Int64? {
            try? settings("data-dir = d\ncost-limit = EUR \(text)").serverConfiguration().costLimit
                .microsByCurrency["EUR"]
        }
        for digits in 1...8 {
            let text = "0." + String(repeating: "0", count: digits - 1) + "1"
            let micros = (0..<max(0, 6 - digits)).reduce(1 as Int64) { micros, _ in micros * 10 }
            #expect(try limit(text) == (digits <= 6 ? micros : nil), "\(text)")
        }
        let most = BoardLimits.costMicros / 1_000_000
        #expect(try limit("\(most)") == most * 1_000_000)
        #expect(try limit("\(most + 1)") == nil)
        #expect(try limit("0") == nil)
        #expect(try limit("0.000000") == nil)
        #expect(try limit("1.") == nil)
        #expect(try limit(".5") == nil)
        #expect(try limit("1.234567") == 1_234_567)
    }
}
