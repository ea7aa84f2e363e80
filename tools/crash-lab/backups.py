"""F14: backups in a loop while customers are created. Each one, restored by itself, is one instant of the server."""
import random as randomness
import shutil
import subprocess
import threading

import lab
from kills import load
from ledger import Ledger


def run(programs, count, say=print):
    """- Returns: backups, complaints."""
    directory = lab.fresh("backed-up")
    ledger = Ledger(lab.workspace() / "backed-up.ledger")
    server = lab.Server(programs, directory, segment="256K")
    stop = threading.Event()
    # With pauses: what matters is that customers come all the time, not that there are millions to compare in the end.
    threads = [lab.Thread(load, server, ledger, randomness.Random(seed), stop, seed, 0.01) for seed in range(4)]
    complaints = []
    for number in range(count):
        with ledger.lock:
            promised = [request for request in ledger.creations if request.state == "acknowledged"]
        file = lab.workspace() / f"backup-{number}.db"
        made = subprocess.run([programs / "busyhour", "--server", f"127.0.0.1:{server.port}", "snapshot", "--to", file],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if made.returncode != 0:
            complaints.append(f"backup {number}: {made.stderr.decode()}")
            continue
        with ledger.lock:
            asked = ledger.creations
        complaints += [f"backup {number}: {text}" for text in _restore(programs, file, promised, asked)]
        file.unlink()
    stop.set()
    for thread in threads:
        thread.join()
    server.end()
    ledger.close()
    return count, complaints + ledger.complaints


def _state(text):
    return text.split("state ")[-1].split()[0]


def _restore(programs, file, promised, asked):
    new = lab.workspace() / "restored"
    shutil.rmtree(new, ignore_errors=True)
    check = subprocess.run([programs / "busyhourd", "--check", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    done = subprocess.run([programs / "busyhourd", "--restore", file, "--data-dir", new], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if check.returncode != 0 or done.returncode != 0:
        return [f"check {check.returncode}, restore {done.returncode}: {check.stdout} {done.stderr}"]
    wrong = []
    if _state(check.stdout.decode()) != _state(done.stdout.decode()):
        wrong.append("the restored state is not the backup's")
    server = lab.Server(programs, new)
    found = server.client().customers()
    server.end()
    names = {customer.name for customer in found}
    for request in promised:
        if not all(customer.name in names for customer in request.customers):
            wrong.append(f"{request.customers[0].name} was acknowledged before the backup and is not in it")
    for request in asked:
        if len({customer.name in names for customer in request.customers}) > 1:
            wrong.append(f"{request.customers[0].name} is there by half")
    if [customer.id for customer in found] != list(range(1, len(found) + 1)):
        wrong.append("the ids are not those of one instant")
    return wrong
