// Results of requests by the client's key, so that a repetition gets the first answer.

/// The result of a request.
enum RequestOutcome: Equatable, Sendable {
    case created(CreateResult)
    case changed(ChangeResult)
}

/// The result of a request with a key, and the request's content.
struct KeyedResult: Equatable, Sendable {
    var outcome: RequestOutcome
    var content: RequestContent

    init(_ outcome: RequestOutcome, _ content: RequestContent) { (self.outcome, self.content) = (outcome, content) }
}

/// Results of mutations by the client's key. The oldest are forgotten.
struct IdempotentResults: Sendable {
    private var results: [[UInt8]: KeyedResult] = [:]
    private var order: [[UInt8]] = []
    private var oldest = 0

    /// All keys, oldest result first.
    var oldestFirst: [[UInt8]] { Array(order[oldest...] + order[..<oldest]) }

    /// An empty key means no key.
    subscript(key: [UInt8]) -> KeyedResult? {
        get { key.isEmpty ? nil : results[key] }
        set {
            guard !key.isEmpty, let newValue, results.updateValue(newValue, forKey: key) == nil else { return }
            if order.count < BoardLimits.idempotentResults {
                order.append(key)
            } else {
                results[order[oldest]] = nil
                order[oldest] = key
                oldest = (oldest + 1) % order.count
            }
        }
    }
}

/// A key that came again with other content: the error for its sender.
public struct KeyConflict: Error, Equatable, Sendable {
    public var message: String
    /// `idempotency_key` in hexadecimal, and the first result: `change`, or `first_id` and the number of created `ids`.
    public var details: [String: String]
}

extension Engine {
    /// Why a request cannot have this key: an earlier one had it with other content. Nil: it can.
    /// - Parameter part: of an import, from 0.
    public func conflict(ofKey key: [UInt8], part: Int = 0, hash: UInt64) -> KeyConflict? {
        guard let before = state.idempotent[key], before.content.isKnown,
            !before.content.has(part: part, hash: hash)
        else { return nil }
        let hex = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let (did, details) = state.words(of: before.outcome)
        return KeyConflict(
            message: "idempotency key \(hex) was used before for another request, which \(did); nothing was done now: "
                + "give each new request a new key, and repeat a key only with the same content",
            details: details.merging(["idempotency_key": hex]) { first, _ in first })
    }

    /// Whether a part that an import under way has already taken may have been this one.
    public func hasImportPart(_ part: Int, hash: UInt64, of key: [UInt8]) -> Bool {
        guard let content = state.imports[key]?.content, content.isKnown else { return true }
        return content.has(part: part, hash: hash)
    }
}

extension EngineState {
    fileprivate func words(of outcome: RequestOutcome) -> (did: String, details: [String: String]) {
        switch outcome {
        case .created(let result):
            guard let first = result.ids.first, let last = result.ids.last else { return ("created nothing", [:]) }
            let which = first == last ? "customer \(first)" : "customers \(first) to \(last)"
            return ("created \(which)", ["first_id": String(first), "ids": String(result.ids.count)])
        case .changed(let result):
            let kind = changes[result.number]?.kind.word ?? "changed"
            let customers = "\(result.changed) customer\(result.changed == 1 ? "" : "s")"
            return ("\(kind) \(customers) as change \(result.number)", ["change": String(result.number)])
        }
    }
}

extension Change.Kind {
    /// What it did, as a verb.
    fileprivate var word: String {
        switch self {
        case .undone, .scheduled: "changed back"
        default: "\(self)"
        }
    }
}
