// Where feeds store what a later run needs: `$XDG_STATE_HOME/busyhour`, or `~/.local/state/busyhour`.

import Foundation

enum StateFolder {
    /// The folder, created if missing; nil: there is none, or it cannot be created.
    static func path(_ environment: [String: String]) -> String? {
        func directory(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let state = directory("XDG_STATE_HOME") ?? directory("HOME").map({ $0 + "/.local/state" }) else {
            return nil
        }
        let folder = state + "/busyhour"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            return nil
        }
        return folder
    }

    /// The path without `..` and from the root, so that a file has one name.
    static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}

/// FNV-1a, 64 bits: the same in every process. For names of files and their heads, which have no adversary.
struct StableHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    /// A text with its end, so that ("ab", "c") and ("a", "bc") differ.
    mutating func add(_ text: String) {
        add(text.utf8)
        add([0xFF])
    }

    var text: String { String(value, radix: 16) }
}
