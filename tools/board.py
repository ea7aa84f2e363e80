#!/usr/bin/env python3
"""Reads the board of a BusyHour server: board.py HOST:PORT [--window 15m] [--limit N]

A whole client in one page: the messages come from proto/busyhour.proto, the frames from proto/protocol.md.
Needs on Debian or Ubuntu: apt install protobuf-compiler python3-protobuf
Elsewhere: pip install protobuf grpcio-tools        (protobuf 4.21 to 7.36 were tried)
"""
import argparse, datetime, decimal, pathlib, shutil, signal, socket, struct, subprocess, sys
try: from google.protobuf import descriptor_pb2, message_factory
except ImportError: sys.exit("board.py needs protobuf: apt install protobuf-compiler python3-protobuf")
PROTO = pathlib.Path(__file__).resolve().parent.parent / "proto"
PROTOC = ["protoc"] if shutil.which("protoc") else [sys.executable, "-m", "grpc_tools.protoc"]
DESCRIPTION = subprocess.check_output([*PROTOC, "-I", PROTO, "--descriptor_set_out=/dev/stdout", "busyhour.proto"])
MESSAGES = message_factory.GetMessages(descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTION).file)
BOARD, REQUEST, ERROR, HEADER = 8, 0, 2, struct.Struct("<IHBBI")

def clean(text): return "".join(x if x.isprintable() else "?" for x in text)
def message(name): return MESSAGES["busyhour.v1." + name]


def call(address, method, request, answer):
    """Sends a request and reads its answer. With one request in flight the next frame is the answer."""
    host, port = address.rsplit(":", 1)
    payload = request.SerializeToString()
    with socket.create_connection((host.strip("[]"), int(port)), 10) as connection:
        stream = connection.makefile("rb")
        connection.sendall(HEADER.pack(len(payload), method, REQUEST, 0, 1) + payload)
        length, _, kind, _, _ = HEADER.unpack(stream.read(HEADER.size).ljust(HEADER.size, b"\0"))
        payload = stream.read(length)
        if kind == ERROR: raise SystemExit(message("Error").FromString(payload).message)
        if kind == REQUEST or len(payload) < length: raise ConnectionError("the server closed the connection")
        return answer.FromString(payload)


def cells(column, rows):
    """The texts of a result column, one a row."""
    kind = column.DESCRIPTOR.fields_by_name["kind"].enum_type.values_by_number[column.kind].name
    values = column.numbers if kind == "NUMBER" else column.codes if kind == "TEXT" else column.integers
    codes = iter(column.codes)
    for row in range(rows):
        if column.nulls and column.nulls[row // 8] >> row % 8 & 1: yield ""
        elif kind == "TEXTS": yield ", ".join(column.dictionary[next(codes)] for _ in range(column.text_counts[row]))
        elif kind == "TEXT": yield column.dictionary[values[row]]
        elif kind == "NUMBER": yield f"{values[row]:.2f}"
        elif kind == "MONEY": yield str(decimal.Decimal(values[row]).scaleb(-6))
        elif kind == "TIME": yield datetime.datetime.fromtimestamp(values[row] / 1e6, datetime.timezone.utc).isoformat()
        else: yield str(values[row])


arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
for name, default in {"address": None, "--window": "15m", "--limit": 20}.items():
    arguments.add_argument(name, default=default, type=int if name == "--limit" else str)
asked = arguments.parse_args()
request = message("BoardRequest")(window=asked.window, limit=asked.limit)
try: board = call(asked.address, BOARD, request, message("BoardResponse"))
except (OSError, ValueError) as error: print(f"cannot reach {asked.address}: {error}", file=sys.stderr); sys.exit(3)
rows = max([max(map(len, (c.integers, c.numbers, c.text_counts or c.codes))) for c in board.columns], default=0)
table = [[clean(text) for text in (c.name, *cells(c, rows))] for c in board.columns]
signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a word
for row in zip(*table): print("  ".join(text.ljust(max(map(len, column))) for text, column in zip(row, table)).rstrip())
