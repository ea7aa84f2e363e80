// The actor of a change, for the history.

import ArgumentParser
import Glibc

struct ActorOptions: ParsableArguments {
    @Option(
        name: .customLong("as"), help: ArgumentHelp("Who does it, for the history. (default: $USER)", valueName: "name")
    )
    var actor: String?

    var who: String { actor ?? getenv("USER").map { String(cString: $0) } ?? "" }
}
