// Requests for snapshots and backups. They are answered when the disk is done; other requests are answered meanwhile.

import Foundation
import NIOCore
import Store
import Wire

extension EngineHost {
    func snapshot(
        _ request: Busyhour_V1_SnapshotRequest, now: Int64
    ) throws(RequestError) -> EventLoopFuture<Busyhour_V1_SnapshotResponse> {
        guard let saver, let backups else { throw RequestError(.internal, "this server saves nothing") }
        let began = NIODeadline.now()
        if request.backup {
            return try backups.keep { whenNotRead { saver.backUp(now: self.now()) } }.map { id, file in
                var response = Self.response([file.receipt], since: began)
                response.backupID = id
                return response
            }
        }
        return whenNotRead { saver.saveNow(now: self.now()) }.map { Self.response($0, since: began) }
    }

    private static func response(
        _ files: [SnapshotReceipt], since began: NIODeadline
    ) -> Busyhour_V1_SnapshotResponse {
        var response = Busyhour_V1_SnapshotResponse()
        response.files = files.map(Busyhour_V1_SnapshotFile.init)
        response.durationMicroseconds = UInt64(clamping: (NIODeadline.now() - began).nanoseconds / 1_000)
        return response
    }

    func readBackup(
        _ request: Busyhour_V1_ReadBackupRequest
    ) throws(RequestError) -> EventLoopFuture<Busyhour_V1_ReadBackupResponse> {
        guard let backups else { throw RequestError(.internal, "this server saves nothing") }
        return try backups.read(request.backupID, at: request.offset).map { piece, fileBytes in
            var response = Busyhour_V1_ReadBackupResponse()
            response.octets = Data(piece)
            response.bytes = UInt64(fileBytes)
            return response
        }
    }
}

extension Busyhour_V1_SnapshotFile {
    init(_ receipt: SnapshotReceipt) {
        self.init()
        switch receipt.mark.kind {
        case .board: kind = "customers"
        case .statistics: kind = "statistics"
        case .backup: kind = "backup"
        }
        if receipt.mark.kind != .backup { name = receipt.mark.fileName }
        bytes = UInt64(receipt.byteCount)
        lsn = receipt.mark.lsn
        asOf = receipt.mark.engineMicros
        rootHash = receipt.rootHash
    }
}
