#!/usr/bin/env python3
"""Tests the servers of the bucket tests themselves: signatures are verified through the proxy, and every fault can be seen by a client.

  bucket_servers_test.py
"""
import contextlib
import concurrent.futures
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from urllib.parse import quote

from bucket import faults
from bucket.fault_proxy import FaultProxy, Rule
from bucket.gateway import running_gateway
from bucket.guard import Account, Guard
from bucket.memory_bucket import MemoryBucket
from bucket.signature import sign
from shared_data import Checks

BODY = b"0123456789" * 200
KEYS = ["plain", "a b", "ü", "a+b", "a%41", "a#b", "a?b", "k=v", "q'u", "a&b;c", "a\\b", "t~", "s*", "deep/er/x"]


class Client:
    """A little client of S3: one request a connection."""

    def __init__(self, proxy, key, secret, region, token=None):
        self.proxy, self.key, self.secret, self.region, self.token = proxy, key, secret, region, token

    def ask(self, path, headers=(), is_signed=True, timeout=5, method="GET", body=b""):
        """Returns status, headers and body, or the name of what went wrong and None, None."""
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=timeout)
        sent = {"host": f"127.0.0.1:{self.proxy.port}", **dict(headers)}
        if is_signed:
            sent = sign(method, path, sent, self.key, self.secret, self.region, self.token)
        try:
            connection.request(method, path, body=body or None, headers=sent)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read(1 << 20)
        except (OSError, http.client.HTTPException, OverflowError) as error:
            return type(error).__name__, None, None
        finally:
            connection.close()


def keys_of(body):
    return [found.replace("&amp;", "&").replace("&#39;", "'") for found in re.findall(r"<Key>(.*?)</Key>", body.decode("utf-8"))]


def check_gateway(checks, client, proxy):
    """The gateway through the proxy: what the tests of the program rely on."""
    status, headers, body = client.ask("/one?list-type=2")
    checks.equal("listing", (status, sorted(keys_of(body))), (200, sorted(KEYS)))
    for key in KEYS:
        checks.equal(f"get {key}", client.ask("/one/" + quote(key))[::2], (200, BODY))
    status, headers, body = client.ask("/one/plain", {"range": "bytes=10-14"})
    checks.equal("range", (status, headers["content-range"], body), (206, "bytes 10-14/2000", b"01234"))
    body = client.ask("/one?list-type=2&delimiter=%2F&prefix=")[2].decode()
    checks.equal("delimiter", re.findall("<CommonPrefixes><Prefix>(.*?)<", body), ["deep/"])
    body = client.ask("/one?list-type=2&start-after=" + quote("q'u"))[2]
    checks.equal("start-after", keys_of(body), ["s*", "t~", "ü"])
    checks.equal("no such key", client.ask("/one/nothing")[0], 404)
    checks.equal("no such bucket", client.ask("/nothing?list-type=2")[0], 404)
    wrong = Client(proxy, client.key, "wrong", client.region)
    checks.equal("wrong secret", wrong.ask("/one/plain")[0], 403)
    checks.equal("no signature", client.ask("/one/plain", is_signed=False)[0], 403)
    elsewhere = Client(proxy, client.key, client.secret, "us-west-2")
    checks.equal("wrong region", elsewhere.ask("/one/plain")[0], 400)
    checks.equal("requests are kept", [request.kind for request in proxy.requests[:3]], ["LIST", "GET", "GET"])
    proxy.reset([Rule(faults.Delay(0.5), kind="GET")])
    with concurrent.futures.ThreadPoolExecutor(80) as pool:
        bodies = list(pool.map(lambda _: client.ask("/one/plain", timeout=30)[2], range(160)))
    checks.equal("160 answers", bodies, [BODY] * 160)
    checks.equal("64 at once", proxy.most_open >= 64, True)


def check_faults(checks, client, proxy):
    """(fault, path, what a client sees): a status, or the exception of http.client."""
    get, listing = "/one/plain", "/one?list-type=2"
    expected = [
        (faults.slow_down(), get, 503), (faults.internal_error(), get, 500), (faults.too_many_requests(), get, 429), (faults.bare_error(502), get, 502),
        (faults.permanent_redirect("eu-west-2"), get, 301), (faults.malformed_region("eu-west-2"), get, 400), (faults.temporary_redirect("http://x:1"), get, 307),
        (faults.expired_token(), get, 400), (faults.access_denied(), get, 403), (faults.kms_denied(), get, 403), (faults.no_such_key(), get, 404),
        (faults.archived(), get, 403), (faults.precondition_failed(), get, 412), (faults.Reset(), get, "ConnectionResetError"),
        (faults.Reset(0.5), get, "ConnectionResetError"), (faults.CloseEarly(), get, "short"), (faults.Stall(), get, "TimeoutError"),
        (faults.Stall(0.5), get, "TimeoutError"), (faults.absurd_length(), get, "short"), (faults.gigantic_header(), get, "LineTooLong"),
        (faults.not_http(), get, "BadStatusLine"), (faults.captive_portal(), get, 200), (faults.error_with_200(), listing, 200)]
    for fault, path, want in expected:
        proxy.reset([Rule(fault)])
        status, headers, body = client.ask(path, timeout=1)
        if status == 200 and len(body) < int(headers["content-length"]):
            status = "short"
        checks.equal(f"fault {fault.name}: seen and noted", (status, proxy.requests[-1].fault), (want, fault.name))
    proxy.reset([Rule(faults.Slow(4000), kind="GET")])
    started = time.monotonic()
    checks.equal("slow, but whole", client.ask(get)[2], BODY)
    checks.equal("slow", 0.3 < time.monotonic() - started < 4, True)
    for name in faults.CHECKSUMS:
        proxy.reset([Rule(faults.Corrupt(name))])
        _, headers, body = client.ask(get, {"x-amz-checksum-mode": "ENABLED"})
        checks.equal(f"{name} of the true body", headers["x-amz-checksum-" + name], faults.CHECKSUMS[name](BODY))
        checks.equal("one byte differs", sum(a != b for a, b in zip(body, BODY)), 1)
    for fault, part in ((faults.storage_class({"plain": "GLACIER"}), b"<StorageClass>GLACIER<"), (faults.endless_listing(), b"<IsTruncated>true<"),
                        (faults.malformed_listing(), b"a&b</Contents>"), (faults.truncated_without_token(), b"<IsTruncated>true<")):
        proxy.reset([Rule(fault, kind="LIST")])
        checks.equal(f"rewritten: {fault.name}", client.ask(listing)[2].count(part), 1)
    proxy.reset([Rule(faults.slow_down(), each_key=True, skip=1, times=1)])
    checks.equal("the second of each key", [client.ask("/one/" + key)[0] for key in ("plain", "plain", "t~", "plain", "t~")], [200, 503, 200, 200, 503])
    proxy.reset([Rule(faults.slow_down(), probability=0.5)], seed=7)
    first = [client.ask(get)[0] for _ in range(20)]
    proxy.reset([Rule(faults.slow_down(), probability=0.5)], seed=7)
    checks.equal("the same dice", [client.ask(get)[0] for _ in range(20)], first)
    checks.equal("both happen", {200, 503}, set(first))


def check_guard(checks, gateway):
    account = Account("AKIDTEMPORARY", "secret-of-the-test", "token-of-the-test")
    odd = {"a//b": b"1", "a/../b": b"2", "./c": b"3", "d/": b"", "e\x01f": b"5", "x y+z": b"6", "ü/%41": b"7"}
    with FaultProxy(gateway.url, guard=Guard(gateway, [account], "ap-south-1", public=["one"]), buckets={"odd": MemoryBucket("odd", odd, page=2)}) as proxy:
        client = Client(proxy, account.access_key, account.secret, "ap-south-1", account.token)
        checks.equal("guarded", client.ask("/one/plain")[::2], (200, BODY))
        checks.equal("public", client.ask("/one/plain", is_signed=False)[0], 200)
        for key, body in odd.items():
            checks.equal(f"odd key {key!r}", client.ask("/odd/" + quote(key))[::2], (200, body))
        found, token = [], ""
        for _ in range(10):
            page = client.ask("/odd?list-type=2&encoding-type=url" + token)[2].decode()
            found += re.findall("<Key>(.*?)</Key>", page)
            token = "".join("&continuation-token=" + quote(text) for text in re.findall("<NextContinuationToken>(.*?)<", page))
            if not token:
                break
        checks.equal("pages", found, ["./c", "a/../b", "a//b", "d/", "e%01f", "x+y%2Bz", "%C3%BC/%2541"])
        for change, status in (({"region": "us-east-1"}, 400), ({"secret": "wrong"}, 403), ({"token": None}, 400), ({"key": "AKIDOTHER"}, 403)):
            other = Client(proxy, account.access_key, account.secret, "ap-south-1", account.token)
            vars(other).update(change)
            checks.equal(f"refused with another {list(change)[0]}", other.ask("/one/plain")[0], status)
        proxy.guard.clock_hours = 5
        checks.equal("clock", client.ask("/one/plain")[0], 403)
        proxy.guard.clock_hours, account.expires = 0, 0
        checks.equal("expired", (client.ask("/one/plain")[0], proxy.requests[-1].fault), (400, "expired"))


def check_end(checks):
    """The gateway ends with the process that started it, even when that is killed."""
    script = "import time; from bucket.gateway import running_gateway\nwith running_gateway() as g: print(g.port, g.root, flush=True); time.sleep(60)"
    here = os.path.dirname(os.path.abspath(__file__))
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=here)
    port, root = parent.stdout.readline().split()
    parent.kill()
    parent.wait(10)
    ended, deadline = False, time.monotonic() + 10
    while not ended and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1):
            time.sleep(0.05)
            continue
        ended = True
    shutil.rmtree(os.path.dirname(root))
    checks.equal("the gateway ended with its parent", ended, True)


def main():
    checks = Checks()
    with running_gateway("eu-west-1") as gateway:
        folder = gateway.bucket("one")
        for key in KEYS:
            os.makedirs(os.path.dirname(os.path.join(folder, key)), exist_ok=True)
            with open(os.path.join(folder, key), "wb") as file:
                file.write(BODY)
        with FaultProxy(gateway.url) as proxy:
            client = Client(proxy, gateway.access_key, gateway.secret_key, "eu-west-1")
            check_gateway(checks, client, proxy)
            check_faults(checks, client, proxy)
        check_guard(checks, gateway)
    check_end(checks)
    checks.end()


if __name__ == "__main__":
    main()
