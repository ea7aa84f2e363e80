/// The release of server and command line: one version for both, because they ship together.
public enum Release {
    public static let version = "0.1.0"
}
