"""What S3 checks of a request before it looks for the object: keys, session token, region, clock. Then signs it anew for the gateway."""
import datetime
import re
import time

from bucket.faults import error_answer, http_date
from bucket.signature import Signed, SignatureError, sign, verify

ALLOWED_SKEW_SECONDS = 900


class Account:
    """One access key. `expires`: seconds of time.monotonic() at which its token does."""

    def __init__(self, access_key, secret, token=None, expires=None):
        self.access_key, self.secret, self.token, self.expires = access_key, secret, token, expires


class Guard:
    """`gateway` gets the requests; `public` are buckets that anybody may read; `clock_hours`: how far the server's clock is off.

    `paying`: buckets whose requester must say that they pay. `page_keys`: at most so many keys in a page of a listing.
    """

    def __init__(self, gateway, accounts=(), region="us-east-1", clock_hours=0, public=(), paying=(), page_keys=None):
        self.gateway, self.accounts, self.region, self.clock_hours = gateway, {account.access_key: account for account in accounts}, region, clock_hours
        self.public, self.paying, self.page_keys = set(public), set(paying), page_keys

    def check(self, request):
        """Returns the answer that refuses the request, or None."""
        if "authorization" not in request.headers:
            if request.bucket in self.public and request.bucket not in self.paying:
                return None
            return self._refused("anonymous", 403, "AccessDenied", "Access Denied")
        try:
            return self._check_signed(request)
        except SignatureError as error:
            status = 400 if error.code in ("AuthorizationHeaderMalformed", "InvalidRequest", "XAmzContentSHA256Mismatch") else 403
            return self._refused(error.code, status, error.code, error.message)

    def _check_signed(self, request):
        signed = Signed(request.headers["authorization"])
        account = self.accounts.get(signed.access_key)
        if account is None:
            return self._refused("unknown key", 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
        if signed.region != self.region:
            text = f"The authorization header is malformed; the region '{signed.region}' is wrong; expecting '{self.region}'"
            return self._refused("wrong region", 400, "AuthorizationHeaderMalformed", text, f"<Region>{self.region}</Region>",
                                 [("x-amz-bucket-region", self.region)])
        asked = datetime.datetime.strptime(request.headers.get("x-amz-date", "19700101T000000Z"), "%Y%m%dT%H%M%SZ")
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(hours=self.clock_hours)
        if abs((asked - now).total_seconds()) > ALLOWED_SKEW_SECONDS:
            return self._refused("skewed", 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
                                 f"<RequestTime>{asked:%Y%m%dT%H%M%SZ}</RequestTime><ServerTime>{now:%Y-%m-%dT%H:%M:%SZ}</ServerTime>")
        verify(request.method, request.target, request.headers, request.body, account.secret)
        if request.headers.get("x-amz-security-token") != account.token:
            return self._refused("invalid token", 400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
        if account.expires is not None and time.monotonic() >= account.expires:
            return self._refused("expired", 400, "ExpiredToken", "The provided token has expired.")
        if request.bucket in self.paying and request.headers.get("x-amz-request-payer") != "requester":
            return self._refused("not paid", 403, "AccessDenied", "Access Denied")
        return None

    def _refused(self, why, status, code, message, inside="", headers=()):
        answer = error_answer(status, code, message, inside, headers)
        answer.set_header("Date", http_date(self.clock_hours))
        answer.set_header("x-test-refused", why)
        return answer

    def signed_for_server(self, request, host):
        """Returns target and headers of the request as the gateway takes it: the bucket in the path, signed with the gateway's keys."""
        target = request.target
        if ".localhost" in request.headers.get("host", ""):
            target = f"/{request.bucket}{target}"
        if self.page_keys and request.kind == "LIST":
            target = re.sub(r"&max-keys=\d+", "", target) + f"&max-keys={self.page_keys}"
        kept = {name: value for name, value in request.headers.items() if name not in ("connection", "expect", "x-amz-request-payer")}
        kept["host"] = host
        return target, sign(request.method, target, kept, self.gateway.access_key, self.gateway.secret_key, self.gateway.region)
