import ArgumentParser

struct CustomerCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "Create, show and list customers.",
        subcommands: [CustomerAddCommand.self, CustomerShowCommand.self, CustomerListCommand.self])

    @OptionGroup var global: GlobalOptions
}
