"""Runs trailsql as its users do, against servers of the tests: in time, in little memory, and telling no secret."""
import contextlib
import os
import signal
import subprocess
import tempfile
import time

from shared_data import DATA

MAX_MEMORY_KILOBYTES = 600_000
POLL_SECONDS = 0.01
PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Result:
    """How a command ended. `status` is None when it did not end in time; `seconds` are those after the signal, if one was sent."""

    def __init__(self, status, output, errors, seconds, kilobytes):
        self.status, self.output, self.errors, self.seconds, self.kilobytes = status, output, errors, seconds, kilobytes

    def __repr__(self):
        return f"exit {self.status} after {self.seconds:.1f} s, {self.kilobytes} kB\n--- stdout\n{self.output[:800]}\n--- stderr\n{self.errors[:1200]}"


class Program:
    """The program under test with credentials for one endpoint. `folder` gets homes; `checks` is told of secrets shown and memory spent."""

    def __init__(self, trailsql, folder, checks):
        self.trailsql, self.folder, self.checks = os.path.abspath(trailsql), folder, checks
        self.secrets, self.settings, self._num_homes = [], {}, 0

    def with_keys(self, access_key, secret, url, region, token=None):
        """Sets the environment of AWS's tools for the runs from now on."""
        self.settings = {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_ENDPOINT_URL_S3": url, "AWS_REGION": region}
        self.secrets.append(secret)
        if token:
            self.settings["AWS_SESSION_TOKEN"] = token
            self.secrets.append(token)
        return self

    def for_gateway(self, gateway, url=None):
        return self.with_keys(gateway.access_key, gateway.secret_key, url or gateway.url, gateway.region)

    def copy(self):
        """Returns the same with settings of its own, for another thread."""
        other = Program(self.trailsql, self.folder, self.checks)
        other.secrets, other.settings = list(self.secrets), dict(self.settings)
        return other

    def new_home(self):
        return tempfile.mkdtemp(prefix="home_", dir=self.folder)

    def environment(self, home, settings=None):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("TRAILSQL_", "AWS_")) and name.lower() not in PROXY_VARIABLES and name not in ("PAGER", "COLUMNS")}
        kept.update(HOME=home, TRAILSQL_HOME=os.path.join(home, "trailsql"), LC_ALL="C.UTF-8", TERM="dumb", AWS_EC2_METADATA_DISABLED="true", DATA=DATA)
        kept.update(self.settings)
        kept.update(settings or {})
        return {name: value for name, value in kept.items() if value is not None}

    def run(self, arguments, home=None, timeout=60, settings=None, interrupt_when=None):
        """Runs a command. With `interrupt_when`, polled, it gets a SIGINT as soon as that is true."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen([self.trailsql] + list(arguments), stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                       env=self.environment(home or self.new_home(), settings), cwd=self.folder)
            started, status, usage, seconds = time.monotonic(), None, None, 0.0
            while seconds < timeout:
                pid, state, usage = os.wait4(process.pid, os.WNOHANG)
                seconds = time.monotonic() - started
                if pid:
                    status = process.returncode = os.waitstatus_to_exitcode(state)
                    break
                if interrupt_when and interrupt_when():
                    interrupt_when, started = None, time.monotonic()
                    process.send_signal(signal.SIGINT)
                time.sleep(POLL_SECONDS)
            if status is None:
                process.kill()
                _, _, usage = os.wait4(process.pid, 0)
                process.returncode = -signal.SIGKILL
            texts = []
            for file in (output, errors):
                file.seek(0)
                texts.append(file.read().decode("utf-8", "backslashreplace"))
        result = Result(status, *texts, seconds, usage.ru_maxrss)
        self._check(arguments, result)
        return result

    def _check(self, arguments, result):
        what = f"trailsql {' '.join(arguments)[:200]}"
        self.checks.equal(f"{what}: secrets shown", [name for name in self.secrets if name in result.output + result.errors], [])
        if result.kilobytes > MAX_MEMORY_KILOBYTES:
            self.checks.equal(f"{what}: memory in kB, at most {MAX_MEMORY_KILOBYTES}", result.kilobytes, "less")

    def check_homes(self):
        """No file of any home may hold a secret (but those that the test itself put there, which are called credentials)."""
        found, num_files = [], 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if "home_" not in path or name in ("credentials", "config") or not os.path.isfile(path):
                    continue
                num_files += 1
                with contextlib.suppress(OSError), open(path, "rb") as file:
                    data = file.read()
                    found += [path for secret in self.secrets if secret.encode() in data]
        self.checks.equal("homes have files", num_files > 0, True)
        self.checks.equal("files with a secret", found, [])
