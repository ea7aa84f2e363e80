// What sums and selections that are cached for the next query depend on, and whether it has changed.

import Columnar

/// Columns that share a version.
enum Dependency: Hashable {
    /// The stored fields.
    case customers
    case lastCall
    case active
    /// The window's counters and sums.
    case window(Window)
    /// The window's busiest seconds.
    case peaks(Window)
    case warnings
    /// Anything without a version.
    case unknown

    init(_ source: NumberSource) {
        switch source {
        case .lastCall: self = .lastCall
        case .input(.active, _), .input(.inboundActive, _): self = .active
        case .input(.cps, _): self = .unknown
        case .input(.cpsPeak, let window): self = .peaks(window)
        case .input(_, let window): self = .window(window)
        case .id, .portalAccess, .credit, .debitLimit, .channels, .flowSpeed, .shortCallSeconds, .createdAt, .updatedAt,
            .version:
            self = .customers
        }
    }

    /// What a field depends on.
    init(_ field: CustomerField) {
        switch field {
        case .status: self = .active
        case .lastCall: self = .lastCall
        case .warnings: self = .warnings
        default: self = .customers
        }
    }

    var window: Window? { if case .window(let window) = self { window } else { nil } }
}

extension EngineState {
    /// A number for the state of some columns in some chunks: as long as it is the same, so are they. Nil where that is
    /// unknown.
    ///
    /// It is the sum of all versions, none of which ever decreases: when one changes, so does the sum.
    func stamp(_ dependencies: Set<Dependency>, chunks: Range<Int>) -> UInt64? {
        // For any query, rows come and go with the stored fields.
        var stamp = customers.fieldDeltas.version(chunks: chunks)
        for dependency in dependencies {
            switch dependency {
            case .customers: break
            case .warnings: stamp &+= warnings.version
            case .lastCall: stamp &+= customers.lastCallVersion
            case .active: stamp &+= customers.activeDeltas.version(chunks: chunks)
            case .window(.all): stamp &+= timeline.all.deltas.version(chunks: chunks)
            case .window(let window): stamp &+= timeline.sliding[window.rawValue].deltas.version(chunks: chunks)
            case .peaks(.all): stamp &+= timeline.all.peakVersion
            case .peaks(let window): stamp &+= timeline.sliding[window.rawValue].peakVersion
            case .unknown: return nil
            }
        }
        return stamp
    }
}

extension BoardPlan {
    /// All that an answer shows, or that determines what it shows.
    var dependencies: Set<Dependency> {
        var found = Set(fields.map(Dependency.init))
        // The status shown depends on live calls.
        if !status.isEmpty { found.insert(.active) }
        for column in columns {
            found.formUnion(column.expression.dependencies)
            if let total = column.total { found.formUnion(total.dependencies) }
        }
        for key in sort { found.formUnion(key.expression.dependencies) }
        if let filter { found.formUnion(filter.dependencies) }
        if !quantileWindows.isEmpty || !rowQuantileWindows.isEmpty { found.insert(.unknown) }
        return found
    }
}
