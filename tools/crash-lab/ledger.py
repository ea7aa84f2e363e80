"""Who asked for what and what came of it: the other side's account of a server's promises.

Every request has a key. A line of the file is written before it is sent, and one when its outcome is known; so the account
is that of a process which the server's end does not touch.
"""
import json
import os
import threading
import uuid

import lab


class Request:
    def __init__(self, customers):
        self.key = uuid.uuid4().bytes
        self.customers = customers
        self.state = "sent"
        self.ids = None

    def message(self):
        return lab.message("CreateCustomersRequest", idempotency_key=self.key, customers=self.customers)


class Ledger:
    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.lock = threading.Lock()
        self.requests = []
        self.number = 0
        self.acknowledged = 0
        self.lost = self.partial = self.invented = 0
        self.complaints = []

    def close(self):
        os.close(self.file)

    def begin(self, random):
        """A request to create some customers, not sent yet."""
        with self.lock:
            count = random.choice([1, 1, 1, 2, 5, 20])
            customers = []
            for _ in range(count):
                self.number += 1
                customers.append(lab.message(
                    "Customer", name=f"Customer {self.number}", currency=random.choice(["EUR", "USD", "INR"]),
                    credit_micros=random.randrange(-10**9, 10**9), channels=random.randrange(1000),
                    tags=random.sample(["gold", "trial", "wholesale"], random.randrange(3)),
                    notes="x" * random.choice([0, 0, 10, 200])))
            request = Request(customers)
            self.requests.append(request)
            self._write(request)
            return request

    def promise(self, client, customers):
        """A request to create just these."""
        request = Request(customers)
        with self.lock:
            self.requests.append(request)
            self._write(request)
        self.send(client, request)

    def send(self, client, request):
        """Sends it and notes the outcome. Raises what the call raises."""
        try:
            answer = client.call(lab.CREATE, request.message())
        except lab.Gone:
            self._become(request, "unknown")
            raise
        except lab.Refused:
            self._become(request, "refused")
            raise
        if answer.errors:
            # Every name is new, so the server has done the same request before.
            self._become(request, "acknowledged")
            self._complain("invented", f"{request.customers[0].name} would be done twice: {answer.errors[0].message}")
            return
        with self.lock:
            request.ids = list(answer.ids)
            self.acknowledged += 1
        self._become(request, "acknowledged")

    def _become(self, request, state):
        with self.lock:
            request.state = state
            self._write(request)

    def _write(self, request):
        line = {"key": request.key.hex(), "state": request.state, "first": request.customers[0].name,
                "count": len(request.customers), "ids": request.ids}
        os.write(self.file, json.dumps(line).encode() + b"\n")

    # -- what a server must have

    def verify(self, client, replay=True):
        """Compares everything that a server has with the account; then asks again for what nobody knows."""
        self._compare(client.customers())
        if not replay:
            return
        unknown = [request for request in self.requests if request.state in ("sent", "unknown")]
        for request in unknown:
            self.send(client, request)
        if unknown:
            self._compare(client.customers())

    def _compare(self, found):
        names = {}
        for customer in found:
            if customer.name in names:
                self._complain("invented", f"{customer.name} twice")
            names[customer.name] = customer
        expected = 0
        for request in self.requests:
            present = [names[wanted.name] for wanted in request.customers if wanted.name in names]
            expected += len(present)
            if request.state == "refused" and present:
                self._complain("invented", f"{present[0].name} was refused and is there")
            elif present and len(present) < len(request.customers):
                self._complain("partial", f"{len(present)} of {len(request.customers)} from {present[0].name} on")
            elif request.state == "acknowledged":
                if not present:
                    self._complain("lost", f"{request.customers[0].name} was acknowledged")
                else:
                    self._compare_fields(request, present)
        if len(found) != expected:
            self._complain("invented", f"{len(found) - expected} customers that nobody asked for")
        if [customer.id for customer in found] != list(range(1, len(found) + 1)):
            self._complain("invented", "ids are not one after the other")

    def _compare_fields(self, request, present):
        for wanted, has, number in zip(request.customers, present, request.ids or []):
            same = (has.id == number and has.currency == wanted.currency and has.credit_micros == wanted.credit_micros
                    and has.channels == wanted.channels and list(has.tags) == list(wanted.tags)
                    and has.notes == wanted.notes)
            if not same:
                self._complain("lost", f"{wanted.name} is not as it was acknowledged")

    def _complain(self, kind, text):
        setattr(self, kind, getattr(self, kind) + 1)
        self.complaints.append(f"{kind}: {text}")
