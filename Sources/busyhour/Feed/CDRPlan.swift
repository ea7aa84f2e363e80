// How the files of `feed cdr` are read, by its options and, where they are not given, a template.

import Client
import Feeds
import Terminal
import Wire

struct CDRPlan {
    var formats: FeedFormats
    var options: CDROptions
    var money = CDRMoney()
    var isCostsOnly = false

    /// The identity of a feed besides its files: its server and its settings.
    func identity(_ server: String) -> [String] {
        ["cdr", formats.name, server] + options.identity
            + [money.currency, money.limitMicros == 0 ? nil : String(money.limitMicros)].compactMap { $0 }
            + (isCostsOnly ? ["costs only"] : [])
    }

    func reader(of file: String) throws(CDRUsageError) -> CDRReader {
        var reader = try CDRReader(
            format: formats.records, options: options,
            file: file == InputFile.standardInput ? "standard input" : file)
        reader.money = money
        return reader
    }
}

extension CDRTemplate {
    init(_ message: Busyhour_V1_CDRTemplate) {
        self.init()
        (format, columns, map, filter) = (message.format, message.columns, message.map, message.filter)
        (keep, dispositions) = (message.keep, message.dispositions)
        (durations, timeZone) = (message.durations, message.timeZone)
    }

    var message: Busyhour_V1_CDRTemplate {
        var message = Busyhour_V1_CDRTemplate()
        (message.format, message.columns, message.map, message.filter) = (format, columns, map, filter)
        (message.keep, message.dispositions) = (keep, dispositions)
        (message.durations, message.timeZone) = (durations, timeZone)
        return message
    }
}
