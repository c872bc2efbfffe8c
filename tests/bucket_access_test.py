#!/usr/bin/env python3
"""Who asks, and of whom: credentials in all their forms, endpoints, regions, clocks; what is wrong is said, and no secret ever.

  bucket_access_test.py TRAILSQL
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from bucket import sample_trail
from bucket.fault_proxy import FaultProxy, Rule
from bucket import faults
from bucket.gateway import free_port, running_gateway
from bucket.guard import Account, Guard
from bucket.program import Program
from shared_data import Checks

QUESTION = "SELECT account, eventname, count(*) AS n FROM cloudtrail GROUP BY 1, 2 ORDER BY 1, 2"
LOCATION = "s3://trail/"
REGION = "ap-south-1"
SECRET, TOKEN = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYsecret", "IQoJb3JpZ2luX2VjEXAMPLE//token+of/the=test=="


class AccessTest:
    def __init__(self, trailsql, folder, gateway):
        self.gateway, self.folder, self.checks = gateway, folder, Checks()
        self.program = Program(trailsql, folder, self.checks)
        self.local = gateway.bucket("trail")
        sample_trail.write_trail(self.local)
        self.account = Account("AKIDEXAMPLEEXAMPLE00", SECRET)
        self.temporary = Account("ASIAEXAMPLEEXAMPLE00", SECRET + "2", TOKEN)
        self.program.secrets = [SECRET, TOKEN]
        self.expected = self.ask(self.local, {}).output
        self.checks.equal("the local answer", self.expected.count("\n") > 5, True)

    def ask(self, location, settings, *options, home=None, timeout=60):
        return self.program.run(["query", "--format", "csv", *options, "--logs", location, QUESTION], home=home, settings=settings, timeout=timeout)

    def guard(self, **changes):
        return Guard(self.gateway, [self.account, self.temporary], **{"region": REGION, **changes})

    def keys(self, proxy, account=None, **changes):
        """Returns the environment for the account, at the proxy."""
        account = account or self.account
        found = {"AWS_ACCESS_KEY_ID": account.access_key, "AWS_SECRET_ACCESS_KEY": account.secret, "AWS_SESSION_TOKEN": account.token,
                 "AWS_ENDPOINT_URL_S3": proxy.url, "AWS_REGION": REGION}
        return {**found, **changes}

    def same(self, what, result, proxy=None, max_refused=0):
        self.checks.equal(f"{what}: {result}", (result.status, result.output), (0, self.expected))
        if proxy:
            refused = [request for request in proxy.asked() if request.status not in (200, 206)]
            self.checks.equal(f"{what}: {len(refused)} refused, at most {max_refused}: {refused[:3]}", len(refused) <= max_refused, True)

    def fails(self, what, result, *words):
        self.checks.equal(f"{what}: {result}", (result.status, result.output), (1, ""))
        self.checks.equal(f"{what}: words missing in {result.errors}", [word for word in words if word.lower() not in result.errors.lower()], [])

    # --- topics

    def check_keys(self):
        with FaultProxy(self.gateway.url, guard=self.guard(public=["open"], paying=["paid"])) as proxy:
            self.same("access key", self.ask(LOCATION, self.keys(proxy)), proxy)
            self.same("session token", self.ask(LOCATION, self.keys(proxy, self.temporary)), proxy)
            self.fails("wrong secret", self.ask(LOCATION, self.keys(proxy, AWS_SECRET_ACCESS_KEY="wrong")), "trail", "signature")
            self.fails("wrong token", self.ask(LOCATION, self.keys(proxy, self.temporary, AWS_SESSION_TOKEN="x")), "trail", "token")
            self.fails("unknown key", self.ask(LOCATION, self.keys(proxy, AWS_ACCESS_KEY_ID="AKIDOTHER")), "trail", "access key")
            nobody = self.keys(proxy, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
            result = self.ask(LOCATION, nobody)
            self.fails("no credentials", result, "credentials", "AWS_ACCESS_KEY_ID")
            self.checks.equal("no credentials: soon", result.seconds < 10, True)
            for bucket in ("open", "paid"):
                shutil.copytree(self.local, self.gateway.bucket(bucket), dirs_exist_ok=True)
            proxy.reset()
            self.same("anonymous", self.ask("s3://open/", nobody, "--no-sign-request"), proxy)
            self.checks.equal("anonymous: signed", [request for request in proxy.asked() if "authorization" in request.headers], [])
            self.fails("anonymous, not public", self.ask(LOCATION, nobody, "--no-sign-request"), "trail", "denied")
            self.fails("not paid", self.ask("s3://paid/", self.keys(proxy)), "paid", "denied")
            proxy.reset()
            self.same("requester pays", self.ask("s3://paid/", self.keys(proxy), "--requester-pays"), proxy)

    def check_profiles(self):
        with FaultProxy(self.gateway.url, guard=self.guard()) as proxy:
            none = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_REGION"))
            home = self.program.new_home()
            os.makedirs(os.path.join(home, ".aws"))
            self.write(home, "config", f"[default]\nregion = us-west-2\n[profile audit]\nregion = {REGION}\nendpoint_url = {proxy.url}\n"
                       f"[profile process]\nregion = {REGION}\nendpoint_url = {proxy.url}\ncredential_process = {self.process(home)}\n"
                       "[profile broken]\ncredential_process = false\n")
            self.write(home, "credentials", f"[audit]\naws_access_key_id = {self.temporary.access_key}\naws_secret_access_key = {self.temporary.secret}\n"
                       f"aws_session_token = {TOKEN}\n")
            self.same("--profile", self.ask(LOCATION, none, "--profile", "audit", home=home), proxy)
            self.same("AWS_PROFILE", self.ask(LOCATION, {**none, "AWS_PROFILE": "audit"}, home=home), proxy)
            self.fails("no such profile", self.ask(LOCATION, none, "--profile", "audi", home=home), "audi")
            self.fails("a process that fails", self.ask(LOCATION, none, "--profile", "broken", home=home), "credential_process")
            # The process gives a token of some seconds, then another: the query must not notice.
            self.temporary.expires = time.monotonic() + 1
            fresh = Account("ASIAFRESH", SECRET + "3", TOKEN + "fresh")
            proxy.guard.accounts[fresh.access_key] = fresh
            proxy.reset([Rule(faults.Delay(0.1), kind="GET LIST")])
            self.same("expiry in the middle of a query", self.ask(LOCATION, none, "--profile", "process", home=home), proxy, max_refused=300)
            self.checks.equal("the first token was used", any(request.status == 200 for request in proxy.asked()), True)
            self.temporary.expires = 0
            self.fails("expired keys of the environment", self.ask(LOCATION, self.keys(proxy, self.temporary)), "expired")
            self.temporary.expires = None

    def check_changed_files(self):
        """A program that keeps running sees other keys, another region and another endpoint in ~/.aws."""
        home, new = self.program.new_home(), Account("AKIDNEWNEWNEWNEWNEW0", SECRET + "4")
        os.makedirs(os.path.join(home, ".aws"))
        question = json.dumps({"id": "1", "sql": QUESTION}).encode() + b"\n"
        none = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_REGION"))

        def write_keys(account):
            self.write(home, "credentials", f"[default]\naws_access_key_id = {account.access_key}\naws_secret_access_key = {account.secret}\n")

        with FaultProxy(self.gateway.url, guard=self.guard()) as proxy, FaultProxy(self.gateway.url, guard=self.guard()) as other:
            self.write(home, "config", f"[default]\nregion = {REGION}\nendpoint_url = {proxy.url}\n")
            write_keys(self.account)
            process = subprocess.Popen([self.program.trailsql, "batch", "--logs", LOCATION], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, env=self.program.environment(home, none), cwd=self.folder)

            def ask():
                process.stdin.write(question)
                process.stdin.flush()
                answer = json.loads(process.stdout.readline())
                return len(answer.get("rows", [])), answer.get("message", "")

            num_rows = self.expected.count("\n") - 1
            self.checks.equal("batch: keys of a file", ask(), (num_rows, ""))
            write_keys(new)
            found = ask()
            self.checks.equal(f"batch: keys that the server does not know: {found}", (found[0], "AWS profile 'default'" in found[1]), (0, True))
            proxy.guard.accounts = {new.access_key: new}
            self.checks.equal("batch: keys that it knows now", ask(), (num_rows, ""))
            other.guard.accounts = proxy.guard.accounts
            self.write(home, "config", f"[default]\nregion = {REGION}\nendpoint_url = {other.url}\n")
            self.checks.equal("batch: another endpoint", (ask(), len(other.asked()) > 0), ((num_rows, ""), True))
            process.stdin.close()
            self.checks.equal("batch: ends", process.wait(30), 0)

    def write(self, home, name, text):
        with open(os.path.join(home, ".aws", name), "w", encoding="utf-8") as file:
            file.write(text)

    def process(self, home):
        """Returns a command that prints credentials: the first time those that expire soon, later the fresh ones."""
        path = os.path.join(home, "credentials.sh")
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        texts = [json.dumps({"Version": 1, "AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": token, "Expiration": later})
                 for key, secret, token in ((self.temporary.access_key, self.temporary.secret, TOKEN), ("ASIAFRESH", SECRET + "3", TOKEN + "fresh"))]
        with open(path, "w", encoding="utf-8") as file:
            # The file of the secrets is called credentials, so it is no finding of check_homes; nor is this script.
            file.write(f"#!/bin/sh\nif [ -e '{path}.done' ]; then cat <<'END'\n{texts[1]}\nEND\nelse touch '{path}.done'; cat <<'END'\n{texts[0]}\nEND\nfi\n")
        os.chmod(path, 0o700)
        return path

    def check_regions(self):
        with FaultProxy(self.gateway.url, guard=self.guard()) as proxy:
            self.same("another region", self.ask(LOCATION, self.keys(proxy, AWS_REGION="eu-west-1")), proxy, max_refused=4)
            proxy.reset()
            self.same("no region", self.ask(LOCATION, self.keys(proxy, AWS_REGION=None)), proxy, max_refused=4)
            self.same("--region", self.ask(LOCATION, self.keys(proxy, AWS_REGION="eu-west-1"), "--region", REGION))
            proxy.reset([Rule(faults.permanent_redirect(REGION), where=lambda request: f"/{REGION}/" not in request.headers.get("authorization", ""))])
            proxy.guard.region = REGION
            self.same("301 with the region in its header", self.ask(LOCATION, self.keys(proxy, AWS_REGION=REGION)), proxy)
            with FaultProxy(self.gateway.url, guard=self.guard()) as other:
                proxy.reset([Rule(faults.temporary_redirect(other.url))])
                self.same("307", self.ask(LOCATION, self.keys(proxy)))
                self.checks.equal("307: the other server was asked", len(other.asked("GET")) > 0, True)

    def check_clock(self):
        for hours in (5, -5, 0.4):
            with FaultProxy(self.gateway.url, guard=self.guard(clock_hours=hours)) as proxy:
                self.same(f"a clock {hours} h off", self.ask(LOCATION, self.keys(proxy)), proxy, max_refused=20)

    def check_endpoints(self):
        with FaultProxy(self.gateway.url, guard=self.guard()) as proxy:
            nowhere = {"AWS_ENDPOINT_URL_S3": None}
            self.same("--s3-endpoint", self.ask(LOCATION, self.keys(proxy, **nowhere), "--s3-endpoint", proxy.url))
            self.same("--s3-endpoint before the environment", self.ask(LOCATION, self.keys(proxy, AWS_ENDPOINT_URL_S3="http://127.0.0.1:1"), "--s3-endpoint", proxy.url))
            self.same("AWS_ENDPOINT_URL", self.ask(LOCATION, self.keys(proxy, **nowhere, AWS_ENDPOINT_URL=proxy.url)))
            self.same("with a slash", self.ask(LOCATION, self.keys(proxy, AWS_ENDPOINT_URL_S3=proxy.url + "/")))
            self.same("by name", self.ask(LOCATION, self.keys(proxy, AWS_ENDPOINT_URL_S3=f"http://localhost:{proxy.port}")))
        closed = f"http://127.0.0.1:{free_port()}"
        result = self.ask(LOCATION, self.keys(proxy, AWS_ENDPOINT_URL_S3=closed), timeout=120)
        self.fails("nobody listens", result, closed.rpartition(":")[2])
        self.fails("no such host", self.ask(LOCATION, self.keys(proxy, AWS_ENDPOINT_URL_S3="http://no-such-host.invalid"), timeout=120), "no-such-host.invalid")
        self.fails("no URL", self.ask(LOCATION, self.keys(proxy, AWS_ENDPOINT_URL_S3="::nonsense::")), "::nonsense::")

    def check_certificates(self):
        """TLS with a certificate that nobody knows, and with AWS_CA_BUNDLE."""
        paths = [os.path.join(self.folder, name) for name in ("server.pem", "server.key")]
        try:
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                            "subjectAltName=IP:127.0.0.1,DNS:localhost", "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True, timeout=60)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no openssl command: TLS is not tested ({error})")
            return
        with FaultProxy(self.gateway.url, guard=self.guard(), certificate=paths) as proxy:
            result = self.ask(LOCATION, self.keys(proxy))
            self.fails("unknown certificate", result, "certificate")
            self.checks.equal("unknown certificate: nothing was asked", proxy.asked(), [])
            self.checks.equal("unknown certificate: soon", result.seconds < 20, True)
            self.same("AWS_CA_BUNDLE", self.ask(LOCATION, self.keys(proxy, AWS_CA_BUNDLE=paths[0])), proxy)
            proxy.reset()
            proxy.broken_handshakes = 3
            self.same("handshakes that are reset", self.ask(LOCATION, self.keys(proxy, AWS_CA_BUNDLE=paths[0])), proxy)
            proxy.reset()
            proxy.broken_handshakes = 1000
            self.fails("handshakes that are reset for ever", self.ask(LOCATION, self.keys(proxy, AWS_CA_BUNDLE=paths[0])), "trail")

    def check_two_owners(self):
        """Two buckets of two owners are in the catalog with their own profile and endpoint; a session of one is not the other's."""
        with FaultProxy(self.gateway.url, guard=self.guard()) as proxy:
            result = self.program.run(["query", "--format", "csv", "--logs", LOCATION, "--logs", self.local + "/", QUESTION], settings=self.keys(proxy))
            doubled = [line.rsplit(",", 1) for line in self.expected.splitlines()[1:]]
            wanted = [f'{name},"{2 * int(number.strip(chr(34)))}"' for name, number in doubled]
            self.checks.equal(f"a bucket and a folder: {result}", (result.status, result.output.splitlines()[1:]), (0, wanted))

    def run(self):
        self.check_keys()
        self.check_profiles()
        self.check_changed_files()
        self.check_regions()
        self.check_clock()
        self.check_endpoints()
        self.check_certificates()
        self.check_two_owners()
        for folder, _, names in os.walk(self.folder):
            for name in names:
                if name.startswith("credentials.sh"):
                    os.remove(os.path.join(folder, name))
        self.program.check_homes()


def main():
    with tempfile.TemporaryDirectory(prefix="trailsql_access_") as folder, running_gateway() as gateway:
        test = AccessTest(sys.argv[1], folder, gateway)
        test.run()
    test.checks.end()


if __name__ == "__main__":
    main()
