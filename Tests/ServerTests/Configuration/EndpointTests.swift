import Server
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("127.0.0.1:7878", "127.0.0.1", 7_878), ("[::1]:7878", "::1", 7_878), ("localhost:0", "localhost", 0),
        ("[2001:db8::1]:65535", "2001:db8::1", 65_535),
    ])
    func reads(text: String, host: String, port: Int) throws {
        let endpoint = try Endpoint(parsing: text)
        #expect(endpoint == Endpoint(host: host, port: UInt16(port)))
        #expect(endpoint.description == text)
    }

    @Test(arguments: [
        "", ":", "127.0.0.1", "127.0.0.1:", ":7878", "[]:1", "::1:7878", "a:65536", "a:-1", "a:b", "[::1]",
    ])
    func refuses(text: String) {
        let error = #expect(throws: ServerError.self) { try Endpoint(parsing: text) }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains("HOST:PORT") == true)
    }
}
