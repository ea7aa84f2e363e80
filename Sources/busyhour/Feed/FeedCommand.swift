import ArgumentParser

struct FeedCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Send a capture or CDRs to the server and say what became of them.",
        subcommands: [FeedHEPCommand.self, FeedCDRCommand.self])
}
