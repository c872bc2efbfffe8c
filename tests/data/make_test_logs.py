#!/usr/bin/env python3
"""Writes the small logs that the tests of tests/sql read: tests/data/logs (two accounts), tests/data/malformed,
and tests/data/accounts.

The files are committed; run this again only to change them. Everything in them is invented.
"""
import gzip
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
OPERATIONS, SANDBOX, PARTNER = "123456789012", "210987654321", "333344445555"


def user(account, name):
    return {"type": "IAMUser", "principalId": "AIDA" + name.upper(), "arn": f"arn:aws:iam::{account}:user/{name}",
            "accountId": account, "accessKeyId": "AKIAEXAMPLE" + name.upper(), "userName": name}


def role(account, name, session):
    return {"type": "AssumedRole", "principalId": f"AROA{name.upper()}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "accountId": account,
            "sessionContext": {"sessionIssuer": {"type": "Role", "principalId": "AROA" + name.upper(),
                                                 "arn": f"arn:aws:iam::{account}:role/{name}", "accountId": account, "userName": name},
                               "attributes": {"creationDate": "2024-05-01T09:55:00Z", "mfaAuthenticated": "false"}}}


def event(number, time, source, name, identity, recipient, region, ip, **more):
    record = {"eventVersion": "1.09", "userIdentity": identity, "eventTime": f"2024-05-01T{time}Z",
              "eventSource": source + ".amazonaws.com", "eventName": name, "awsRegion": region, "sourceIPAddress": ip,
              "userAgent": "aws-cli/2.15.0", "requestParameters": None, "responseElements": None,
              "requestID": f"REQ{number:04}", "eventID": f"00000000-0000-4000-8000-{number:012}",
              "eventType": "AwsApiCall", "recipientAccountId": recipient}
    record.update(more)
    return record


def operations_records():
    frankfurt = "eu-central-1"
    alice, partner = user(OPERATIONS, "alice"), role(PARTNER, "audit", "carol")
    yield event(1, "10:00:00", "s3", "ListBuckets", alice, OPERATIONS, frankfurt, "198.51.100.7")
    yield event(2, "10:00:05", "s3", "GetObject", alice, OPERATIONS, frankfurt, "198.51.100.7",
                requestParameters={"bucketName": "reports", "key": "2024/april.csv"},
                resources=[{"accountId": OPERATIONS, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::reports"},
                           {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::reports/2024/april.csv"}])
    yield event(3, "10:00:09", "s3", "GetObject", partner, OPERATIONS, frankfurt, "203.0.113.20",
                resources=[{"accountId": OPERATIONS, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::reports"}])
    yield event(4, "10:00:10", "s3", "GetObject", partner, OPERATIONS, frankfurt, "203.0.113.20",
                errorCode="AccessDenied", errorMessage="User is not authorized to perform: s3:GetObject")
    yield event(5, "10:01:00", "ec2", "TerminateInstances", alice, OPERATIONS, frankfurt, "198.51.100.7",
                requestParameters={"instancesSet": {"items": [{"instanceId": "i-0aaa"}, {"instanceId": "i-0bbb"}]}})
    yield event(6, "10:02:00", "sts", "AssumeRole", {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, OPERATIONS,
                frankfurt, "lambda.amazonaws.com", sharedEventID="11111111-0000-4000-8000-000000000006",
                responseElements={"credentials": {"accessKeyId": "ASIAEXAMPLE", "expiration": "May 1, 2024, 11:02:00 AM"},
                                  "assumedRoleUser": {"arn": f"arn:aws:sts::{OPERATIONS}:assumed-role/worker/run", "assumedRoleId": "AROAWORKER:run"}})


def sandbox_records():
    virginia = "us-east-1"
    bob = user(SANDBOX, "bob")
    yield event(7, "11:00:00", "signin", "ConsoleLogin", bob, SANDBOX, virginia, "2001:db8::1", eventType="AwsConsoleSignIn",
                userAgent="Mozilla/5.0 (München)", responseElements={"ConsoleLogin": "Failure"}, errorMessage="Failed authentication")
    yield event(8, "11:00:30", "signin", "ConsoleLogin", bob, SANDBOX, virginia, "2001:db8::1", eventType="AwsConsoleSignIn",
                userAgent="Mozilla/5.0 (München)", responseElements={"ConsoleLogin": "Success"})
    yield event(9, "11:01:00", "kms", "Decrypt", role(OPERATIONS, "worker", "run"), SANDBOX, virginia, "198.51.100.9", resources=[])
    yield event(10, "11:02:00", "iam", "CreateUser", bob, SANDBOX, virginia, "2001:db8::1", requestParameters={"userName": "mallory \x1b[31m"})


def accounts():
    """Yields the rows of a plain table to join the logs with: numbers, dates, lists, and what is absent."""
    yield {"id": OPERATIONS, "name": "operations", "seats": 12, "cost": 99.5, "active": True, "since": "2019-03-01",
           "budget": "1200.50", "tags": {"team": "core", "stage": "prod"}, "owners": ["alice", "dora"]}
    yield {"id": SANDBOX, "name": "Sandbox", "seats": 3, "cost": 0.25, "active": False, "since": "2022-11-30",
           "budget": "75.25", "tags": {"team": "lab"}, "owners": ["bob", None]}
    yield {"id": PARTNER, "name": "partner", "seats": None, "cost": -4, "active": True, "since": None, "owners": []}
    yield {"id": "999999999999", "name": "unused", "seats": 3, "since": "2022-11-30", "budget": "-0.05"}


def write(path, text):
    path = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = text.encode()
    with open(path, "wb") as file:
        file.write(gzip.compress(data, mtime=0) if path.endswith(".gz") else data)


def document(records):
    return json.dumps({"Records": list(records)}, separators=(",", ":"), ensure_ascii=False) + "\n"


def main():
    write(f"logs/{OPERATIONS}/CloudTrail/eu-central-1/2024/05/01/{OPERATIONS}_CloudTrail_eu-central-1_20240501T1005Z_one.json.gz",
          document(operations_records()))
    write(f"logs/{SANDBOX}/CloudTrail/us-east-1/2024/05/01/{SANDBOX}_CloudTrail_us-east-1_20240501T1105Z_two.json",
          document(sandbox_records()))
    write("logs/_hidden.json", '{"Records":[{"eventName":"Hidden"}]}\n')
    good = document([event(11, "12:00:00", "s3", "ListBuckets", user(SANDBOX, "bob"), SANDBOX, "us-east-1", "198.51.100.1")])
    write("malformed/lines.json", good + '{"Records":[{"eventName":"Cut\n' + "not json\n")
    write("malformed/empty.json", "")
    write("accounts/accounts.json", "".join(json.dumps(account) + "\n" for account in accounts()))


if __name__ == "__main__":
    main()
