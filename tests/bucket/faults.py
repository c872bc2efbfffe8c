"""The faults that S3, and what stands between, show: each has a name and plays itself in an exchange of the proxy."""
import asyncio
import base64
import datetime
import hashlib
import re
import struct
import zlib
from xml.sax.saxutils import escape

from bucket.fault_proxy import Answer

LONG_STALL_SECONDS = 600
CAPTIVE_PORTAL = b"<!DOCTYPE html><html><head><title>Welcome to the hotel</title></head><body>Please log in.</body></html>"


def http_date(hours=0):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def error_answer(status, code, message, inside="", headers=(), reason="Error"):
    body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{escape(message)}</Message>{inside}'
            "<RequestId>4442587FB7D0A2F9</RequestId><HostId>dGVzdA==</HostId></Error>").encode()
    return Answer(status, reason, [("Content-Type", "application/xml"), ("Content-Length", str(len(body))), ("Date", http_date()),
                                   ("x-amz-request-id", "4442587FB7D0A2F9"), *headers], body)


class ErrorFault:
    """Answers with an error, without asking the server."""

    def __init__(self, name, answer):
        self.name, self._answer = name, answer

    async def play(self, exchange):
        answer = self._answer(exchange.request) if callable(self._answer) else self._answer
        if exchange.request.method == "HEAD":
            answer.body = b""
        await exchange.send_answer(answer)


def slow_down():
    return ErrorFault("slow down", error_answer(503, "SlowDown", "Please reduce your request rate.", reason="Slow Down"))


def internal_error():
    return ErrorFault("internal error", error_answer(500, "InternalError", "We encountered an internal error. Please try again."))


def bare_error(status):
    """An error of a load balancer in between: no XML."""
    return ErrorFault(f"bare {status}", Answer(status, "Bad", [("Content-Length", "0")]))


def too_many_requests():
    return ErrorFault("429", error_answer(429, "TooManyRequests", "Too many requests", headers=[("Retry-After", "1")]))


def permanent_redirect(region):
    text = "The bucket you are attempting to access must be addressed using the specified endpoint."
    return ErrorFault("301", lambda request: error_answer(
        301, "PermanentRedirect", text, f"<Endpoint>{request.bucket}.s3.{region}.amazonaws.com</Endpoint><Bucket>{request.bucket}</Bucket>",
        [("x-amz-bucket-region", region)]))


def malformed_region(region):
    text = f"The authorization header is malformed; the region 'us-east-1' is wrong; expecting '{region}'"
    return ErrorFault("wrong region", error_answer(400, "AuthorizationHeaderMalformed", text, f"<Region>{region}</Region>",
                                                   [("x-amz-bucket-region", region)]))


def temporary_redirect(url):
    def answer(request):
        return error_answer(307, "TemporaryRedirect", "Please re-send this request to the specified temporary endpoint.",
                            f"<Endpoint>{url.partition('//')[2]}</Endpoint><Bucket>{request.bucket}</Bucket>", [("Location", url + request.target)])
    return ErrorFault("307", answer)


def expired_token():
    return ErrorFault("expired token", error_answer(400, "ExpiredToken", "The provided token has expired."))


def access_denied():
    return ErrorFault("access denied", error_answer(403, "AccessDenied", "Access Denied"))


def kms_denied():
    text = ("User: arn:aws:iam::111122223333:user/reader is not authorized to perform: kms:Decrypt on the resource associated with this "
            "ciphertext because no identity-based policy allows the kms:Decrypt action")
    return ErrorFault("kms denied", error_answer(403, "AccessDenied", text))


def no_such_key():
    return ErrorFault("no such key", lambda request: error_answer(
        404, "NoSuchKey", "The specified key does not exist.", f"<Key>{escape(request.key)}</Key>"))


def archived():
    return ErrorFault("archived", error_answer(403, "InvalidObjectState", "The operation is not valid for the object's storage class",
                                               "<StorageClass>GLACIER</StorageClass>"))


def precondition_failed():
    return ErrorFault("replaced", error_answer(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"))


class Reset:
    """A RST: before the answer, or after a part of the body."""

    def __init__(self, part=None):
        self.name, self.part = "reset" if part is None else "reset in the body", part

    async def play(self, exchange):
        if self.part is not None:
            answer = await exchange.forward()
            await exchange.send_answer(answer, int(len(answer.body) * self.part))
            await asyncio.sleep(0.02)  # what was sent arrives before the RST
        exchange.reset()


class CloseEarly:
    """The connection is closed in order, but the body is not all there."""

    def __init__(self, part=0.5):
        self.name, self.part = "truncated", part

    async def play(self, exchange):
        answer = await exchange.forward()
        await exchange.send_answer(answer, int(len(answer.body) * self.part))
        exchange.close()


class Stall:
    """Sends nothing, or a part of the body, then nothing more for a long time."""

    def __init__(self, part=None, seconds=LONG_STALL_SECONDS):
        self.name, self.part, self.seconds = "stall", part, seconds

    async def play(self, exchange):
        if self.part is not None:
            answer = await exchange.forward()
            await exchange.send_answer(answer, int(len(answer.body) * self.part))
        await exchange.sleep(self.seconds)
        exchange.close()


class Delay:
    """The answer comes later, whole."""

    def __init__(self, seconds):
        self.name, self.seconds = "delay", seconds

    async def play(self, exchange):
        await exchange.sleep(self.seconds)
        await exchange.send_answer(await exchange.forward())


class Slow:
    def __init__(self, bytes_per_second):
        self.name, self.bytes_per_second = "slow", bytes_per_second

    async def play(self, exchange):
        await exchange.send_answer(await exchange.forward(), bytes_per_second=self.bytes_per_second)


def _crc32(data):
    return base64.b64encode(struct.pack(">I", zlib.crc32(data))).decode()


def _sha256(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _sha1(data):
    return base64.b64encode(hashlib.sha1(data).digest()).decode()


CHECKSUMS = {"crc32": _crc32, "sha256": _sha256, "sha1": _sha1}


class Corrupt:
    """One byte in the middle of the body is another. With `checksum` the true body's checksum goes along, if the client asked for it."""

    def __init__(self, checksum=None, is_corrupt=True):
        self.name = "corrupted" if is_corrupt else "checksum"
        self.checksum, self.is_corrupt = checksum, is_corrupt

    async def play(self, exchange):
        answer = await exchange.forward()
        if answer.status == 200 and self.checksum and exchange.request.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            answer.headers += [("x-amz-checksum-" + self.checksum, CHECKSUMS[self.checksum](answer.body)), ("x-amz-checksum-type", "FULL_OBJECT")]
        if self.is_corrupt:
            answer.body = corrupted(answer.body)
        await exchange.send_answer(answer)


def corrupted(body):
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 0x20]) + body[middle + 1:] if body else body


class RewriteListing:
    """Changes the XML of a listing."""

    def __init__(self, name, rewrite):
        self.name, self._rewrite = name, rewrite

    async def play(self, exchange):
        answer = await exchange.forward()
        if answer.status == 200:
            answer.body = self._rewrite(answer.body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            answer.set_header("Content-Length", str(len(answer.body)))
        await exchange.send_answer(answer)


def storage_class(classes):
    """`classes`: from a part of the key to its storage class."""
    def rewrite(xml):
        def entry(found):
            for part, name in classes.items():
                if part in found[0]:
                    return re.sub(r"<StorageClass>.*?</StorageClass>", f"<StorageClass>{name}</StorageClass>", found[0])
            return found[0]
        return re.sub(r"<Contents>.*?</Contents>", entry, xml, flags=re.DOTALL)
    return RewriteListing("storage class", rewrite)


def endless_listing():
    """The same page for ever, with the same token."""
    def rewrite(xml):
        xml = re.sub(r"<NextContinuationToken>.*?</NextContinuationToken>", "", xml)
        return re.sub(r"<IsTruncated>.*?</IsTruncated>", "<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>", xml)
    return RewriteListing("endless listing", rewrite)


def truncated_without_token():
    """A page that says there is more, but not where."""
    def rewrite(xml):
        xml = re.sub(r"<NextContinuationToken>.*?</NextContinuationToken>", "", xml)
        return re.sub(r"<IsTruncated>.*?</IsTruncated>", "<IsTruncated>true</IsTruncated>", xml)
    return RewriteListing("no token", rewrite)


def malformed_listing():
    return RewriteListing("malformed XML", lambda xml: xml[:len(xml) * 2 // 3] + "<Contents><Key>a&b</Contents>")


def empty_listing_body():
    return RewriteListing("empty body", lambda xml: "")


def error_with_200():
    error = error_answer(200, "InternalError", "We encountered an internal error. Please try again.", reason="OK")
    return ErrorFault("an error with 200", error)


def captive_portal():
    return ErrorFault("captive portal", Answer(200, "OK", [("Content-Type", "text/html"), ("Content-Length", str(len(CAPTIVE_PORTAL)))], CAPTIVE_PORTAL))


class RawAnswer:
    """Bytes that no HTTP server sends."""

    def __init__(self, name, data, stays_open=False):
        self.name, self._data, self._stays_open = name, data, stays_open

    async def play(self, exchange):
        await exchange.send(self._data)
        if self._stays_open:
            await exchange.sleep(LONG_STALL_SECONDS)
        exchange.close()


def absurd_length():
    return RawAnswer("absurd length", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9223372036854775807\r\n\r\nshort")


def gigantic_header():
    return RawAnswer("gigantic header", b"HTTP/1.1 200 OK\r\nx-large: " + b"a" * (4 << 20) + b"\r\nContent-Length: 0\r\n\r\n")


def not_http():
    return RawAnswer("no HTTP", b"220 mail.example.com ESMTP ready\r\n")
