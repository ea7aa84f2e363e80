import CallEvents
import Testing

@testable import Feeds

/// How files are read, as stored under a name: every part is used, and what is wrong with one is told with its option.
@Suite struct TemplateTests {
    private static func template(_ change: (inout CDRTemplate) -> Void) -> CDRTemplate {
        var template = CDRTemplate()
        template.format = "csv"
        change(&template)
        return template
    }

    @Test func everyPart() throws {
        let plain = try Self.template { _ in }.options()
        #expect(plain.format == .csv && plain.preset == nil && plain.options == CDROptions())
        let whole = Self.template {
            ($0.columns, $0.map) = ("first, second,third", "id=first,setup_at=second,talk=third")
            ($0.filter, $0.keep, $0.dispositions) = ("#1 != 'x'", "last", "gone=404")
            ($0.durations, $0.timeZone) = ("min", "Europe/Berlin")
        }
        #expect(
            whole.parts.map(\.option) == [
                "format", "columns", "map", "filter", "keep", "dispositions", "durations", "time-zone",
            ])
        let options = try whole.options().options
        #expect(options.columns == ["first", "second", "third"] && options.map.text == whole.map)
        #expect(options.filter?.text == whole.filter && options.keep == .last)
        #expect(options.dispositions.text == whole.dispositions && options.durations == .minutes)
        #expect(options.timeZone == "Europe/Berlin")
        #expect(Self.template { _ in }.parts.map(\.text) == ["csv"])
    }

    /// A preset has options of its own, which a part overrides.
    @Test func presets() throws {
        for preset in CDRPreset.allCases {
            let read = try Self.template { $0.format = preset.rawValue }.options()
            #expect(read.format == .csv && read.preset == preset && read.options == preset.options)
            let zone = try Self.template { ($0.format, $0.timeZone) = (preset.rawValue, "+02:00") }.options()
            #expect(zone.options.timeZone == "+02:00" && zone.options.map == preset.options.map)
        }
    }

    @Test(arguments: [
        ("format", "csw"), ("columns", "a,b"), ("map", "id"), ("filter", "a ="), ("keep", "both"),
        ("dispositions", "a=99"), ("durations", "h"), ("time-zone", "Mars/Base"),
    ])
    func whatIsWrong(option: String, text: String) {
        let template = Self.template {
            switch option {
            case "format": $0.format = text
            case "columns": $0.columns = text
            case "map": $0.map = text
            case "filter": $0.filter = text
            case "keep": $0.keep = text
            case "dispositions": $0.dispositions = text
            case "durations": $0.durations = text
            default: $0.timeZone = text
            }
        }
        let error = #expect(throws: CDRUsageError.self) { try template.options() }
        let word = option == "time-zone" ? "time zone" : option
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        // The place in a filter counts from 1.
        #expect(option != "filter" || error?.message.contains("at character 4") == true, "\(error?.message ?? "")")
    }
}
