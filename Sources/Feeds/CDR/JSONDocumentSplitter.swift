/// Finds where JSON documents begin and end in a stream of bytes, whatever the line breaks: one per line,
/// pretty-printed, one directly after the other, or in an array. Other lines (HTTP bodies) are returned as is.
///
/// A damaged document does not affect others: a line break within a string, or a line that begins with `{` where the
/// document before it is not complete, ends the damaged one.
struct JSONDocumentSplitter {
    /// What was found.
    enum Step: Equatable {
        /// All bytes are taken.
        case nothing
        /// The document or line that is in `bytes` is complete.
        case complete
        /// `bytes` holds an incomplete document.
        case broken
        /// More bytes than `CDRLimits.documentBytes`; the rest of the line is skipped.
        case tooLong
    }

    private enum State {
        case between
        case document
        case string
        case escape
        case line
        case skipping
    }

    /// The document or line so far.
    private(set) var bytes: [UInt8] = []
    private var state = State.between
    private var depth = 0
    private var isAtLineStart = true

    /// True if nothing has begun.
    var isEmpty: Bool { bytes.isEmpty && state != .skipping }
    var isSkipping: Bool { state == .skipping }
    var isDocument: Bool { bytes.first == UInt8(ascii: "{") }

    /// Takes bytes from `start` on, up to the end of a document or line.
    ///
    /// Returns what was found, the index to continue at, and the index at which the document or line begins if that is
    /// in these bytes.
    mutating func take(_ text: Span<UInt8>, from start: Int) -> (step: Step, next: Int, beginning: Int?) {
        var at = start
        var beginning: Int?
        if state == .between || state == .skipping {
            at = skipToContent(text, from: start)
            if at == text.count { return (.nothing, at, nil) }
            beginning = at
            state = text[at] == UInt8(ascii: "{") ? .document : .line
            depth = 0
            isAtLineStart = false
        }
        let found = scan(text, from: at)
        let taken = min(found.content, at + CDRLimits.documentBytes - bytes.count)
        keep(text, at..<taken)
        if taken < found.content {
            state = .skipping
            isAtLineStart = false
            return (.tooLong, taken, beginning)
        }
        return (found.step, found.next, beginning)
    }

    /// Skips blanks and the marks between documents, and the rest of a line that is skipped.
    private mutating func skipToContent(_ text: Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "\n"): state = .between
            case _ where state == .skipping: break
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: "["),
                UInt8(ascii: "]"), 0x1E:
                break
            default: return at
            }
            at += 1
        }
        return at
    }

    /// Follows the structure up to the end of the document or line, or of the bytes. `content` is the index after the
    /// last byte that belongs to it.
    private mutating func scan(_ text: Span<UInt8>, from start: Int) -> (step: Step, content: Int, next: Int) {
        // The state is in locals, which the compiler keeps in registers.
        var state = self.state
        var depth = self.depth
        var isAtLineStart = self.isAtLineStart
        defer {
            self.state = state
            self.depth = depth
            self.isAtLineStart = isAtLineStart
        }
        var at = start
        while at < text.count {
            let byte = text[at]
            switch state {
            case .string:
                switch byte {
                case UInt8(ascii: "\""): state = .document
                case UInt8(ascii: "\\"): state = .escape
                case UInt8(ascii: "\n"):
                    state = .between
                    return (.broken, at, at + 1)
                default: break
                }
            case .escape: state = .string
            case .document:
                if isAtLineStart, byte == UInt8(ascii: "{") {
                    state = .between
                    return (.broken, at, at)
                }
                isAtLineStart = byte == UInt8(ascii: "\n")
                switch byte {
                case UInt8(ascii: "\""): state = .string
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                if depth == 0 {
                    state = .between
                    return (.complete, at + 1, at + 1)
                }
            default:
                if byte == UInt8(ascii: "\n") {
                    state = .between
                    return (.complete, at, at + 1)
                }
            }
            at += 1
        }
        return (.nothing, at, at)
    }

    private mutating func keep(_ text: Span<UInt8>, _ range: Range<Int>) {
        text.extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    /// Drops the document that was returned.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Drops everything, for another file.
    mutating func reset() {
        removeAll()
        state = .between
        depth = 0
        isAtLineStart = true
    }
}
