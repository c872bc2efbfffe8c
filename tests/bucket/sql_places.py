"""Has the .test files read from a bucket what they read from local folders: s3://data/ is $DATA, s3://scratch/ is $TMP.

Only places are changed: texts in SQL that begin with $DATA/ or $TMP/, and the arguments of --logs and of `trail add`. What makes the files
(mkdir, cp, gzip) and what is about local copies (`map add`, --map, -f) stays as it is.
"""
import contextlib
import os
import re
import shutil

from bucket.gateway import running_gateway

BUCKETS = {"DATA": "data", "TMP": "scratch"}
# What is said of buckets alone: what a query cost, and that a table need not be mapped. The rest of the line is the local one.
NOTES = re.compile(r"; \d[^;\n]* (?:LIST|GET)[^\n]*|; \d+ closed days? as listed before \(--refresh lists again\)|; it is read from its bucket, or from a copy: [^\n]*")


class SqlPlaces:
    """A context manager: the server runs within it."""

    def __init__(self, data_folder):
        self._data_folder, self._stack, self.gateway = data_folder, contextlib.ExitStack(), None

    def __enter__(self):
        self.gateway = self._stack.enter_context(running_gateway())
        # A copy, as a server might write into its folders.
        shutil.copytree(self._data_folder, os.path.join(self.gateway.root, BUCKETS["DATA"]))
        return self

    def __exit__(self, *_):
        self._stack.close()

    def serve(self, scratch):
        """Makes the folder the bucket of $TMP; it need not exist for longer than its files are asked for."""
        link = os.path.join(self.gateway.root, BUCKETS["TMP"])
        with contextlib.suppress(FileNotFoundError):
            os.remove(link)
        os.symlink(scratch, link)

    def environment(self, home):
        return {"AWS_ACCESS_KEY_ID": self.gateway.access_key, "AWS_SECRET_ACCESS_KEY": self.gateway.secret_key, "AWS_REGION": self.gateway.region,
                "AWS_ENDPOINT_URL_S3": self.gateway.url, "AWS_EC2_METADATA_DISABLED": "true", "HOME": home}

    @staticmethod
    def places_in_sql(sql):
        return re.sub(r"'\$(DATA|TMP)/", lambda found: f"'s3://{BUCKETS[found[1]]}/", sql)

    @staticmethod
    def places_in_command(command):
        def in_place(found):
            return re.sub(r"(?<![\w$=/])\$(DATA|TMP)\b", lambda name: f"s3://{BUCKETS[name[1]]}", found[0])
        command = re.sub(r"--logs[ =]\S+|\btrail add [^|;&\n]*", in_place, SqlPlaces.places_in_sql(command))
        return command

    @staticmethod
    def without_places(text):
        for name, bucket in BUCKETS.items():
            text = text.replace(f"s3://{bucket}", f"${name}")
        return NOTES.sub("", text).replace("nothing there in the bucket; no rows", "no such folder; no rows")
