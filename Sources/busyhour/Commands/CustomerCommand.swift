import ArgumentParser

struct CustomerCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "customer",
        abstract: "Create, show, change and delete customers, see what was changed, take it back.",
        subcommands: [
            CustomerAddCommand.self, CustomerShowCommand.self, CustomerListCommand.self, CustomerEditCommand.self,
            CustomerDeleteCommand.self, CustomerHistoryCommand.self, CustomerUndoCommand.self,
            CustomerScheduledCommand.self, CustomerWhoCommand.self,
        ])

    @OptionGroup var global: GlobalOptions
}
