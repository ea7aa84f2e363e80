import Columnar
import Randomness
import Testing

@Suite struct GroupNumbersTests {
    @Test(arguments: seeds, [false, true])
    func numbersAreThoseOfADictionary(seed: UInt64, hashesAreEqual: Bool) {
        var random = SeededGenerator(seed: seed)
        var numbers = GroupNumbers(limit: 500, hashesAreEqual: hashesAreEqual)
        var model: [UInt64: UInt32] = [:]
        for _ in 0..<3_000 {
            let key = Bool.random(using: &random) ? random.next() % 700 : random.next() << 40
            if let known = model[key] {
                #expect(numbers.number(of: key) == known && numbers.existingNumber(of: key) == known)
            } else {
                #expect(numbers.existingNumber(of: key) == nil)
                let number = numbers.number(of: key)
                #expect(number == (model.count < 500 ? UInt32(model.count) : nil))
                if let number { model[key] = number }
            }
        }
        #expect(numbers.count == model.count)
        for (number, key) in numbers.keys.enumerated() { #expect(model[key] == UInt32(number)) }
    }
}
