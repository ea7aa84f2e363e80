"""What every experiment of tools/crash needs: servers that are killed, the protocol, a shim that makes faults."""
import atexit
import ctypes
import mmap
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from google.protobuf import descriptor_pb2, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAB = pathlib.Path(__file__).resolve().parent
DESCRIPTION = subprocess.check_output(
    ["protoc", "-I", ROOT / "proto", "--descriptor_set_out=/dev/stdout", "busyhour.proto"])
MESSAGES = message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTION).file)
HEADER = struct.Struct("<IHBBI")
STATUS, CREATE, LIST, EDIT, SNAPSHOT = 1, 2, 4, 32, 48


def message(kind, /, **fields):
    return MESSAGES["busyhour.v1." + kind](**fields)


class Thread(threading.Thread):
    """One whose failure is not lost: `join` raises it."""

    def __init__(self, target, *arguments):
        super().__init__(target=self._guard, args=(target, arguments))
        self.failure = None
        self.start()

    def _guard(self, target, arguments):
        try:
            target(*arguments)
        except Exception as error:
            self.failure = error

    def join(self):
        super().join()
        if self.failure:
            raise self.failure


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, error):
        super().__init__(f"{error.code}: {error.message}")
        self.code = error.code
        self.details = dict(error.details)


class Gone(Exception):
    """The connection ended before the answer: nobody knows what became of the request."""


class Client:
    """One connection with one request in flight."""

    ANSWERS = {STATUS: "StatusResponse", CREATE: "CreateCustomersResponse", LIST: "ListCustomersResponse",
               EDIT: "ChangeResponse", SNAPSHOT: "SnapshotResponse"}

    def __init__(self, port, timeout=60):
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise Gone(str(error)) from error
        self.last = 0

    def call(self, method, request):
        self.last += 1
        payload = request.SerializeToString()
        try:
            self.socket.sendall(HEADER.pack(len(payload), method, 0, 0, self.last) + payload)
            length, _, kind, _, number = HEADER.unpack(self._read(HEADER.size))
            payload = self._read(length)
        except OSError as error:
            raise Gone(str(error)) from error
        if number != self.last:
            raise AssertionError(f"request {self.last} got the answer to {number}")
        if kind == 2:
            raise Refused(message("Error").FromString(payload))
        return message(self.ANSWERS[method]).FromString(payload)

    def _read(self, count):
        octets = bytearray()
        while len(octets) < count:
            part = self.socket.recv(count - len(octets))
            if not part:
                raise Gone("the server closed the connection")
            octets += part
        return bytes(octets)

    def customers(self):
        """All customers."""
        found = []
        while True:
            page = self.call(LIST, message("ListCustomersRequest", after_id=found[-1].id if found else 0, limit=10_000))
            found += page.customers
            if not page.customers:
                return found

    def close(self):
        self.socket.close()


class NotStarted(Exception):
    def __init__(self, code, log):
        super().__init__(f"exit code {code}: {log.strip().splitlines()[-1] if log.strip() else 'nothing said'}")
        self.code = code


class Server:
    """A real busyhourd of this directory's own; on a free port of 127.0.0.1."""

    def __init__(self, programs, directory, *options, wrap=(), exec_wrap=False, environment=None, segment="1M",
                 port=0):
        """- wrap: a command that runs the server; with exec_wrap it becomes the server."""
        self.directory = pathlib.Path(directory)
        self.log = open(self.directory.with_name(self.directory.name + ".log"), "ab+")
        self.log_start = self.log.seek(0, os.SEEK_END)
        command = [*wrap, str(programs / "busyhourd"), "--data-dir", str(directory), "--listen", f"127.0.0.1:{port}",
                   "--hep", "off", "--journal-segment", segment, *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log,
                                        env={**os.environ, **(environment or {})})
        self.wrapped = bool(wrap) and not exec_wrap
        # An experiment that ends early leaves none behind.
        atexit.register(self._end_process)
        self._wait()

    def _wait(self):
        """Returns when the server says that it is ready."""
        line = self.process.stdout.readline().decode()
        if "listening on" not in line:
            code = self.process.wait()
            raise NotStarted(code, self.said())
        self.port = int(line.split("listening on 127.0.0.1:")[1].split()[0])

    def said(self):
        self.log.seek(self.log_start)
        return self.log.read().decode(errors="replace")

    @property
    def is_running(self):
        return self.process.poll() is None

    @property
    def pid(self):
        """The server's own process, also where another traces it."""
        if not self.wrapped:
            return self.process.pid
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def end(self, by=signal.SIGKILL):
        """Ends it and returns its exit code; negative for a signal."""
        if self.is_running:
            os.kill(self.pid, by)
        code = self.process.wait()
        self.process.stdout.close()
        self.log.close()
        return code

    def _end_process(self):
        if self.is_running:
            os.kill(self.pid, signal.SIGKILL)

    def client(self, timeout=60):
        return Client(self.port, timeout)


CALLS = ["create", "write", "fdatasync", "fsync", "rename", "unlink", "truncate", "mkdir"]
NOTHING, KILL, KILL_HALF, ERROR, SHORT, DELAY = range(6)


class Faults(ctypes.Structure):
    """The page that faults.c shares with us."""
    _fields_ = [("count", ctypes.c_uint64), ("when", ctypes.c_uint64), ("until", ctypes.c_uint64),
                ("mask", ctypes.c_uint32), ("action", ctypes.c_uint32), ("error", ctypes.c_uint32),
                ("micros", ctypes.c_uint32), ("fired", ctypes.c_uint64), ("calls", ctypes.c_uint64 * 8),
                ("path", ctypes.c_char * 256)]

    @classmethod
    def page(cls, folder):
        file = pathlib.Path(folder) / "faults.page"
        with open(file, "w+b") as stream:
            stream.truncate(4096)
            memory = mmap.mmap(stream.fileno(), 4096)
        faults = cls.from_buffer(memory)
        faults.file = file
        return faults

    def arm(self, action, calls=CALLS, when=1, until=None, error=0, micros=0):
        """The calls of these kinds from the `when`th on are hit, counted from now."""
        self.when = 0
        self.count, self.fired, self.path = 0, 0, b""
        self.mask = sum(1 << CALLS.index(call) for call in calls)
        self.until = until if until is not None else when
        self.action, self.error, self.micros = action, error, micros
        self.when = when

    def disarm(self):
        self.when = 0

    def environment(self, directory):
        return {"LD_PRELOAD": str(shim()), "FAULT_CONTROL": str(self.file), "FAULT_DIR": str(directory) + "/"}


def shim():
    """The compiled faults.c, made once a run."""
    built = workspace() / "faults.so"
    if not built.exists():
        compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if not compiler:
            sys.exit("tools/crash: no C compiler; install gcc")
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", built, LAB / "faults.c", "-ldl"], check=True)
    return built


_workspace = None


def workspace():
    """A directory that goes when the run ends."""
    global _workspace
    if _workspace is None:
        _workspace = tempfile.TemporaryDirectory(prefix="busyhour-crash-")
    return pathlib.Path(_workspace.name)


def fresh(name):
    """A directory of this name in the workspace, empty and new."""
    path = workspace() / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    return path
