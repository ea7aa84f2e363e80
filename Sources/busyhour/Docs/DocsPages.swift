// The pages of docs/, which travel with the program: `tools/generate-docs` writes `Generated/AllPages.swift`.

struct DocsPage: Sendable {
    /// The file's name without `.md`.
    var topic: String
    /// Markdown, as in the file.
    var text: String
}

enum DocsPages {
    /// - Throws: `UsageError` for a topic that no page has.
    static func text(of topic: String?) throws(UsageError) -> String {
        guard let topic else { return index }
        let name = topic.lowercased().replacing(" ", with: "-")
        if let page = all.first(where: { $0.topic == name || $0.topic + ".md" == name }) { return page.text }
        // The beginning of one topic's name is enough.
        let begun = all.filter { $0.topic.hasPrefix(name) }
        if !name.isEmpty, begun.count == 1 { return begun[0].text }
        let topics = all.map(\.topic)
        let hint =
            NearestName.of(name, among: topics).map { "did you mean '\($0)'?" }
            ?? "known are \(CommandNames.list(topics))"
        throw UsageError("there is no page '\(topic)'; \(hint)")
    }
}
