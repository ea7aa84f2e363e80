/// `results[i] += values[i] * factor`, modulo the width. 3 times faster with AVX2 than without.
@inline(never)
@specialized(where Value == UInt8, Result == Int64)
@specialized(where Value == UInt16, Result == Int64)
@specialized(where Value == UInt32, Result == Int64)
@specialized(where Value == Int32, Result == Int64)
@specialized(where Value == Int64, Result == Int64)
@specialized(where Value == UInt8, Result == UInt32)
@specialized(where Value == UInt16, Result == UInt32)
@specialized(where Value == UInt32, Result == UInt32)
public func addMultiple<Value: FixedWidthInteger, Result: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, by factor: Result, into results: UnsafeMutableBufferPointer<Result>
) {
    precondition(values.count == results.count, "one result for each value")
    guard let value = values.baseAddress, let result = results.baseAddress else { return }
    // Safe: below the count of both.
    if factor == 1 {
        for i in 0..<values.count { result[i] &+= Result(truncatingIfNeeded: value[i]) }
    } else {
        for i in 0..<values.count { result[i] &+= Result(truncatingIfNeeded: value[i]) &* factor }
    }
}
