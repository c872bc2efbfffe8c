"""Starts versitygw, an S3 server that verifies signatures, over a folder whose folders are the buckets."""
import contextlib
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt
HERE = os.path.dirname(os.path.abspath(__file__))
FETCH = os.path.join(HERE, "..", "..", "tools", "fetch_versitygw.sh")
READY_SECONDS = 30
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1


class GatewayError(Exception):
    """The gateway does not start."""


def find_gateway():
    """Returns the path of versitygw, which may be built first; ends the test as skipped where it cannot be had."""
    done = subprocess.run([FETCH], stdout=subprocess.PIPE, text=True, timeout=900, check=False)
    if done.returncode == SKIPPED:
        print("SKIPPED: no versitygw (above is how to get it)")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        sys.exit(f"{FETCH} ended with {done.returncode}")
    return done.stdout.strip()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _end_with_parent():
    """Has the kernel end the child when the thread that started it ends, however that is."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Gateway:
    """A running versitygw. Start it from the main thread: it ends with the thread that started it.

    `root` is the folder whose folders are buckets; files may be put there at any time, also as links to folders.
    """

    def __init__(self, folder, region="us-east-1"):
        self.program, self.region = find_gateway(), region
        self.access_key = "AKIA" + secrets.token_hex(8).upper()
        self.secret_key = "s" + secrets.token_hex(20)
        self.root, self._metadata = os.path.join(folder, "buckets"), os.path.join(folder, "gateway_metadata")
        self._log_path = os.path.join(folder, "gateway.log")
        for needed in (self.root, self._metadata):
            os.makedirs(needed, exist_ok=True)
        self.process = self.port = None

    def start(self):
        for _ in range(3):  # somebody may take the port between our asking and its use
            self.port = free_port()
            if self._start_on_port():
                return self
        with open(self._log_path, encoding="utf-8", errors="replace") as log:
            raise GatewayError(f"versitygw does not start: {log.read()[-2000:]}")

    def _start_on_port(self):
        # The metadata lie beside the files, since not every file system keeps extended attributes.
        command = [self.program, "--port", f"127.0.0.1:{self.port}", "--region", self.region, "--keep-alive", "--quiet", "--health", "/health",
                   "--disable-strict-bucket-names", "posix", "--bucketlinks", "--sidecar", self._metadata,
                   "--default-etag", '"0123456789abcdef0123456789abcdef"', self.root]
        # Keys go through the environment, as nobody else can read that.
        environment = {"ROOT_ACCESS_KEY": self.access_key, "ROOT_SECRET_KEY": self.secret_key, "PATH": os.environ["PATH"], "HOME": self.root}
        with open(self._log_path, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                                            preexec_fn=_end_with_parent)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(f"http://127.0.0.1:{self.port}/health", timeout=1) as answer:
                    if answer.status == 200 and self.process.poll() is None:
                        return True
            time.sleep(0.02)
        self.stop()
        return False

    def stop(self):
        """Ends exactly the process that was started."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def bucket(self, name):
        """Returns the folder of a bucket, which is made when it is not there."""
        folder = os.path.join(self.root, name)
        os.makedirs(folder, exist_ok=True)
        return folder

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


@contextlib.contextmanager
def running_gateway(region="us-east-1"):
    """Runs a gateway over a temporary folder, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="trailsql_gateway_") as folder, Gateway(folder, region) as gateway:
        yield gateway
