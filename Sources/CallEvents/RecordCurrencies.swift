/// The currencies of a batch's costs. An amount without one is in the customer's currency.
public struct RecordCurrencies: Equatable, Sendable {
    /// ISO 4217, at most 255.
    public private(set) var codes: [String] = []
    /// One element per call: 0: none given; n: `codes[n - 1]`. Empty: all calls are in `codes[0]`, if there is one.
    public private(set) var ofCall: [UInt8] = []

    public init() {}

    /// - Returns: nil if an index has no code, or there are more codes than an index can address.
    public init?(codes: [String], ofCall: [UInt8]) {
        guard codes.count <= Int(UInt8.max), ofCall.allSatisfy({ Int($0) <= codes.count }) else { return nil }
        self.codes = codes
        self.ofCall = ofCall
    }

    /// One currency for all calls.
    public init(all code: String) { codes = [code] }

    public var isEmpty: Bool { codes.isEmpty }

    /// Index into `codes`, plus 1; 0: none given.
    @inline(__always)
    public func index(ofCall row: Int) -> Int {
        ofCall.isEmpty ? min(1, codes.count) : Int(ofCall[row])
    }

    /// The code of the call at an index; nil: none given.
    public func code(ofCall row: Int) -> String? {
        let index = index(ofCall: row)
        return index == 0 ? nil : codes[index - 1]
    }

    /// Appends the currency of the next call.
    /// - Parameters:
    ///   - code: nil: none given.
    ///   - calls: how many were appended before.
    public mutating func append(_ code: String?, after calls: Int) {
        // As long as all calls are alike there is no column.
        if ofCall.isEmpty {
            if code == codes.first { return }
            if calls == 0, let code {
                codes = [code]
                return
            }
            ofCall = Array(repeating: codes.isEmpty ? 0 : 1, count: calls)
        }
        ofCall.append(code.map { index(of: $0) } ?? 0)
    }

    /// Replaces the currency of a call.
    /// - Parameters:
    ///   - code: nil: none given.
    ///   - calls: how many were appended.
    public mutating func replace(at row: Int, by code: String?, of calls: Int) {
        if code == self.code(ofCall: row) { return }
        if ofCall.isEmpty { ofCall = Array(repeating: codes.isEmpty ? 0 : 1, count: calls) }
        ofCall[row] = code.map { index(of: $0) } ?? 0
    }

    /// The index of a code, assigned if it has none. More codes than ISO 4217 has do not occur.
    private mutating func index(of code: String) -> UInt8 {
        if let known = codes.firstIndex(of: code) { return UInt8(known + 1) }
        guard codes.count < Int(UInt8.max) else { return 0 }
        codes.append(code)
        return UInt8(codes.count)
    }

    /// The currencies of some calls of the batch.
    public subscript(range: Range<Int>) -> RecordCurrencies {
        var part = self
        if !ofCall.isEmpty { part.ofCall = Array(ofCall[range]) }
        return part
    }

    /// Removes the first calls.
    mutating func removeFirst(_ count: Int) { ofCall.removeFirst(min(count, ofCall.count)) }

    mutating func removeAll() { if !isEmpty { self = RecordCurrencies() } }
}
