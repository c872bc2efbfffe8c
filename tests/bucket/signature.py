"""Signature Version 4 of S3, as a server checks it and as a client makes it.

source: AWS, "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference.
"""
import datetime
import hashlib
import hmac
import re
from urllib.parse import quote, unquote_to_bytes

UNRESERVED = "-._~"
AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
                           r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


class SignatureError(Exception):
    """A request that S3 refuses; `code` is its name."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


class Signed:
    """What an authorization header says."""

    def __init__(self, header):
        found = AUTHORIZATION.fullmatch(header)
        if not found:
            raise SignatureError("AuthorizationHeaderMalformed", "The authorization header is malformed.")
        self.access_key, self.date, self.region, names, self.signature = found.groups()
        self.header_names = names.split(";")


def canonical_path(raw_path):
    return quote(unquote_to_bytes(raw_path), safe="/" + UNRESERVED)


def parse_query(raw_query):
    """Returns the parameters as pairs of bytes, in their order."""
    pairs = []
    for part in raw_query.split("&") if raw_query else []:
        name, _, value = part.partition("=")
        # S3 takes '+' in a query for a blank.
        pairs.append((unquote_to_bytes(name.replace("+", " ")), unquote_to_bytes(value.replace("+", " "))))
    return pairs


def canonical_query(raw_query):
    return "&".join(sorted(f"{quote(name, safe=UNRESERVED)}={quote(value, safe=UNRESERVED)}" for name, value in parse_query(raw_query)))


def signature(secret, date, region, time, canonical_request):
    scope = f"{date}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", time, scope, hashlib.sha256(canonical_request.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in (date, region, "s3", "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def canonical_request(method, target, headers, names, payload_hash):
    """`headers` maps lower-case names to values."""
    path, _, query = target.partition("?")
    lines = [method, canonical_path(path), canonical_query(query)]
    lines += [f"{name}:{' '.join(headers.get(name, '').split())}" for name in names]
    return "\n".join(lines + ["", ";".join(names), payload_hash])


def verify(method, target, headers, body, secret):
    """Throws SignatureError unless the request is signed with the secret; what of the header must hold is the caller's."""
    signed = Signed(headers.get("authorization", ""))
    payload_hash = headers.get("x-amz-content-sha256", "")
    if not payload_hash:
        raise SignatureError("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    if re.fullmatch("[0-9a-f]{64}", payload_hash) and hashlib.sha256(body).hexdigest() != payload_hash:
        raise SignatureError("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
    for name in ("host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"):
        if name in headers and name not in signed.header_names:
            raise SignatureError("AccessDenied", f"There were headers present in the request which were not signed: {name}")
    wanted = signature(secret, signed.date, signed.region, headers.get("x-amz-date", ""),
                       canonical_request(method, target, headers, signed.header_names, payload_hash))
    if not hmac.compare_digest(wanted, signed.signature):
        raise SignatureError("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")


def sign(method, target, headers, access_key, secret, region, token=None):
    """Returns the headers with a signature of now; `headers` has host, and x-amz-content-sha256 if there is a body."""
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    kept = {name: value for name, value in headers.items() if name not in ("authorization", "x-amz-security-token")}
    kept["x-amz-date"] = time
    if token:
        kept["x-amz-security-token"] = token
    kept.setdefault("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    names = sorted(name for name in kept if name in ("host", "content-md5", "content-type", "range") or name.startswith("x-amz-"))
    request = canonical_request(method, target, kept, names, kept["x-amz-content-sha256"])
    made = signature(secret, time[:8], region, time, request)
    kept["authorization"] = (f"AWS4-HMAC-SHA256 Credential={access_key}/{time[:8]}/{region}/s3/aws4_request,"
                             f"SignedHeaders={';'.join(names)},Signature={made}")
    return kept
