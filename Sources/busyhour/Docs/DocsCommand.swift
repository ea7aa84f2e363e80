import ArgumentParser
import Terminal

struct DocsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs", abstract: "Show the documentation in the terminal.",
        discussion: """
            busyhour docs                lists the topics
            busyhour docs metrics        shows a page
            busyhour docs metrics | less

            In a terminal the page is laid out for its width; in a pipe or file it is Markdown, unless --format says otherwise. \
            No server is needed.
            """)

    /// Cells of a line that are read without effort; and of a line where no terminal says how wide it is.
    private static let widestLine = 110

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The page; without it, the list of pages.")
    var topic: String?

    func validate() throws {
        // As for every command, although no server is asked.
        _ = try global.serverAddress()
        _ = try global.shownZone()
        _ = try format()
        _ = try DocsPages.text(of: topic)
    }

    func run() async throws {
        let device = OutputDevice.standardOutput
        let format = try format() ?? (device.isTerminal ? .text : .markdown)
        let text = try DocsPages.text(of: topic)
        try device.write(Self.shown(text, as: format, width: device.width, colours: device.colours))
    }

    /// - Parameter width: of the terminal; nil: there is none.
    static func shown(_ markdown: String, as format: Format, width: Int?, colours: Bool) -> String {
        guard format == .text else { return markdown }
        let width = min(width ?? widestLine, widestLine)
        return Markdown.lines(markdown, width: width, colours: colours).map { $0 + "\n" }.joined()
    }

    enum Format: String, CaseIterable {
        case text, markdown
    }

    /// Nil: not given.
    /// - Throws: `UsageError`.
    func format() throws(UsageError) -> Format? {
        guard let name = global.format.last else { return nil }
        guard let format = Format(rawValue: name) else {
            throw UsageError("--format of docs has no '\(name)'; give text or markdown")
        }
        return format
    }
}
