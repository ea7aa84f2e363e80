/// What server and command line are: one version for both, as they come together.
public enum Release {
    public static let version = "0.1.0"
}
