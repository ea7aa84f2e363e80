import Glibc
import Server
import Testing
import Wire

@Suite struct ServerTests {
    @Test func tellsWhereItListens() throws {
        let server = try TestServer()
        defer { server.stop() }
        let (rpc, hep) = (server.server.rpcEndpoint, try #require(server.server.hepEndpoint))
        #expect(rpc.port != 0 && hep.port != 0)
        #expect(
            server.server.summary
                == "busyhourd 0.1.0 listening on 127.0.0.1:\(rpc.port) (rpc) and 127.0.0.1:\(hep.port) (hep udp, tcp)")
    }

    @Test func withoutHEP() throws {
        let server = try TestServer { $0.hep = nil }
        defer { server.stop() }
        #expect(server.server.summary == "busyhourd 0.1.0 listening on \(server.server.rpcEndpoint) (rpc)")
        #expect(try server.client().status().feed("hep-udp").address == "off")
    }

    @Test func listensOnIPv6() throws {
        let server = try TestServer {
            $0.listen = Endpoint(host: "::1", port: 0)
            $0.hep = Endpoint(host: "::1", port: 0)
        }
        defer { server.stop() }
        #expect(server.server.rpcEndpoint.description == "[::1]:\(server.server.rpcEndpoint.port)")
        #expect(server.server.hepEndpoint?.host == "::1")
    }

    @Test func shutdownAnswersWhatWasReadAndClosesConnections() throws {
        let server = try TestServer()
        let (client, idle) = (try server.client(), try server.client())
        _ = try client.status()
        _ = try idle.status()
        server.stop()
        #expect(try client.receive() == nil)
        #expect(try idle.receive() == nil)
        #expect(throws: SocketFailure.self) { try server.client() }
    }

    @Test func portAndDirectoryAreFreeAfterShutdown() throws {
        let first = try TestServer()
        _ = try first.client().status()
        let (listen, hep) = (first.server.rpcEndpoint, first.server.hepEndpoint)
        first.server.shutdown()
        var configuration = ServerConfiguration(dataDirectory: first.directory)
        configuration.listen = listen
        configuration.hep = hep
        let second = try Server.start(configuration, logger: silentLogger())
        #expect(second.rpcEndpoint == listen && second.hepEndpoint == hep)
        second.shutdown()
    }

    @Test func aDirectoryHasOneServer() throws {
        let server = try TestServer()
        defer { server.stop() }
        var configuration = ServerConfiguration(dataDirectory: server.directory)
        configuration.listen = Endpoint(host: "127.0.0.1", port: 0)
        let error = #expect(throws: ServerError.self) { try Server.start(configuration, logger: silentLogger()) }
        #expect(error?.kind == .environment)
        #expect(error?.message.contains("process id \(getpid())") == true)
    }

    @Test func anAddressInUseIsTold() throws {
        let server = try TestServer()
        defer { server.stop() }
        for isRPC in [true, false] {
            let error = #expect(throws: ServerError.self) {
                try TestServer {
                    if isRPC { $0.listen = server.server.rpcEndpoint } else { $0.hep = server.server.hepEndpoint }
                }
            }
            #expect(error?.kind == .environment)
            #expect(error?.message.contains("in use") == true)
            #expect(error?.message.contains(isRPC ? "--listen" : "--hep") == true)
        }
    }

    /// A start that fails for an address leaves nothing behind, and what was there stays as it is.
    @Test func aFailedStartLeavesNoDirectory() throws {
        let server = try TestServer()
        defer { server.stop() }
        for isRPC in [true, false] {
            let directory = temporaryDirectory()
            #expect(throws: ServerError.self) {
                try TestServer(directory: directory + "/deep/data") {
                    if isRPC { $0.listen = server.server.rpcEndpoint } else { $0.hep = server.server.hepEndpoint }
                }
            }
            #expect(access(directory, F_OK) != 0)
        }
        // The error names the process that has the directory, and not the port that it has as well.
        let error = #expect(throws: ServerError.self) {
            try TestServer(directory: server.directory) { $0.listen = server.server.rpcEndpoint }
        }
        #expect(error?.message.contains("process id \(getpid())") == true)
    }

    @Test func addressesThatAreNotOurs() throws {
        let foreign = #expect(throws: ServerError.self) {
            try TestServer { $0.listen = Endpoint(host: "192.0.2.1", port: 0) }
        }
        #expect(foreign?.message.contains("no address of this machine") == true)
        let unknown = #expect(throws: ServerError.self) {
            try TestServer { $0.listen = Endpoint(host: "no..where", port: 0) }
        }
        #expect(unknown?.kind == .usage)
    }

    @Test func aDirectoryThatCannotBe() throws {
        for path in ["/proc/busyhour", "/dev/null", ""] {
            #expect(throws: ServerError.self) {
                try Server.start(ServerConfiguration(dataDirectory: path), logger: silentLogger())
            }
        }
    }
}
