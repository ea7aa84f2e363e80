"""A server of its own, and requests to it over RPC."""

import pathlib, shutil, socket, struct, subprocess, tempfile, time

from google.protobuf import descriptor_pb2, message_factory

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
HEADER = struct.Struct("<IHBBI")
METHODS = {"CreateCustomers": 2, "IngestEvents": 5, "IngestCalls": 6, "Board": 8}
ERROR = 2


def messages():
    description = subprocess.check_output(
        ["protoc", "-I", PROTO, "--descriptor_set_out=/dev/stdout", "busyhour.proto"])
    return message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(description).file)


MESSAGES = messages()


def message(name): return MESSAGES["busyhour.v1." + name]


class Server:
    """`busyhourd` on a free port with a data directory of its own; one connection."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="compare-")
        self.process = subprocess.Popen(
            [program, "--data-dir", self.folder, "--listen", "127.0.0.1:0", "--hep", "off", "--clock", "events"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        port = next(int(word.split(":")[1]) for word in line.split() if word.startswith("127.0.0.1:"))
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(1 << 24)

    def stop(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, method, request):
        payload = request.SerializeToString()
        self.socket.sendall(HEADER.pack(len(payload), METHODS[method], 0, 0, 1) + payload)

    def receive(self):
        """The octets of the answer; they are overwritten by the next one."""
        view = memoryview(self.buffer)
        got = 0
        while got < HEADER.size: got += self.read(view[got:])
        length, _, kind, _, _ = HEADER.unpack_from(self.buffer)
        while got < HEADER.size + length: got += self.read(view[got:])
        payload = view[HEADER.size:HEADER.size + length]
        if kind == ERROR: raise RuntimeError(message("Error").FromString(payload.tobytes()).message)
        return payload

    def read(self, view):
        count = self.socket.recv_into(view)
        if count == 0: raise ConnectionError("the server closed the connection")
        return count

    def call(self, method, request):
        self.send(method, request)
        return message(method + "Response" if method != "IngestEvents" and method != "IngestCalls"
                       else "IngestResponse").FromString(self.receive().tobytes())

    def milliseconds(self, method, request):
        """From sending the request until the last octet of its answer is here."""
        began = time.perf_counter()
        self.send(method, request)
        self.receive()
        return (time.perf_counter() - began) * 1e3
