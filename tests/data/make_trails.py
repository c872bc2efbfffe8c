#!/usr/bin/env python3
"""Writes tests/data/trails: an organization's bucket and one account's, and records in every form in which they are exported.

The files are committed; run this again only to change them. Everything in them is invented.
"""
import gzip
import json
import os

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "trails")
ORGANIZATION, FIRST, SECOND = "o-exampleorg1", "111111111111", "222222222222"


def record(number, account, region, time, name, **more):
    event = {"eventVersion": "1.11",
             "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{account}:user/alice", "accountId": account, "userName": "alice"},
             "eventTime": time, "eventSource": "s3.amazonaws.com", "eventName": name, "awsRegion": region,
             "sourceIPAddress": "198.51.100.7", "requestParameters": {"bucketName": f"bucket-{number}"}, "responseElements": None,
             "eventID": f"00000000-0000-4000-8000-{number:012}", "readOnly": True, "eventType": "AwsApiCall",
             "managementEvent": True, "recipientAccountId": account, "eventCategory": "Management",
             "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "keyExchange": "X25519MLKEM768"}}
    event.update(more)
    return event


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def log(records):
    return compact({"Records": records})


def write(path, text):
    path = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = text.encode()
    with open(path, "wb") as file:
        file.write(gzip.compress(data, mtime=0) if path.endswith(".gz") else data)


def log_path(account, kind, region, day, name):
    date = "".join(day.split("/"))
    return f"{account}/{kind}/{region}/{day}/{account}_{kind}_{region}_{date}T1005Z_{name}.json.gz"


def insight(number, state):
    return {"eventVersion": "1.08", "eventTime": "2024-05-01T07:00:00Z", "awsRegion": "eu-west-1",
            "eventID": f"00000000-0000-4000-8000-{number:012}", "eventType": "AwsCloudTrailInsight", "recipientAccountId": FIRST,
            "sharedEventID": "11111111-0000-4000-8000-000000000001", "eventCategory": "Insight",
            "insightDetails": {"state": state, "eventSource": "ssm.amazonaws.com", "eventName": "UpdateInstanceInformation",
                               "insightType": "ApiCallRateInsight", "insightContext": {"statistics": {
                                   "baseline": {"average": 0.25}, "insight": {"average": 664}, "insightDuration": 5, "baselineDuration": 11336},
                                   "attributions": [{"attribute": "userIdentityArn", "insight": [{"value": "arn:a", "average": 664}],
                                                     "baseline": [{"value": "arn:b", "average": 0.25}]}]}}}


def organization():
    base = f"organization/prefix/AWSLogs/{ORGANIZATION}/"
    write(base + log_path(FIRST, "CloudTrail", "eu-west-1", "2024/05/01", "a"),
          log([record(1, FIRST, "eu-west-1", "2024-05-01T10:00:00Z", "ListBuckets"),
               record(2, FIRST, "us-east-1", "2024-05-01T10:01:00Z", "CreateUser", eventSource="iam.amazonaws.com")]))
    write(base + log_path(FIRST, "CloudTrail", "eu-west-1", "2024/05/02", "b"),
          log([record(3, FIRST, "eu-west-1", "2024-05-01T23:59:00Z", "GetObject")]))
    write(base + log_path(SECOND, "CloudTrail", "us-east-1", "2024/05/02", "c"),
          log([record(4, SECOND, "us-east-1", "2024-05-02T10:00:00Z", "PutObject"),
               record(5, SECOND, "us-east-1", "2024-05-02T10:00:01Z", "DeleteObject")]))
    write(base + log_path(FIRST, "CloudTrail-Insight", "eu-west-1", "2024/05/01", "i"), log([insight(6, "Start"), insight(7, "End")]))
    write(base + log_path(SECOND, "CloudTrail-NetworkActivity", "us-east-1", "2024/05/02", "n"),
          log([record(8, SECOND, "us-east-1", "2024-05-02T11:00:00Z", "ListKeys", eventType="AwsVpceEvent", eventCategory="NetworkActivity",
                      vpcEndpointId="vpce-0abc", vpcEndpointAccountId=SECOND, errorCode="VpceAccessDenied")]))
    write(base + f"{FIRST}/CloudTrail-Digest/eu-west-1/2024/05/01/{FIRST}_CloudTrail-Digest_eu-west-1_all_eu-west-1_20240501T110000Z.json.gz",
          compact({"awsAccountId": FIRST, "digestStartTime": "2024-05-01T10:00:00Z", "digestEndTime": "2024-05-01T11:00:00Z",
                   "digestS3Bucket": "logs", "digestS3Object": "AWSLogs/x", "previousDigestSignature": None,
                   "logFiles": [{"s3Bucket": "logs", "s3Object": "AWSLogs/y", "hashValue": "00ff", "hashAlgorithm": "SHA-256",
                                 "newestEventTime": "2024-05-01T10:01:00Z", "oldestEventTime": "2024-05-01T10:00:00Z"}]}))
    write(base + f"{FIRST}/Config/eu-west-1/2024/5/1/ConfigHistory/{FIRST}_Config_eu-west-1_ConfigHistory.json.gz",
          compact({"fileVersion": "1.0", "configurationItems": []}))


def exports():
    records = [record(10 + i, FIRST, "eu-west-1", f"2024-05-03T10:00:0{i}Z", f"Export{i}") for i in range(3)]
    texts = [compact(each) for each in records]
    write("exports/lines.jsonl", "\n".join(texts) + "\n")
    write("exports/array.json", json.dumps(records, indent=2))
    lookup = {"Events": [{"EventId": each["eventID"], "EventName": each["eventName"], "ReadOnly": "true", "Username": "alice",
                          "Resources": [], "CloudTrailEvent": compact(each)} for each in records]}
    write("exports/lookup_events.json", json.dumps(lookup, indent=4) + "\n" + json.dumps(lookup, indent=4) + "\n")
    bridge = [{"version": "0", "id": "1", "detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "account": FIRST,
               "time": each["eventTime"], "region": "eu-west-1", "resources": [], "detail": each} for each in records]
    write("exports/eventbridge_firehose.json", "".join(map(compact, bridge)))
    write("exports/cloudwatch_export.gz", "".join(f"{each['eventTime'][:-1]}.000Z {text}\n" for each, text in zip(records, texts)))
    events = [{"id": str(i), "timestamp": 1714730400000 + i, "message": text} for i, text in enumerate(texts)]
    write("exports/subscription.json", compact({"messageType": "DATA_MESSAGE", "owner": FIRST, "logGroup": "trail", "logStream": "s",
                                                "subscriptionFilters": ["f"], "logEvents": events}))
    write("exports/filter_log_events.json", json.dumps({"events": events, "searchedLogStreams": []}, indent=4))
    write(f"exports/{FIRST}_CloudTrail_eu-west-1_20240503T1005Z_flat.json", log(records[:1]) + log(records[1:]))
    write("exports/notes.txt", "These files were exported\nfor a test.\n")
    write("exports/cut_off.jsonl", texts[0] + "\n" + texts[1][:100])


def broken():
    """A copy that was cut short: a log file's text, the same compressed, and an export."""
    texts = [compact(record(20 + i, FIRST, "eu-west-1", f"2024-05-04T10:00:0{i}Z", f"Broken{i}")) for i in range(3)]
    text = '{"Records":[' + ",".join(texts)
    write("broken/plain.json", text[:-50])
    write("broken/text.json.gz", text[:-50])
    many = [compact(record(30 + i, FIRST, "eu-west-1", f"2024-05-04T11:{i % 60:02}:00Z", f"Event{i * 7919 % 1000}")) for i in range(200)]
    whole = gzip.compress(('{"Records":[' + ",".join(many) + "]}").encode(), mtime=0)
    with open(os.path.join(HERE, "broken/member.json.gz"), "wb") as file:
        file.write(whole[:len(whole) // 2])


def main():
    organization()
    exports()
    broken()


if __name__ == "__main__":
    main()
