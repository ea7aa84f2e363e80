"""D11: the newest snapshot is destroyed, in ten ways. The one before it and the journal give everything."""
import os
import random as randomness
import shutil
import sqlite3
import subprocess

import lab
from ledger import Ledger


def _middle(file, change):
    octets = bytearray(file.read_bytes())
    change(octets)
    file.write_bytes(octets)


def _flip(file, _):
    """In the middle of the longest block: elsewhere may be free space."""
    with sqlite3.connect(file) as database:
        data, = database.execute("SELECT data FROM block ORDER BY length(data) DESC LIMIT 1").fetchone()
    database.close()
    start = file.read_bytes().index(data[:32]) + 16
    _middle(file, lambda octets: octets.__setitem__(start, octets[start] ^ 0x10))


def _noise(octets):
    start = len(octets) // 2
    octets[start:start + 4096] = os.urandom(min(4096, len(octets) - start))


def _sql(statement):
    def change(file, _):
        with sqlite3.connect(file) as database:
            database.execute(statement)
        database.close()
    return change


WAYS = {
    "deleted": lambda file, other: file.unlink(),
    "empty": lambda file, other: file.write_bytes(b""),
    "cut in half": lambda file, other: os.truncate(file, file.stat().st_size // 2),
    "cut by a page": lambda file, other: os.truncate(file, file.stat().st_size - 4096),
    "zeros": lambda file, other: file.write_bytes(bytes(file.stat().st_size)),
    "a text": lambda file, other: file.write_text("none of ours\n"),
    "one bit": _flip,
    "noise in the middle": lambda file, other: _middle(file, _noise),
    "a block's row deleted": _sql("DELETE FROM block WHERE rowid = 3"),
    "another server's file": lambda file, other: shutil.copy(other, file),
}


def _fill(programs, name):
    """A directory with snapshots and changes behind them, of a server that was killed."""
    directory = lab.fresh(name)
    random, ledger = randomness.Random(5), Ledger(lab.workspace() / f"{name}.ledger")
    server = lab.Server(programs, directory, segment="32K")
    client = server.client()
    # The journal lets go of segments that both snapshots cover, and has to keep those that only the newest covers.
    for number in range(150):
        ledger.send(client, ledger.begin(random))
        if number in (20, 60, 130):
            client.call(lab.SNAPSHOT, lab.message("SnapshotRequest"))
    server.end()
    return directory, ledger


def _newest(directory):
    return sorted(directory.glob("snap-*.db"))[-1]


def run(programs, say=print):
    """- Returns: ways, complaints."""
    whole, ledger = _fill(programs, "whole")
    other, other_ledger = _fill(programs, "other")
    other_ledger.close()
    if _newest(other).name != _newest(whole).name:
        return 0, ["the two servers did not do the same"]
    complaints = []
    for name, destroy in WAYS.items():
        directory = lab.fresh("destroyed")
        shutil.rmtree(directory)
        shutil.copytree(whole, directory)
        file = _newest(directory)
        destroy(file, _newest(other))
        complaints += [f"{name}: {text}" for text in _start(programs, directory, ledger, file)]
    ledger.close()
    return len(WAYS), complaints


def _start(programs, directory, ledger, file):
    was_there = file.exists()
    check = subprocess.run([programs / "busyhourd", "--check", directory], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if was_there and (check.returncode != 1 or file.name not in check.stdout.decode()):
        return [f"--check said {check.returncode}: {check.stdout.decode()}"]
    ledger.complaints.clear()
    try:
        server = lab.Server(programs, directory)
    except lab.NotStarted as error:
        return [str(error)]
    ledger.verify(server.client(), replay=False)
    server.end()
    kept = [*directory.glob(file.name + ".bad*")]
    if was_there and not kept:
        return [*ledger.complaints, "the damaged file was not kept"]
    return list(ledger.complaints)
