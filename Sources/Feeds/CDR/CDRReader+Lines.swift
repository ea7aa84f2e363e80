import Foundation

/// Splits a CSV or flat file into lines, however its pieces are cut.
extension CDRReader {
    mutating func readLines(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let base = bytes.baseAddress else { return }
        var at = 0
        while at < bytes.count {
            if carry.isEmpty, !isSkipping {
                rowOffset = offset
                rowLine = lines + 1
            }
            // `at` is below `count`, so the pointer and the rest of the count lie within the buffer.
            let found = memchr(base + at, 0x0A, bytes.count - at)
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? bytes.count
            let piece = bytes.span.extracting(at..<end)
            offset += Int64(end - at) + (found == nil ? 0 : 1)
            at = end + 1
            if found == nil {
                keep(piece)
                return
            }
            lines += 1
            if isSkipping { isSkipping = false } else { endLine(piece) }
            if isUnreadable {
                offset += Int64(bytes.count - min(at, bytes.count))
                return
            }
        }
    }

    /// Reads the row that ends with this line, or with this rest of one.
    mutating func endLine(_ piece: Span<UInt8>) {
        if carry.isEmpty, piece.count <= CDRLimits.lineBytes { readLine(piece) } else { readKept(adding: piece) }
    }

    /// Stores the beginning of a line, up to the longest line.
    mutating func keep(_ piece: Span<UInt8>) {
        if isSkipping { return }
        if carry.count + piece.count > CDRLimits.lineBytes, openLines > 0 {
            giveUpOpenRow()
            return keep(piece)
        }
        if carry.count + piece.count > CDRLimits.lineBytes {
            refuseLongLine(piece)
            isSkipping = true
            return
        }
        for index in piece.indices { carry.append(piece[index]) }
    }

    private mutating func refuseLongLine(_ piece: Span<UInt8>) {
        counters.rows += 1
        carry.removeAll(keepingCapacity: true)
        report(RowFault(name: .longLine), in: piece)
    }

    private mutating func readKept(adding piece: Span<UInt8>) {
        if carry.count + piece.count > CDRLimits.lineBytes {
            if openLines == 0 { return refuseLongLine(piece) }
            giveUpOpenRow()
            return endLine(piece)
        }
        for index in piece.indices { carry.append(piece[index]) }
        // The line leaves `self` while it is read, so that reading may change everything else.
        var line: [UInt8] = []
        swap(&line, &carry)
        readLine(line.span)
        // A row that continues in the next line is in `carry` again.
        guard carry.isEmpty else { return }
        line.removeAll(keepingCapacity: true)
        swap(&line, &carry)
    }

    /// At the end of a file: a last line without line break.
    mutating func finishLines() {
        isSkipping = false
        while openLines > 0 { giveUpOpenRow() }
        defer { refuseTitles() }
        if carry.isEmpty { return }
        lines += 1
        var line: [UInt8] = []
        swap(&line, &carry)
        readLine(line.span, isCut: true)
    }

    /// A compressed file cannot be read any further. The row in which it breaks off is dropped; `finish` emits the
    /// others.
    public mutating func endDamaged(_ error: DecompressionError) {
        let isWithinRow = format.isJSON ? !documents.isEmpty : !carry.isEmpty || isSkipping
        if isWithinRow { offset = rowOffset }
        (isSkipping, openLines) = (false, 0)
        carry.removeAll(keepingCapacity: true)
        documents.reset()
        rowLine = lines + 1
        let whole = counters.rows
        counters.rows += 1
        note(
            CDRError(
                file: file, line: rowLine, name: .cutFile,
                message: "\(error.message), after \(whole) rows; \(error.remedy)"))
    }

    /// Reads one line without its line break. `isCut`: the file ends here without one, so an unreadable row was
    /// most likely not written to its end.
    mutating func readLine(_ whole: Span<UInt8>, isCut: Bool = false) {
        var start = 0
        var end = whole.count
        if end > 0, whole[end - 1] == 0x0D { end -= 1 }
        if rowOffset == 0 {
            if end >= 3, whole[0] == 0xEF, whole[1] == 0xBB, whole[2] == 0xBF { start = 3 }
            if end >= 2, whole[0] ^ whole[1] == 0x01, whole[0] >= 0xFE {
                // The mark of UTF-16: none of its lines can be read.
                counters.rows += 1
                isUnreadable = true
                return report(RowFault(name: .encoding), in: whole)
            }
        }
        let line = whole.extracting(start..<end)
        if Self.isBlank(line) { return }
        counters.rows += 1
        do throws(RowFault) {
            try readRow(line)
            openLines = 0
        } catch {
            if error.isOpen && !isCut && mayGoOn(whole) { return keepOpen(whole) }
            if openLines > 0 { return refuseJoined(whole) }
            report(isCut ? RowFault(name: .cutLine) : error, in: line)
        }
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        for index in line.indices where line[index] != 0x20 && line[index] != 0x09 { return false }
        return true
    }

    /// Counts a row that cannot be read, and stores its text if there is room.
    mutating func report(_ fault: RowFault, in line: Span<UInt8>) {
        if errors.count < CDRLimits.errorsKept { return note(error(fault, in: line)) }
        counters.errors += 1
        counters.errorsByName[fault.name, default: 0] += 1
    }

    /// Counts and stores an error.
    mutating func note(_ error: CDRError) {
        counters.errors += 1
        counters.errorsByName[error.name, default: 0] += 1
        if errors.count < CDRLimits.errorsKept { errors.append(error) }
    }

    func error(_ fault: RowFault, in line: Span<UInt8>) -> CDRError {
        CDRError(file: file, line: rowLine, name: fault.name, message: message(fault, line))
    }

    /// Records that a row was read in spite of an unknown disposition, once it has become part of a call.
    mutating func warnOfDisposition(_ line: Span<UInt8>, _ layout: CDRLayout, isAnswered: Bool) {
        counters.warningsByName[.disposition, default: 0] += 1
        guard warnings.count < CDRLimits.errorsKept, let field = field(.disposition, layout) else { return }
        let outcome = isAnswered ? "answered, by its talk time" : "failed"
        let message = "the disposition \"\(Self.excerpt(line, field))\" is not known; the call counts as \(outcome)"
        warnings.append(CDRWarning(file: file, line: rowLine, name: .disposition, message: message))
    }

    private func message(_ fault: RowFault, _ line: Span<UInt8>) -> String {
        var text = fault.problem
        if fault.name == .fields, fault.expected > 0 {
            text += " (\(fields.count), expected \(fault.expected))"
        } else if fault.field >= 0, fault.field < fields.count {
            let names = layout?.titles ?? []
            let name = fault.field < names.count ? names[fault.field] : "field \(fault.field + 1)"
            text += ": \(name) is \"\(Self.excerpt(line, fields[fault.field]))\""
        } else {
            text += ": \"\(Self.excerpt(line, CDRField(start: 0, end: line.count)))\""
        }
        return text + "; " + fault.remedy
    }

    /// The beginning of a field as printable text.
    private static func excerpt(_ line: Span<UInt8>, _ field: CDRField) -> String {
        var bytes: [UInt8] = []
        let end = min(field.end, line.count)
        var at = field.start
        while at < end, bytes.count < 4 * CDRLimits.excerptCharacters {
            bytes.append(line[at])
            at += 1
        }
        let isPrintable: (Unicode.Scalar) -> Bool = {
            switch $0.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
            default: true
            }
        }
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
        var shown = String.UnicodeScalarView()
        for scalar in scalars.prefix(CDRLimits.excerptCharacters) {
            shown.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        let isWhole = at == end && scalars.count <= CDRLimits.excerptCharacters
        return isWhole ? String(shown) : String(shown) + "..."
    }
}
