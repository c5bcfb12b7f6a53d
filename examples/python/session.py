"""Two sessions with one lock, from Python: queued, granted, in jeopardy, safe, lost, fenced.

    python3 examples/python/session.py ADDRESS          (a host:port, or unix:/path)

Needs grpcio and grpcio-tools (Debian: python3-grpcio python3-grpc-tools). The stubs are generated
from protos/ when the program starts; a real one would do that when it is built.
"""

import importlib
import pathlib
import queue
import sys
import tempfile
import threading

import grpc
import grpc_tools
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ["google/rpc/status", "holdfast/v1/lease", "holdfast/v1/lock"]


def generate_stubs(directory):
    """Makes holdfast.v1.lock_pb2 and lock_pb2_grpc importable."""
    includes = [ROOT / "protos", pathlib.Path(grpc_tools.__file__).parent / "_proto"]
    arguments = [f"-I{path}" for path in includes]
    outputs = [f"--python_out={directory}", f"--grpc_python_out={directory}"]
    if protoc.main(["protoc", *arguments, *outputs, *(f"{name}.proto" for name in FILES)]) != 0:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, directory)
    modules = ("lock_pb2", "lock_pb2_grpc", "lease_pb2")
    return [importlib.import_module(f"holdfast.v1.{name}") for name in modules]


class Session:
    """One stream. `hear` gives what the server says, in order, without what it need not say."""

    # Nothing else depends on these, nor on what a later server says, which is None here.
    _ADVICE = ("keep_alive_ack", "jeopardy", "safe", None)

    def __init__(self, stub, client_name, ttl_seconds):
        self._outgoing = queue.Queue()
        self._stream = stub.Session(iter(self._outgoing.get, None))
        self._stopped = threading.Event()
        hello = lock_pb2.Hello(client_name=client_name)
        hello.session_ttl.FromMilliseconds(int(ttl_seconds * 1000))
        self.say(hello=hello)
        welcome = self.hear("welcome")
        self._interval = welcome.keepalive_interval.ToMilliseconds() / 1000
        threading.Thread(target=self._keep_alive, daemon=True).start()

    def say(self, **message):
        self._outgoing.put(lock_pb2.SessionRequest(**message))

    def hear(self, kind):
        for message in self._stream:
            heard = message.WhichOneof("message")
            if heard == kind:
                return getattr(message, kind)
            if heard not in self._ADVICE:
                raise RuntimeError(f"expected {kind}, heard {message}")
        raise RuntimeError(f"expected {kind}, the stream ended")

    def stop_keep_alives(self):
        """As a program that hangs would. Its pings are still answered; that renews nothing."""
        self._stopped.set()

    def keep_alive(self, sequence=0):
        self.say(keep_alive=lock_pb2.KeepAlive(sequence=sequence))

    def goodbye(self):
        self.stop_keep_alives()
        self.say(goodbye=lock_pb2.Goodbye())
        self._outgoing.put(None)
        for _ in self._stream:
            pass

    def _keep_alive(self):
        sequence = 0
        while not self._stopped.wait(self._interval):
            sequence += 1
            self.keep_alive(sequence)


class Ledger:
    """What the lock protects: it refuses whoever held the lock earlier than its last writer."""

    def __init__(self):
        self._highest_token = 0

    def write(self, who, token):
        if token < self._highest_token:
            print(f"{who}: write refused, a later token was seen")
        else:
            self._highest_token = token
            print(f"{who}: written")


def main(address):
    with grpc.insecure_channel(address) as channel:
        locks = lock_pb2_grpc.LockServiceStub(channel)
        ledger = Ledger()

        first = Session(locks, "first", ttl_seconds=2)
        first.say(acquire=lock_pb2.Acquire(request_id="1", name="ledger"))
        held = first.hear("granted")
        print("first: granted")
        ledger.write("first", held.token)

        second = Session(locks, "second", ttl_seconds=10)
        second.say(acquire=lock_pb2.Acquire(request_id="1", name="ledger"))
        queued = second.hear("queued")
        print(f"second: queued, place {queued.position}, behind {queued.holder}")

        first.stop_keep_alives()
        left = first.hear("jeopardy").remaining.ToMilliseconds()
        print(f"first: in jeopardy, with {'less' if left < 1000 else 'more'} than a second left")
        first.keep_alive()
        first.hear("safe")
        print("first: safe")
        granted = second.hear("granted")
        print(f"second: granted, with a larger token: {granted.token > held.token}")
        lost = first.hear("lost")
        print(f"first: lost, {lock_pb2.LostReason.Name(lost.reason)}")

        ledger.write("second", granted.token)
        ledger.write("first", held.token)
        for who, token in (("first", held.token), ("second", granted.token)):
            request = lease_pb2.ValidateTokenRequest(name="ledger", token=token)
            answer = locks.ValidateToken(request)
            print(f"{who}: the server calls its token {'valid' if answer.valid else 'stale'}")

        second.say(release=lock_pb2.Release(lease_id=granted.lease_id, token=granted.token))
        second.hear("released")
        print("second: released")
        second.goodbye()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as stubs:
        lock_pb2, lock_pb2_grpc, lease_pb2 = generate_stubs(stubs)
        main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7420")
