import Client
import Terminal
import Testing

@testable import busyhour

@Suite struct EndingTests {
    @Test(
        arguments: [
            (ClientError.cannotReach(address: "a:1", reason: "refused"), 3),
            (.connectionLost(address: "a:1", reason: "gone"), 3),
            (.timedOut(.seconds(1)), 3), (.protocolViolation("x"), 3),
            (.server(code: "NOT_FOUND", message: "no customer with id 9", details: [:]), 1),
            (.server(code: "INVALID_ARGUMENT", message: "there is no column 'x'", details: [:]), 2),
        ] as [(ClientError, Int32)])
    func clientErrorsHaveTheirCodes(error: ClientError, exitCode: Int32) {
        let ending = Ending(running: error)
        #expect(ending.exitCode == exitCode)
        #expect(ending.errors.count == 1)
    }

    @Test func theServersMessageIsShownAsItIs() {
        let error = ClientError.server(code: "NOT_FOUND", message: "no customer with id 9", details: [:])
        #expect(Ending(running: error).errors == ["no customer with id 9"])
    }

    @Test func aReaderThatHasGoneIsNoFailure() {
        #expect(Ending(running: OutputError.closed) == .done)
        #expect(Ending(running: OutputError.failed("No space left on device")).exitCode == 1)
    }

    @Test func refusedRowsAreAllNamed() {
        #expect(Ending(running: Refusal(lines: ["a", "b"])) == Ending(exitCode: 1, errors: ["a", "b"]))
    }
}
