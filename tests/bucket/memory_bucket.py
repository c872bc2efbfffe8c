"""A bucket in memory with the listing of S3 itself, for keys that no file can have: a//b, a/../b, control characters, folder markers."""
import base64
import hashlib
import re
from urllib.parse import quote
from xml.sax.saxutils import escape

from bucket.fault_proxy import Answer
from bucket.faults import error_answer, http_date

MAX_KEYS = 1000


class MemoryBucket:
    """`objects`: key to bytes. `page`: at most so many keys in a page, whatever is asked for."""

    def __init__(self, name, objects, page=MAX_KEYS):
        self.name, self.objects, self.page = name, dict(objects), page

    def answer(self, request):
        if request.kind == "LIST":
            return self._list(request.query)
        if request.kind not in ("GET", "HEAD"):
            return error_answer(501, "NotImplemented", "A header or query you provided implies functionality that is not implemented.")
        body = self.objects.get(request.key)
        if body is None:
            return error_answer(404, "NoSuchKey", "The specified key does not exist.", f"<Key>{escape(request.key)}</Key>")
        return self._object(body, request)

    @staticmethod
    def _object(body, request):
        headers = [("ETag", f'"{hashlib.md5(body).hexdigest()}"'), ("Last-Modified", http_date()), ("Accept-Ranges", "bytes"),
                   ("Content-Type", "binary/octet-stream")]
        status = 200
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", request.range or "")
        if found:
            first, last = int(found[1]), min(int(found[2] or len(body)), len(body) - 1)
            if first >= len(body):
                return error_answer(416, "InvalidRange", "The requested range is not satisfiable")
            headers.append(("Content-Range", f"bytes {first}-{last}/{len(body)}"))
            status, body = 206, body[first:last + 1]
        return Answer(status, "OK", headers + [("Content-Length", str(len(body)))], body)

    def _list(self, query):
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        token = query.get("continuation-token")
        after = base64.urlsafe_b64decode(token).decode() if token else query.get("start-after", "")
        limit = min(int(query.get("max-keys", MAX_KEYS)), self.page)
        entries, prefixes, last, is_truncated = [], [], after, False
        for key in sorted(self.objects, key=str.encode):
            if not key.startswith(prefix) or key.encode() <= after.encode():
                continue
            group = None
            if delimiter and delimiter in key[len(prefix):]:
                group = key[:key.index(delimiter, len(prefix)) + len(delimiter)]
                if group in prefixes or token and after.startswith(group):
                    last = key
                    continue
            if len(entries) + len(prefixes) == limit:
                is_truncated = True
                break
            (prefixes if group else entries).append(group or key)
            last = key
        return self._page(query, entries, prefixes, last if is_truncated else None, limit)

    def _page(self, query, entries, prefixes, last, limit):
        is_encoded = query.get("encoding-type") == "url"

        def text(key):
            # S3 encodes as forms are: a blank becomes '+'. Without encoding, what XML 1.0 cannot hold is sent as a reference all the same.
            if is_encoded:
                return quote(key, safe="/-._~*").replace("%20", "+")
            return re.sub(r"[\x00-\x1f]", lambda found: f"&#x{ord(found[0]):x};", escape(key))

        lines = ['<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
                 f"<Name>{self.name}</Name><Prefix>{text(query.get('prefix', ''))}</Prefix><MaxKeys>{limit}</MaxKeys>"]
        lines.append(f"<KeyCount>{len(entries) + len(prefixes)}</KeyCount><IsTruncated>{'false' if last is None else 'true'}</IsTruncated>")
        if is_encoded:
            lines.append("<EncodingType>url</EncodingType>")
        if last is not None:
            lines.append(f"<NextContinuationToken>{base64.urlsafe_b64encode(last.encode()).decode()}</NextContinuationToken>")
        for key in entries:
            body = self.objects[key]
            lines.append(f"<Contents><Key>{text(key)}</Key><LastModified>2024-05-01T10:00:00.000Z</LastModified>"
                         f"<ETag>&quot;{hashlib.md5(body).hexdigest()}&quot;</ETag><Size>{len(body)}</Size><StorageClass>STANDARD</StorageClass></Contents>")
        lines += [f"<CommonPrefixes><Prefix>{text(group)}</Prefix></CommonPrefixes>" for group in prefixes]
        data = ("".join(lines) + "</ListBucketResult>").encode()
        return Answer(200, "OK", [("Content-Type", "application/xml"), ("Content-Length", str(len(data)))], data)
