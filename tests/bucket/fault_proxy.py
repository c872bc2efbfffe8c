"""An HTTP/1.1 proxy before an S3 server: it keeps what was asked, and plays the faults that its rules say.

Requests pass unchanged, so the server behind verifies the client's signature (it is made for the proxy's host, which passes, too).
With a Guard (guard.py) the proxy verifies itself, then signs anew: so it can play regions, clocks, session tokens and expiry.
"""
import asyncio
import contextlib
import random
import socket
import ssl
import struct
import threading
import time
from urllib.parse import unquote_to_bytes, urlsplit

from bucket.signature import parse_query

MAX_HEAD_BYTES = 1 << 20
MAX_BODY_BYTES = 256 << 20
MAX_LIFETIME_SECONDS = 3600
MAX_REQUESTS_PER_CONNECTION = 1_000_000
UPSTREAM_TIMEOUT_SECONDS = 120
PIECE_BYTES = 64 << 10


class Request:
    """One request as it came, and what became of it. `kind`: LIST, GET, HEAD, PUT, POST, DELETE or BUCKET (another question to a bucket)."""

    def __init__(self, method, target, headers, body, number):
        self.method, self.target, self.headers, self.body, self.number = method, target, headers, body, number
        path, _, query = target.partition("?")
        self.query = {name.decode("utf-8", "surrogateescape"): value.decode("utf-8", "surrogateescape") for name, value in parse_query(query)}
        text = unquote_to_bytes(path).decode("utf-8", "surrogateescape").removeprefix("/")
        host = headers.get("host", "").rpartition(":")[0]
        if host.endswith(".localhost"):  # the bucket is in the host
            text = host.removesuffix(".localhost") + "/" + text
        self.bucket, _, self.key = text.partition("/")
        self.kind = method if self.key else "LIST" if method == "GET" and "list-type" in self.query else "BUCKET"
        self.range = headers.get("range")
        self.status, self.num_body_bytes, self.fault, self.is_whole = None, 0, None, False
        self.num_keys = 0  # that a listing answered
        self.started, self.ended = time.monotonic(), None

    @property
    def prefix(self):
        return self.query.get("prefix", "")

    def __repr__(self):
        what = self.key if self.key else " ".join(f"{name}={value}" for name, value in sorted(self.query.items()))
        fault = f" fault={self.fault}" if self.fault else ""
        return f"{self.kind} {self.bucket} {what} {self.range or ''} -> {self.status}, {self.num_body_bytes} B{fault}"


class Answer:
    """An answer: headers are pairs, the body is whole."""

    def __init__(self, status, reason="", headers=(), body=b""):
        self.status, self.reason, self.headers, self.body = status, reason, list(headers), body

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)

    def set_header(self, name, value):
        self.headers = [(key, old) for key, old in self.headers if key.lower() != name.lower()] + [(name, value)]

    def head(self):
        lines = [f"HTTP/1.1 {self.status} {self.reason or 'Answer'}"] + [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"


class Rule:
    """Says which requests a fault meets. Of those that match: from the `skip`-th on at most `times`, each with `probability`.

    `each_key`: `skip` and `times` count for every key (or prefix listed) alone; `each_range`: for every range of every key.
    """

    def __init__(self, fault, kind=None, bucket=None, key=None, prefix=None, skip=0, times=None, probability=1.0, each_key=False, each_range=False,
                 where=None):
        self.fault, self.kinds, self.bucket, self.key, self.prefix = fault, kind.split() if kind else None, bucket, key, prefix
        self.skip, self.times, self.probability, self.where = skip, times, probability, where
        self.each_key, self.each_range = each_key, each_range
        self._met, self._played = {}, {}

    @property
    def num_played(self):
        return sum(self._played.values())

    def matches(self, request, dice):
        name = request.key or request.prefix
        if (self.kinds and request.kind not in self.kinds or self.bucket and request.bucket != self.bucket
                or self.key is not None and request.key != self.key or self.prefix is not None and not name.startswith(self.prefix)
                or self.where and not self.where(request)):
            return False
        group = (name, request.range) if self.each_range else name if self.each_key else None
        self._met[group] = self._met.get(group, 0) + 1
        if self._met[group] <= self.skip or self.times is not None and self._played.get(group, 0) >= self.times:
            return False
        if dice.random() >= self.probability:
            return False
        self._played[group] = self._played.get(group, 0) + 1
        return True


class Disconnected(Exception):
    """The connection is over, as the fault wanted, or since the client left."""


def reset(writer):
    """Breaks a connection with a RST."""
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    raise Disconnected


class Exchange:
    """A request at work: what faults use to answer it, or to fail."""

    def __init__(self, proxy, request, writer):
        self.proxy, self.request, self.writer = proxy, request, writer
        self.sent_head = False

    async def forward(self):
        """Returns the server's answer."""
        return await self.proxy.ask_server(self.request)

    async def send(self, data, is_body=False):
        self.writer.write(data)
        await self.writer.drain()
        if is_body:
            self.request.num_body_bytes += len(data)

    async def send_answer(self, answer, num_bytes=None, bytes_per_second=None):
        """Sends the answer, or as many bytes of its body; a HEAD gets none."""
        request = self.request
        request.status = answer.status
        request.num_keys = answer.body.count(b"<Contents>") if request.kind == "LIST" else 0
        await self.send(answer.head())
        body = b"" if request.method == "HEAD" else answer.body
        end = len(body) if num_bytes is None else min(num_bytes, len(body))
        piece_bytes = PIECE_BYTES if bytes_per_second is None else max(1, bytes_per_second // 10)
        for start in range(0, end, piece_bytes):
            await self.send(body[start:min(start + piece_bytes, end)], is_body=True)
            if bytes_per_second:
                await asyncio.sleep(piece_bytes / bytes_per_second)
        request.is_whole = end == len(body)

    def reset(self):
        reset(self.writer)

    def close(self):
        raise Disconnected

    async def sleep(self, seconds):
        """Waits, or until the proxy stops."""
        await asyncio.sleep(min(seconds, MAX_LIFETIME_SECONDS))


class FaultProxy:
    """A context manager. `server_url` is the gateway's; `guard` verifies, if there is one; `buckets` are MemoryBuckets by name."""

    def __init__(self, server_url, rules=(), guard=None, buckets=None, seed=1, certificate=None):
        server = urlsplit(server_url)
        self.server, self.guard, self.buckets = (server.hostname, server.port), guard, buckets or {}
        self.certificate = certificate  # paths of a certificate and its key: speaks TLS
        self.broken_handshakes = 0  # how many connections are reset once the client has said hello
        self.port = self._loop = self._thread = self._failure = None
        self._ready = threading.Event()
        self.reset(rules, seed)

    def reset(self, rules=(), seed=1):
        """Forgets the requests and takes other rules."""
        self.requests, self.rules, self._dice = [], list(rules), random.Random(seed)
        self.num_open = self.most_open = self.num_connections = 0

    @property
    def url(self):
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"

    # --- what was asked

    def asked(self, *kinds, bucket=None):
        return [request for request in list(self.requests) if (not kinds or request.kind in kinds) and (bucket is None or request.bucket == bucket)]

    def wait_for(self, condition, seconds):
        """Polls until the condition holds of the proxy; returns whether it did in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition(self):
                return True
            time.sleep(0.01)
        return condition(self)

    # --- running

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        if not self._ready.wait(10) or self._failure:
            raise RuntimeError(f"the proxy does not start: {self._failure}")
        return self

    def __exit__(self, *_):
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def _run(self):
        try:
            asyncio.run(self._serve())
        except Exception as failure:  # told to whoever starts the proxy
            self._failure = failure
        self._ready.set()

    async def _serve(self):
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        if self.certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*self.certificate)
        server = await asyncio.start_server(self._serve_connection, "127.0.0.1", 0, limit=MAX_HEAD_BYTES, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._idle_connections = []
        self._ready.set()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), MAX_LIFETIME_SECONDS)
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _serve_connection(self, reader, writer):
        self.num_connections += 1
        try:
            if self.certificate:
                if self.num_connections <= self.broken_handshakes:
                    await reader.read(1)
                    reset(writer)
                await writer.start_tls(self._tls)
            for _ in range(MAX_REQUESTS_PER_CONNECTION):
                request = await self._read_request(reader, writer)
                if request is None:
                    break
                self.num_open += 1
                self.most_open = max(self.most_open, self.num_open)
                try:
                    await self._answer(Exchange(self, request, writer))
                finally:
                    self.num_open -= 1
                    request.ended = time.monotonic()
                if request.headers.get("connection", "").lower() == "close":
                    break
        except (Disconnected, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _read_request(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        lines = head.decode("utf-8", "surrogateescape").split("\r\n")[:-2]
        method, target, _ = lines[0].split(" ", 2)
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        num_bytes = int(headers.get("content-length", 0))
        body = await reader.readexactly(num_bytes) if 0 < num_bytes <= MAX_BODY_BYTES else b""
        request = Request(method, target, headers, body, len(self.requests) + 1)
        self.requests.append(request)
        return request

    async def _answer(self, exchange):
        request = exchange.request
        if self.guard:
            refused = self.guard.check(request)
            if refused:
                request.fault = refused.header("x-test-refused")
                await exchange.send_answer(refused)
                return
        for rule in self.rules:
            if rule.matches(request, self._dice):
                request.fault = rule.fault.name
                await rule.fault.play(exchange)
                return
        await exchange.send_answer(await exchange.forward())

    # --- the server behind

    async def ask_server(self, request):
        if request.bucket in self.buckets:
            return self.buckets[request.bucket].answer(request)
        method, target, headers = request.method, request.target, request.headers
        if self.guard:
            target, headers = self.guard.signed_for_server(request, f"{self.server[0]}:{self.server[1]}")
        lines = [f"{method} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items() if name not in ("connection", "expect")]
        data = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + request.body
        for attempt in range(3):  # a kept connection may have been closed meanwhile
            is_kept = bool(self._idle_connections) and attempt < 2
            reader, writer = self._idle_connections.pop() if is_kept else await asyncio.open_connection(*self.server, limit=MAX_HEAD_BYTES)
            try:
                writer.write(data)
                await writer.drain()
                answer = await asyncio.wait_for(self._read_answer(reader, method), UPSTREAM_TIMEOUT_SECONDS)
            except (OSError, asyncio.IncompleteReadError):
                writer.close()
                if not is_kept:
                    raise
                continue
            except asyncio.CancelledError:
                writer.close()
                raise
            if (answer.header("connection") or "").lower() == "close":
                writer.close()
            else:
                self._idle_connections.append((reader, writer))
            return answer
        raise Disconnected

    @staticmethod
    async def _read_answer(reader, method):
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape").split("\r\n")[:-2]
            _, status, reason = (lines[0] + " ").split(" ", 2)
            if not status.startswith("1"):
                break
        answer = Answer(int(status), reason.strip(), [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])])
        if method == "HEAD" or answer.status in (204, 304):
            return answer
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            answer.body = await FaultProxy._read_chunks(reader)
            answer.headers = [(name, value) for name, value in answer.headers if name.lower() != "transfer-encoding"]
            answer.set_header("Content-Length", str(len(answer.body)))
        else:
            answer.body = await reader.readexactly(int(answer.header("content-length") or 0))
        return answer

    @staticmethod
    async def _read_chunks(reader):
        body = b""
        while len(body) <= MAX_BODY_BYTES:
            num_bytes = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            body += (await reader.readexactly(num_bytes + 2))[:-2]
            if num_bytes == 0:
                break
        return body
