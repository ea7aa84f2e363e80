import Client
import Glibc
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
        #expect(Ending(running: OutputError.failed(errno: ENOSPC)).exitCode == 1)
    }

    @Test func refusedRowsAreAllNamed() {
        #expect(Ending(running: Refusal(lines: ["a", "b"])) == Ending(exitCode: 1, errors: ["a", "b"]))
    }

    private static func wrong(_ position: String, _ expression: String? = nil) -> ClientError {
        var details = ["position": position]
        details["expression"] = expression
        return .server(code: "INVALID_ARGUMENT", message: "there is no column 'asz'", details: details)
    }

    @Test func aWrongExpressionIsPointedIntoOnATerminal() throws {
        let error = try #require(ExpressionError(Self.wrong("10"), filter: "asr < 40 AND asz > 1"))
        let ending = Ending(running: error)
        #expect(ending.exitCode == 2)
        #expect(ending.shownErrors(width: nil) == ["busyhour: there is no column 'asz' (at character 11)"])
        #expect(
            ending.shownErrors(width: 80)
                == ["busyhour: there is no column 'asz'", "  asr < 40 AND asz > 1", "            ^"])
        let column = try #require(ExpressionError(Self.wrong("2", "1 asz"), filter: "x"))
        #expect(column.expression == "1 asz" && column.position == 2)
    }

    @Test func whatIsNoPlaceIsNotPointedInto() {
        for (position, filter) in [("", "asr"), ("-1", "asr"), ("4", "asr"), ("x", "asr"), ("0", "")] {
            #expect(ExpressionError(Self.wrong(position), filter: filter) == nil)
        }
        #expect(ExpressionError(.closed, filter: "asr") == nil)
        #expect(ExpressionError(Self.wrong("3"), filter: "asr")?.position == 3)
    }

    /// Whatever the width, the caret stands under the character.
    @Test(arguments: [20, 30, 60, 200])
    func longExpressionsAreCutAroundThePlace(width: Int) {
        let expression = "name = '日本\u{1B}' AND " + String(repeating: "a OR ", count: 30)
        for position in 0...expression.count {
            let error = ExpressionError(message: "m", expression: expression, position: position)
            let lines = error.pointer(width: width)
            #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
            #expect(!lines[0].contains("\u{1B}"))
            let place = DisplayWidth.of(lines[1]) - 1
            var cells = 0
            let under = lines[0].first { character in
                defer { cells += DisplayWidth.of(String(character)) }
                return cells >= place
            }
            let expected = position < expression.count ? Array(expression)[position] : nil
            #expect(under == (expected == "\u{1B}" ? "\\" : expected) || under == "…", "\(position): \(lines)")
        }
    }
}
