import CallEvents
import Feeds

/// Calls from events in the most obvious way: all events of a key are kept, and judged when all is over. An attempt is
/// a key with a set-up. It is answered when anything answered it; else its final is the last failure that no INVITE
/// with a higher CSeq followed.
struct PlainTracker {
    struct Figures: Equatable {
        var attempts = 0
        var answered = 0
        var completed = 0
        var finals: [String: Int] = [:]
        var unanswered: Int { attempts - finals.values.reduce(0, +) }
    }

    private struct Event {
        var kind: CallEventKind
        var timeMicros: Int64
        var sequence: UInt32
        var code: UInt16
    }

    private var events: [CallKey: [Event]] = [:]
    private var dialogs: [CallKey: Set<CallKey>] = [:]
    private var endedDialogs: Set<CallKey> = []
    private var sources: [CallKey: IPAddress] = [:]
    private(set) var relayedSources: Set<String> = []
    private(set) var directSources: Set<String> = []

    mutating func add(_ batch: CallEventBatch) {
        for index in 0..<batch.count {
            let key = batch.key[index]
            events[key, default: []].append(
                Event(
                    kind: batch.kind[index], timeMicros: batch.timeMicros[index], sequence: batch.sequence[index],
                    code: batch.code[index]))
            let dialog = batch.transaction[index].dialog
            if batch.kind[index] == .answer { dialogs[key, default: []].insert(dialog) }
            if batch.kind[index] == .end && dialog != .none { endedDialogs.insert(dialog) }
            guard batch.kind[index] == .setup else { continue }
            let source = batch.parties[Int(batch.party[index])].source
            sources[key] = source
            let name = source?.description ?? ""
            if batch.relayed[index] { relayedSources.insert(name) } else { directSources.insert(name) }
        }
    }

    /// By the source address of the attempts.
    var figures: [String: Figures] {
        var result: [String: Figures] = [:]
        for (key, source) in sources {
            let heard = events[key] ?? []
            var figures = result[source.description] ?? Figures()
            figures.attempts += 1
            let answers = heard.filter { $0.kind == .answer }
            let lastSequence = heard.filter { $0.kind == .setup }.map(\.sequence).max() ?? 0
            let failures = heard.filter { $0.kind == .failure && $0.sequence >= lastSequence }
            if let answer = answers.min(by: { $0.timeMicros < $1.timeMicros }) {
                figures.answered += 1
                figures.finals[String(answer.code), default: 0] += 1
                if heard.contains(where: { $0.kind == .end }) || !endedDialogs.isDisjoint(with: dialogs[key] ?? []) {
                    figures.completed += 1
                }
            } else if let failure = failures.max(by: { $0.timeMicros < $1.timeMicros }) {
                figures.finals[String(failure.code), default: 0] += 1
            }
            result[source.description] = figures
        }
        return result
    }
}
