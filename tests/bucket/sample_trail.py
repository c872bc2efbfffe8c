"""Writes small trails in CloudTrail's layout, the same bytes every time."""
import datetime
import gzip
import json
import os
import random

ACCOUNTS = ("111111111111", "222222222222")
REGIONS = ("eu-west-1", "us-east-1")
FIRST_DAY = datetime.date(2024, 5, 1)
EVENTS = ("ListBuckets", "GetObject", "AssumeRole", "CreateUser", "DescribeInstances")


def record(dice, account, region, second):
    name = dice.choice(EVENTS)
    return {"eventVersion": "1.10", "userIdentity": {"type": "IAMUser", "accountId": account, "arn": f"arn:aws:iam::{account}:user/u{dice.randrange(9)}"},
            "eventTime": second.strftime("%Y-%m-%dT%H:%M:%SZ"), "eventSource": "s3.amazonaws.com", "eventName": name, "awsRegion": region,
            "sourceIPAddress": f"192.0.2.{dice.randrange(256)}", "userAgent": "test", "requestParameters": {"bucketName": f"bücket-{dice.randrange(5)}"},
            "responseElements": None, "eventID": f"{dice.getrandbits(128):032x}", "readOnly": name != "CreateUser", "eventType": "AwsApiCall",
            "recipientAccountId": account}


def document(dice, account, region, day, num_records, filler=0):
    """Returns a log file's bytes. `filler`: hexadecimal digits of noise in every record, which no compression takes away."""
    start = datetime.datetime.combine(day, datetime.time(10))
    records = [record(dice, account, region, start + datetime.timedelta(seconds=i)) for i in range(num_records)]
    for made in records if filler else []:
        made["additionalEventData"] = {"noise": f"{dice.getrandbits(4 * filler):x}"}
    return json.dumps({"Records": records}, ensure_ascii=False).encode()


def key_of(account, region, day, number, suffix=".json.gz"):
    return (f"AWSLogs/{account}/CloudTrail/{region}/{day:%Y/%m/%d}/{account}_CloudTrail_{region}_{day:%Y%m%d}T10{number % 60:02d}Z_"
            f"{number:016d}{suffix}")


def write(folder, key, data):
    path = os.path.join(folder, key)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(gzip.compress(data, 6, mtime=0) if key.endswith(".gz") else data)


def write_trail(folder, num_days=3, files_a_day=4, num_records=3, accounts=ACCOUNTS, regions=REGIONS, first_day=FIRST_DAY, seed=6):
    """Writes the files of every account, region and day; returns their keys."""
    dice, keys = random.Random(seed), []
    for account in accounts:
        for region in regions:
            for day in (first_day + datetime.timedelta(days=i) for i in range(num_days)):
                for number in range(files_a_day):
                    keys.append(key_of(account, region, day, number))
                    write(folder, keys[-1], document(dice, account, region, day, num_records))
    return keys


def write_big(folder, day=FIRST_DAY, num_records=400, filler=20_000, suffix=".json.gz"):
    """Writes one file of some megabytes; returns its key."""
    key = key_of(ACCOUNTS[0], REGIONS[0], day, 59, suffix)
    write(folder, key, document(random.Random(7), ACCOUNTS[0], REGIONS[0], day, num_records, filler))
    return key
