// Valid expressions, damaged: whatever comes of them is answered or refused, and never ends the process.

import Randomness
import Testing

@testable import Board

@Suite struct MutatedExpressionTests {
    private static let pieces: [Character] = Array("()'%_,.-+*/<>=! \t0123456789eExyzNOTANDß\u{301}漢🙂\0\n\"\\;")

    @Test(arguments: Seeds.fixed(20_261_126)) func damagedExpressionsAreAnsweredOrRefused(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var board = try SampleBoard(customers: 12, calls: 60, using: &generator)
        var answered = 0
        for number in 0..<3_000 {
            var maker = ExpressionMaker(generator: generator, window: .oneHour)
            var query = maker.query(grouped: number % 2 == 0).query
            generator = maker.generator
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: query.filter = damaged(query.filter, using: &generator)
            case 1: query.columns = query.columns.map { damaged($0, using: &generator) }
            case 2: query.sort = query.sort.map { damaged($0, using: &generator) }
            default:
                query.filter = damaged(query.filter, using: &generator)
                query.groupBy = query.groupBy.map { damaged($0, using: &generator) }
                query.pivot = damaged(query.pivot, using: &generator)
            }
            do {
                let answer = try board.state.board(query, now: board.now)
                #expect(answer.matched <= 12)
                answered += 1
            } catch {
                #expect(!error.message.isEmpty && !error.message.contains("\n"))
                if let position = error.position { #expect(position >= 0) }
            }
        }
        // Some damage does no harm, and most does.
        #expect((1..<2_900).contains(answered), "\(answered) answered")
    }

    private func damaged(_ text: String, using generator: inout SeededGenerator) -> String {
        var characters = Array(text)
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0...characters.count, using: &generator)
            let piece = Self.pieces.randomElement(using: &generator) ?? "x"
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: characters.insert(piece, at: place)
            case 1 where place < characters.count: characters.remove(at: place)
            case 2 where place < characters.count: characters[place] = piece
            default: characters.insert(contentsOf: characters.prefix(place), at: place)
            }
        }
        return String(characters)
    }
}
