// Layouts as text: their board queries.

import Terminal
import Wire

struct LayoutReport: Report {
    var answer: Busyhour_V1_LayoutResponse
    var verb = ""

    func lines(_ page: Page) -> [String] {
        let layout = answer.layout
        if !verb.isEmpty { return [VisibleText.clean("\(verb) layout '\(layout.name)'")] }
        let kept =
            answer.versions.isEmpty ? [] : [("versions", answer.versions.map(String.init).joined(separator: ", "))]
        return (LayoutsReport.fields(layout, page) + kept).filter { !$0.1.isEmpty }.map { name, text in
            name + String(repeating: " ", count: max(1, 12 - name.count)) + VisibleText.clean(text)
        }
    }

    var json: JSONValue {
        guard case .object(let members) = LayoutsReport.json(answer.layout), !answer.versions.isEmpty else {
            return LayoutsReport.json(answer.layout)
        }
        return .object(members + [.init("versions", .array(answer.versions.map { .unsigned(UInt64($0)) }))])
    }
}

struct LayoutsReport: Report {
    var layouts: [Busyhour_V1_Layout]

    func lines(_ page: Page) -> [String] {
        let names = ["name", "version", "owner", "shared", "saved", "where", "columns", "sort"]
        var table = TextTable(names.map { .init($0, $0 == "version" ? .right : .left) })
        table.rows = layouts.map { layout in
            let fields = Dictionary(uniqueKeysWithValues: Self.fields(layout, page))
            return names.map { name in
                let text = fields[name] ?? ""
                return .init(text.isEmpty ? "-" : text)
            }
        }
        return table.lines(page, hint: "see --format json or csv")
    }

    var json: JSONValue { .array(jsonRows) }
    var jsonRows: [JSONValue] { layouts.map(Self.json) }

    static func fields(_ layout: Busyhour_V1_Layout, _ page: Page) -> [(String, String)] {
        let query = layout.query
        return [
            ("name", layout.name), ("version", String(layout.version)), ("owner", layout.owner),
            ("shared", layout.shared ? "yes" : "no"), ("saved", page.time(layout.savedAt)),
            ("where", query.where), ("search", query.search), ("status", query.status),
            ("group_by", query.groupBy.joined(separator: ", ")), ("pivot", query.pivot),
            ("columns", query.columns.joined(separator: ", ")), ("sort", query.sort.joined(separator: ", ")),
            ("window", query.window), ("limit", query.limit == 0 ? "" : String(query.limit)),
            ("widths", list(query.styles.filter { $0.width > 0 }) { "\($0.column)=\($0.width)" }),
            ("pins", list(query.styles.filter(\.pinned), \.column)),
            ("formats", list(query.styles.filter { !$0.format.isEmpty }) { "\($0.column)=\($0.format)" }),
        ]
    }

    private static func list(
        _ styles: [Busyhour_V1_ColumnStyle], _ text: (Busyhour_V1_ColumnStyle) -> String
    ) -> String {
        styles.map(text).joined(separator: ", ")
    }

    static func json(_ layout: Busyhour_V1_Layout) -> JSONValue {
        let query = layout.query
        return .object([
            .init("name", .text(layout.name)), .init("version", .unsigned(UInt64(layout.version))),
            .init("owner", .optional(layout.owner)), .init("shared", .bool(layout.shared)),
            .init("saved_at", .time(layout.savedAt)), .init("where", .optional(query.where)),
            .init("search", .optional(query.search)), .init("status", .optional(query.status)),
            .init("group_by", .array(query.groupBy.map(JSONValue.text))), .init("pivot", .optional(query.pivot)),
            .init("columns", .array(query.columns.map(JSONValue.text))),
            .init("sort", .array(query.sort.map(JSONValue.text))), .init("window", .optional(query.window)),
            .init("limit", query.limit == 0 ? .null : .unsigned(query.limit)),
            .init(
                "styles",
                .array(
                    query.styles.map { style in
                        .object([
                            .init("column", .text(style.column)),
                            .init("width", style.width == 0 ? .null : .unsigned(UInt64(style.width))),
                            .init("pinned", .bool(style.pinned)), .init("format", .optional(style.format)),
                        ])
                    })),
        ])
    }
}
