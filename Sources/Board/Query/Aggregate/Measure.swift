// What a query adds up over the customers of a group.

import Columnar

struct Measure: Hashable {
    enum Operation: Hashable {
        case sum
        /// The sum of the upper and of the lower 32 bits: where a sum may not fit 64 bits, these two do, for up to 2^31
        /// rows.
        case sumOfUpperHalves, sumOfLowerHalves
        case minimum, maximum
        /// The largest of values that are not below 0; 0 where there are no values.
        case peak
        /// The number of rows where it is not null.
        case count
    }

    var operation: Operation
    var source: MeasureSource
}

enum MeasureSource: Hashable {
    /// The customers themselves; can only be counted.
    case customers
    case column(NumberSource)
    /// One of the query's row expressions, by its position among them.
    case expression(Int)
}
