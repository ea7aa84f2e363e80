/// What a frame requests or answers: the table of proto/protocol.md. A header carries only the number, because a peer
/// may know methods that this side does not.
public enum Method: UInt16, CaseIterable, Sendable {
    case status = 1
    case createCustomers = 2
    case getCustomer = 3
    case listCustomers = 4
    case ingestEvents = 5
    case ingestCalls = 6
    case ingestHEP = 7
    case board = 8
    case calls = 9
    case explain = 10
    case metrics = 11
    case finishedCalls = 12
    case hello = 20
    case marks = 21
    case editCustomers = 32
    case deleteCustomers = 33
    case undo = 34
    case history = 35
    case importCustomers = 36
    case saveLayout = 37
    case getLayout = 38
    case listLayouts = 39
    case deleteLayout = 40
    case warnings = 41
    case markWarning = 42
    case settings = 43
    case setSettings = 44
    case scheduled = 45
    case who = 46
    case snapshot = 48
    case readBackup = 49
    case saveTemplate = 50
    case getTemplate = 51
    case listTemplates = 52
    case deleteTemplate = 53
}
