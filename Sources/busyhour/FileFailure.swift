// The error message of a file that cannot be written.

import Glibc

enum FileFailure {
    /// - Parameters:
    ///   - act: `write`, `create`.
    ///   - code: the system's error number.
    ///   - remedy: what to do, unless the disk is full.
    static func text(_ act: String, _ path: String, code: Int32 = errno, remedy: String = "") -> String {
        if code == ENOSPC || code == EDQUOT {
            return "disk full: cannot \(act) \(path); free space there, or name a file on another disk"
        }
        let reason = String(cString: strerror(code)).lowercased()
        return "cannot \(act) \(path): \(reason)" + (remedy.isEmpty ? "" : "; " + remedy)
    }
}
