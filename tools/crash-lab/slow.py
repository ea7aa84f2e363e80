"""D7: no early acknowledgement. Who is answered may rely on the disk, and nobody sees what is not on it yet."""
import random as randomness
import shutil
import subprocess
import threading
import time

import lab
from ledger import Ledger

DELAY = 0.5
CLIENTS = 8
REQUESTS_EACH = 3


def run_delayed(programs):
    """Every fdatasync takes half a second more. - Returns: acknowledgements, complaints."""
    if not shutil.which("strace"):
        return 0, ["strace is missing; install it"]
    directory = lab.fresh("slow")
    ledger = Ledger(lab.workspace() / "slow.ledger")
    server = lab.Server(
        programs, directory, segment="64K",
        wrap=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
              "-e", f"inject=fdatasync:delay_enter={int(DELAY * 1e6)}"])
    sent, complaints, lock = {}, [], threading.Lock()
    stop = threading.Event()

    def ask(seed):
        random, client = randomness.Random(seed), server.client()
        for _ in range(REQUESTS_EACH):
            request = ledger.begin(random)
            while request.state != "acknowledged":
                began = time.monotonic()
                with lock:
                    for customer in request.customers:
                        sent[customer.name] = began
                try:
                    ledger.send(client, request)
                except lab.Refused as error:
                    # The next segment is not ready yet: nothing of the request was kept.
                    if error.code != "BUSY":
                        raise
            took = time.monotonic() - began
            if took < DELAY:
                complaints.append(f"{request.customers[0].name} was acknowledged after {took * 1000:.1f} ms")

    def watch():
        client, last = server.client(), 0
        while not stop.is_set():
            page = client.call(lab.LIST, lab.message("ListCustomersRequest", after_id=last, limit=1000))
            now = time.monotonic()
            for customer in page.customers:
                last = customer.id
                with lock:
                    age = now - sent[customer.name]
                if age < DELAY:
                    complaints.append(f"{customer.name} was seen after {age * 1000:.1f} ms")

    watcher = lab.Thread(watch)
    threads = [lab.Thread(ask, number) for number in range(CLIENTS)]
    for thread in threads:
        thread.join()
    stop.set()
    watcher.join()
    server.end()
    if ledger.acknowledged != CLIENTS * REQUESTS_EACH:
        complaints.append(f"only {ledger.acknowledged} were acknowledged")
    return ledger.acknowledged, complaints


def run_failing(programs):
    """Every fdatasync fails: nothing is acknowledged, and the server ends with 74. - Returns: requests, complaints."""
    directory = lab.fresh("failing")
    faults = lab.Faults.page(lab.workspace())
    ledger = Ledger(lab.workspace() / "failing.ledger")
    server = lab.Server(programs, directory, segment="64K", environment=faults.environment(directory))
    # The spare segments are made first; else their syncs might be the ones that fail.
    wanted, ready = 2, directory / "journal"
    deadline = time.monotonic() + 30
    while len([*ready.glob("spare-[0-9]")]) < wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    faults.arm(lab.ERROR, ["fdatasync"], when=1, until=2**63, error=5)

    def ask(seed):
        try:
            client = server.client()
            ledger.send(client, ledger.begin(randomness.Random(seed)))
        except (lab.Gone, lab.Refused):
            pass

    threads = [lab.Thread(ask, number) for number in range(CLIENTS)]
    for thread in threads:
        thread.join()
    complaints = []
    try:
        code = server.process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        code = "nothing"
    server.end()
    if ledger.acknowledged:
        complaints.append(f"{ledger.acknowledged} acknowledged though no sync succeeded")
    if code != 74:
        complaints.append(f"ended with {code} instead of 74")
    server = lab.Server(programs, directory)
    ledger.verify(server.client())
    server.end()
    return len(ledger.requests), complaints + ledger.complaints
