-- Asked from the oracle and from trailsql over the real logs (shared_oracle_test.py).

SELECT record.eventName, record.userIdentity.arn, record.sourceIPAddress, COUNT(*)
FROM
(SELECT record
FROM my_table_name
CROSS JOIN UNNEST(records) AS t (record)) AS records
GROUP BY record.eventName, record.userIdentity.arn, record.sourceIPAddress
ORDER BY COUNT(*) DESC
;;

SELECT record.eventName, record.eventSource, record.userIdentity.arn, COUNT(*)
FROM
(SELECT record
FROM my_table_name
CROSS JOIN UNNEST(records) AS t (record)) AS records
WHERE record.recipientAccountId <> record.userIdentity.accountId
GROUP BY record.eventName, record.eventSource, record.userIdentity.arn
ORDER BY COUNT(*) DESC
;;

SELECT count(*), sum(cardinality(records)), min(cardinality(records)), max(cardinality(records)) FROM my_table_name
;;

SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT * FROM my_table_name WHERE cardinality(records) < 3
;;

SELECT record FROM my_table_name CROSS JOIN UNNEST(records) AS t (record) WHERE record.eventName LIKE 'Create%'
;;

SELECT t.r FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.userIdentity.type = 'Root' AND r.eventName = 'ConsoleLogin'
;;

SELECT DISTINCT r.eventSource FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) ORDER BY eventSource
;;

SELECT DISTINCT r.userIdentity FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT DISTINCT r.resources FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT DISTINCT r.userIdentity.sessionContext.sessionIssuer FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT DISTINCT r.requestParameters FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT DISTINCT r.responseElements FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.userIdentity.sessionContext.sessionIssuer.userName, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 2 DESC, 1
;;

SELECT r.userIdentity.type, r.awsRegion, count(*) AS n FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.userIdentity.type, r.awsRegion HAVING count(*) > 5 ORDER BY n DESC
;;

SELECT r.eventName, count(DISTINCT r.sourceIPAddress) AS ips, min(r.eventTime), max(r.eventTime) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.eventName ORDER BY ips DESC, r.eventName LIMIT 50
;;

SELECT date_trunc('minute', from_iso8601_timestamp(r.eventTime)) AS minute, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT date_format(from_iso8601_timestamp(r.eventTime), '%Y-%m-%d %H:%i') AS minute, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY minute DESC
;;

SELECT substr(r.eventTime, 1, 13), count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY substr(r.eventTime, 1, 13)
;;

SELECT date_diff('second', min(from_iso8601_timestamp(r.eventTime)), max(from_iso8601_timestamp(r.eventTime))) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE from_iso8601_timestamp(r.eventTime) > TIMESTAMP '2023-07-10 12:20:00 UTC' - INTERVAL '5' MINUTE
;;

SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventTime BETWEEN '2023-07-10T12:10:00Z' AND '2023-07-10T12:20:00Z'
;;

SELECT year(from_iso8601_timestamp(r.eventTime)), day_of_week(from_iso8601_timestamp(r.eventTime)), hour(from_iso8601_timestamp(r.eventTime)), count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1, 2, 3 ORDER BY 3
;;

SELECT lower(r.eventName), upper(r.awsRegion), length(r.userAgent), reverse(r.eventID) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) ORDER BY r.eventID, r.eventTime LIMIT 30
;;

SELECT split_part(r.eventSource, '.', 1) AS service, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 2 DESC, 1
;;

SELECT element_at(split(r.userIdentity.arn, '/'), -1) AS who, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY who
;;

SELECT regexp_extract(r.userAgent, '^([^/ ]+)', 1) AS agent, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 2 DESC, 1
;;

SELECT regexp_replace(r.sourceIPAddress, '\d+$', 'x') AS network, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE regexp_like(r.eventName, '^(Get|List|Describe)')
;;

SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventName NOT LIKE 'Get%' AND r.eventName NOT LIKE 'List%' AND r.eventName NOT LIKE 'Describe%'
;;

SELECT r.eventName, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventSource IN ('iam.amazonaws.com', 's3.amazonaws.com', 'kms.amazonaws.com') GROUP BY r.eventName ORDER BY 1
;;

SELECT count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE NOT (r.userIdentity.invokedBy IS NULL OR r.userIdentity.accountId IS NULL)
;;

SELECT coalesce(r.userIdentity.arn, r.userIdentity.invokedBy, r.userIdentity.principalId, 'unknown'), count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 2 DESC
;;

SELECT CASE WHEN r.sourceIPAddress LIKE '%.amazonaws.com' THEN 'service' WHEN r.sourceIPAddress = 'AWS Internal' THEN 'internal' ELSE 'address' END AS kind, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT r.resources[1].ARN, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE cardinality(r.resources) > 0 GROUP BY 1 ORDER BY 2 DESC, 1
;;

SELECT element_at(r.resources, 2).type, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT res.type, res.accountId, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) CROSS JOIN UNNEST(r.resources) AS u (res) GROUP BY res.type, res.accountId ORDER BY 3 DESC, 1, 2
;;

SELECT r.eventName, res.ARN, n FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) CROSS JOIN UNNEST(r.resources) WITH ORDINALITY AS u (res, n) WHERE r.eventSource = 'sts.amazonaws.com'
;;

SELECT count(*), count(res), count(res.arn) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) LEFT JOIN UNNEST(r.resources) AS u (res) ON true
;;

SELECT i.instanceId, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) CROSS JOIN UNNEST(r.requestParameters.instancesSet.items) AS record (i) GROUP BY 1 ORDER BY 1
;;

SELECT r.eventName, n FROM my_table_name CROSS JOIN UNNEST(records) WITH ORDINALITY AS t (r, n) WHERE n = cardinality(records) ORDER BY r.eventID, r.eventName
;;

SELECT avg(n), max(n), min(n) FROM (SELECT count(*) AS n FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.eventName)
;;

SELECT approx_distinct(r.awsRegion), count_if(r.awsRegion = 'us-east-1'), bool_or(r.eventType = 'AwsServiceEvent'), bool_and(r.eventVersion > '1') FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT max_by(r.eventName, r.eventID), min_by(r.eventID, r.eventID), array_sort(array_agg(DISTINCT r.eventType)) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT count(*) FILTER (WHERE r.userIdentity.type = 'AssumedRole'), sum(length(r.eventName)), avg(length(r.eventName)) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.eventType, sum(length(r.userAgent)) * 1.0 / count(*), avg(length(r.userAgent)), stddev(length(r.userAgent)) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT r.userIdentity.sessionContext.attributes.mfaAuthenticated = 'true' AS mfa, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY mfa
;;

SELECT CAST(r.userIdentity.accountId AS bigint) % 1000, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT try_cast(r.sourceIPAddress AS integer), count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1
;;

SELECT eventName, n, rank() OVER (ORDER BY n DESC) AS place FROM (SELECT r.eventName, count(*) AS n FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.eventName) ORDER BY place, eventName
;;

SELECT eventSource, eventName, n FROM (SELECT r.eventSource, r.eventName, count(*) AS n, row_number() OVER (PARTITION BY r.eventSource ORDER BY count(*) DESC, r.eventName) AS place FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.eventSource, r.eventName) WHERE place <= 2 ORDER BY eventSource, n DESC, eventName
;;

SELECT r.eventID, lag(r.eventTime) OVER (PARTITION BY r.userIdentity.arn ORDER BY r.eventTime, r.eventID) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventName LIKE 'Create%'
;;

SELECT r.awsRegion, count(*), sum(count(*)) OVER (ORDER BY r.awsRegion) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.awsRegion ORDER BY r.awsRegion
;;

WITH e AS (SELECT r FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)) SELECT count(*) FROM e WHERE r.eventName IN (SELECT r.eventName FROM e GROUP BY r.eventName HAVING count(*) = 1)
;;

WITH e AS (SELECT r.eventName, r.eventTime, r.userIdentity.arn AS who FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)), firsts AS (SELECT who, min(eventTime) AS first FROM e GROUP BY who) SELECT e.who, e.eventName, first FROM e JOIN firsts ON e.who = firsts.who AND e.eventTime = firsts.first ORDER BY 1, 2
;;

WITH e AS (SELECT r.eventName AS name, r.sourceIPAddress AS ip FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)) SELECT a.name, b.name, count(*) FROM e a JOIN e b ON a.ip = b.ip AND a.name < b.name WHERE a.name LIKE 'Create%' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 200
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventTime = (SELECT max(r.eventTime) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r))
;;

SELECT DISTINCT x.eventName FROM (SELECT r.eventName, r.userIdentity.arn AS who FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)) AS x WHERE NOT EXISTS (SELECT 1 FROM (SELECT r.eventName AS other, r.userIdentity.arn AS who FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)) AS y WHERE y.who = x.who AND y.other = 'ListBuckets') ORDER BY 1
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.awsRegion = 'us-east-1' INTERSECT SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventSource = 'iam.amazonaws.com' ORDER BY 1
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) EXCEPT SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventName LIKE '%s' ORDER BY eventName
;;

SELECT 'a' AS k, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) UNION ALL SELECT 'b', count(*) FROM my_table_name ORDER BY k
;;

SELECT a.eventName, b.n FROM (VALUES 'AssumeRole', 'NoSuchEvent') AS a (eventName) LEFT JOIN (SELECT r.eventName AS name, count(*) AS n FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1) AS b ON a.eventName = b.name ORDER BY 1
;;

SELECT r.userIdentity.arn, r.eventTime FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) ORDER BY r.userIdentity.arn DESC, r.eventTime, r.eventID OFFSET 5 LIMIT 10
;;

SELECT r.sharedEventID, r.userIdentity.invokedBy FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) ORDER BY 1 NULLS FIRST, 2 LIMIT 5
;;

SELECT record.eventName, record.userIdentity.arn FROM my_table_name CROSS JOIN UNNEST(records) AS record WHERE record.eventName LIKE 'Put%'
;;

SELECT eventName, count(*) FROM my_table_name CROSS JOIN UNNEST(records) GROUP BY eventName ORDER BY 2 DESC, 1
;;

SELECT records[1].eventName, element_at(records, -1).eventTime FROM my_table_name
;;

SELECT typeof(records) FROM my_table_name LIMIT 1
;;

SELECT json_extract_scalar(json_format(CAST(r.userIdentity AS json)), '$.arn') AS arn, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER BY 1
;;

SELECT r.responseElements.credentials.accessKeyId, r.responseElements.assumedRoleUser.arn FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.responseElements.credentials IS NOT NULL AND r.responseElements.credentials.accessKeyId IS NOT NULL
;;

SELECT evntName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.evntName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.userIdentity.arm FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventName = 'x'
;;

SELECT x.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.eventName, count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY r.eventSource
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventTime > 5
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE count(*) > 5
;;

SELECT sum(r.eventName) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.resources.arn FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) ORDER BY 3
;;

SELECT CAST(r.eventName AS bigint) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.eventName = 'ListBuckets'
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE
;;

SELECT lowr(r.eventName) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r)
;;

SELECT date_trunc('day', r.eventTime), count(*) FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) GROUP BY 1 ORDER
;;

SELECT eventName FROM my_table_nam
;;

SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) UNION SELECT 1
;;

SELECT (SELECT r.eventName FROM my_table_name CROSS JOIN UNNEST(records) AS t (r))
;;

SELECT r.resources[1].arn FROM my_table_name CROSS JOIN UNNEST(records) AS t (r) WHERE r.resources IS NOT NULL AND cardinality(r.resources) = 0
;;

SELECT count(*) FROM cloudtrail_logs WHERE eventtime >= '2023-07-10T12:00:00Z' AND eventtime < '2023-07-10T13:00:00Z'
;;

SELECT count(*) FROM cloudtrail_logs WHERE eventtime BETWEEN '2023-07-10' AND '2023-07-11' OR eventtime BETWEEN '2024-05-01' AND '2024-05-02'
;;

SELECT min(eventtime) AS first, max(eventtime) AS last FROM cloudtrail_logs
;;

SELECT count(*) FROM cloudtrail_logs WHERE from_iso8601_timestamp(eventtime) < now() - INTERVAL '7' DAY
;;

SELECT count(*) FROM cloudtrail_logs WHERE from_iso8601_timestamp(eventtime) > date_add('day', -90, now())
;;

SELECT count(*) FROM cloudtrail_logs WHERE eventtime >= to_iso8601(current_timestamp - INTERVAL '1' HOUR)
;;

SELECT count(*) FROM cloudtrail_logs WHERE date(from_iso8601_timestamp(eventtime)) <= current_date - INTERVAL '1' DAY
;;

SELECT count(*) FROM cloudtrail_logs WHERE parse_datetime(eventtime, 'yyyy-MM-dd''T''HH:mm:ss''Z') > TIMESTAMP '2023-01-01 00:00:00 UTC'
;;

SELECT date_parse(eventtime, '%Y-%m-%dT%H:%i:%sZ') AS at, eventid FROM cloudtrail_logs ORDER BY at, eventid LIMIT 3
;;

SELECT date_format(from_iso8601_timestamp(eventtime), '%Y-%m-%d %H:%i') AS minute, count(*) AS n FROM cloudtrail_logs GROUP BY 1 ORDER BY 1 LIMIT 5
;;

SELECT date_trunc('hour', from_iso8601_timestamp(eventtime)) AS hour, count(*) AS n FROM cloudtrail_logs GROUP BY date_trunc('hour', from_iso8601_timestamp(eventtime)) ORDER BY hour
;;

SELECT hour(from_iso8601_timestamp(eventtime)) AS h, day_of_week(from_iso8601_timestamp(eventtime)) AS d, count(*) FROM cloudtrail_logs GROUP BY 1, 2 ORDER BY 1, 2
;;

SELECT from_unixtime(1688990400) AS a, to_unixtime(from_iso8601_timestamp('2023-07-10T12:00:00Z')) AS b, from_unixtime(1688990400) > date_add('hour', -1, from_iso8601_timestamp('2023-07-10T12:00:00Z')) AS c
;;

SELECT date_diff('second', min(from_iso8601_timestamp(eventtime)), max(from_iso8601_timestamp(eventtime))) AS seconds FROM cloudtrail_logs
;;

SELECT useridentity.arn, useridentity.type, count(*) AS n FROM cloudtrail_logs GROUP BY useridentity.arn, useridentity.type ORDER BY n DESC, 1, 2 LIMIT 10
;;

SELECT useridentity.sessioncontext.sessionissuer.username AS role, count(DISTINCT sourceipaddress) AS addresses FROM cloudtrail_logs WHERE useridentity.sessioncontext.sessionissuer.username IS NOT NULL GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT 10
;;

SELECT eventname, eventtime FROM cloudtrail_logs WHERE useridentity.type = 'Root' AND useridentity.invokedby IS NULL AND eventtype <> 'AwsServiceEvent' ORDER BY eventtime, eventname LIMIT 10
;;

SELECT DISTINCT useridentity.accesskeyid FROM cloudtrail_logs WHERE useridentity.accesskeyid LIKE 'A%' ORDER BY 1 LIMIT 10
;;

SELECT coalesce(useridentity.username, useridentity.sessioncontext.sessionissuer.username, useridentity.principalid, 'unknown') AS who, count(*) FROM cloudtrail_logs GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
;;

SELECT count(*) FROM cloudtrail_logs WHERE useridentity.sessioncontext.attributes.mfaauthenticated = 'true'
;;

SELECT count(*) FROM cloudtrail_logs WHERE recipientaccountid <> useridentity.accountid
;;

SELECT element_at(split(useridentity.arn, '/'), -1) AS name, split_part(useridentity.arn, ':', 5) AS account, count(*) FROM cloudtrail_logs GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10
;;

SELECT eventsource, eventname, count(*) AS n FROM cloudtrail_logs WHERE eventname IN ('AssumeRole', 'GetObject', 'Decrypt', 'CreateUser') GROUP BY eventsource, eventname ORDER BY n DESC
;;

SELECT eventname, count(*) FROM cloudtrail_logs WHERE eventname NOT LIKE 'Get%' AND eventname NOT LIKE 'List%' AND eventname NOT LIKE 'Describe%' GROUP BY eventname ORDER BY count(*) DESC, eventname LIMIT 10
;;

SELECT count(*) FROM cloudtrail_logs WHERE regexp_like(eventname, '^(Delete|Put|Create|Attach).*')
;;

SELECT DISTINCT eventname FROM cloudtrail_logs WHERE lower(eventname) LIKE '%user%' ORDER BY eventname
;;

SELECT errorcode, count(*) AS n FROM cloudtrail_logs WHERE errorcode IN ('AccessDenied', 'UnauthorizedOperation', 'Client.UnauthorizedOperation') OR errormessage LIKE '%not authorized%' GROUP BY errorcode ORDER BY n DESC, 1
;;

SELECT awsregion, sum(CASE WHEN errorcode IS NULL THEN 0 ELSE 1 END) AS failed, count(*) AS calls FROM cloudtrail_logs GROUP BY awsregion ORDER BY awsregion
;;

SELECT regexp_extract(useragent, '^([^/\s]+)', 1) AS agent, count(*) AS n FROM cloudtrail_logs GROUP BY 1 ORDER BY n DESC, agent LIMIT 10
;;

SELECT regexp_replace(sourceipaddress, '\d+$', '0') AS network, avg(length(useragent)) AS mean FROM cloudtrail_logs GROUP BY 1 ORDER BY 1 LIMIT 5
;;

SELECT eventname FROM "default"."cloudtrail_logs" WHERE "eventsource" = 'iam.amazonaws.com' ORDER BY eventtime DESC, eventid LIMIT 5
;;

SELECT concat(eventsource, ':', eventname) AS action, count(*) FROM cloudtrail_logs GROUP BY concat(eventsource, ':', eventname) ORDER BY 2 DESC, 1 LIMIT 5
;;

SELECT count(*) FROM cloudtrail_logs WHERE CAST(readonly AS boolean)
;;

SELECT try(CAST(sourceipaddress AS ipaddress)) IS NULL AS service, count(*) FROM cloudtrail_logs GROUP BY 1 ORDER BY 1
;;

SELECT json_extract_scalar(requestparameters, '$.bucketName') AS bucket, count(*) FROM cloudtrail_logs WHERE eventsource = 's3.amazonaws.com' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
;;

SELECT json_extract_scalar(responseelements, '$.ConsoleLogin') AS outcome, json_extract_scalar(additionaleventdata, '$.MFAUsed') AS mfa, count(*) FROM cloudtrail_logs WHERE eventname = 'ConsoleLogin' GROUP BY 1, 2 ORDER BY 1, 2
;;

SELECT json_extract(requestparameters, '$.roleArn') AS role, count(*) FROM cloudtrail_logs WHERE eventname = 'AssumeRole' GROUP BY json_extract(requestparameters, '$.roleArn') ORDER BY 2 DESC LIMIT 1
;;

SELECT count(*) FROM cloudtrail_logs WHERE requestparameters LIKE '%bucketName%' AND json_extract_scalar(requestparameters, '$.bucketName') IS NOT NULL
;;

SELECT resource.arn, resource.type, count(*) AS n FROM cloudtrail_logs CROSS JOIN UNNEST(resources) AS t (resource) GROUP BY resource.arn, resource.type ORDER BY n DESC, 1, 2 LIMIT 10
;;

SELECT resources[1].arn, count(*) FROM cloudtrail_logs WHERE cardinality(resources) > 0 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5
;;

SELECT element_at(resources, 1).accountid AS account, count(*) FROM cloudtrail_logs GROUP BY 1 ORDER BY 2 DESC, 1
;;

SELECT eventsource, array_join(array_sort(array_agg(DISTINCT eventname)), ',') AS names FROM cloudtrail_logs GROUP BY eventsource ORDER BY eventsource LIMIT 5
;;

SELECT cardinality(array_distinct(array_agg(sourceipaddress))) AS addresses, contains(array_agg(awsregion), 'us-east-1') AS east FROM cloudtrail_logs
;;

SELECT array_sort(array_distinct(transform(array_agg(eventname), n -> substr(n, 1, 3)))) AS prefixes FROM cloudtrail_logs WHERE eventsource = 's3.amazonaws.com'
;;

SELECT count(*) FROM cloudtrail_logs WHERE any_match(resources, r -> r.type = 'AWS::IAM::Role')
;;

SELECT cardinality(filter(resources, r -> r.accountid IS NOT NULL)) AS n, count(*) FROM cloudtrail_logs GROUP BY 1 ORDER BY 1
;;

WITH logins AS (SELECT useridentity.arn AS arn, eventtime FROM cloudtrail_logs WHERE eventname = 'AssumeRole'), first AS (SELECT arn, min(eventtime) AS at FROM logins GROUP BY arn) SELECT first.arn, first.at, count(*) AS n FROM first JOIN logins ON first.arn = logins.arn GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 5
;;

SELECT a.eventname, count(*) AS n FROM cloudtrail_logs a LEFT JOIN (SELECT DISTINCT eventname FROM cloudtrail_logs WHERE awsregion = 'us-east-1') b ON a.eventname = b.eventname WHERE b.eventname IS NULL GROUP BY a.eventname ORDER BY n DESC, 1 LIMIT 5
;;

SELECT eventname, n, place FROM (SELECT eventname, count(*) AS n, row_number() OVER (ORDER BY count(*) DESC, eventname) AS place FROM cloudtrail_logs GROUP BY eventname) WHERE place <= 3 ORDER BY place
;;

SELECT useridentity.arn, max_by(eventname, eventtime || eventid) AS latest FROM cloudtrail_logs GROUP BY useridentity.arn ORDER BY 1 LIMIT 5
;;

SELECT count(*) AS n FROM cloudtrail_logs WHERE eventname IN (SELECT eventname FROM cloudtrail_logs GROUP BY eventname HAVING count(*) = 1)
;;

SELECT CASE WHEN sourceipaddress LIKE '%.amazonaws.com' THEN 'service' WHEN regexp_like(sourceipaddress, '^[0-9.]+$') THEN 'v4' ELSE 'other' END AS kind, count(*) FROM cloudtrail_logs GROUP BY 1 ORDER BY 1
;;

SELECT approx_distinct(awsregion) AS regions, count(DISTINCT useridentity.accountid) AS accounts FROM cloudtrail_logs
;;

SELECT a, count(*) FROM (VALUES 1) AS t (a) GROUP BY a HAVING count(*)
;;

SELECT * FROM (SELECT 1 AS x) t JOIN (SELECT 1 AS y) u ON t.x = u.z
;;

SELECT date_add(day, 1, current_date)
;;

SELECT from_iso8601_timestamp('2024-01-01T00:00:00Z') - '1 day'
;;

SELECT a IN (SELECT 'x') FROM (VALUES 1) AS t (a)
;;

SELECT split('a,b', ',')[3]
;;

SELECT CAST('abc' AS double)
;;

SELECT date_parse('2024-01-01', '%Y/%m/%d')
;;

SELECT substr('abc', 'x')
;;

SELECT max(a), b FROM (VALUES (1, 2)) AS t (a, b)
;;

SELECT a + b FROM (VALUES (1, 2)) AS t (a, b) GROUP BY a
;;

SELECT x.a FROM (VALUES 1) AS t (a)
;;

SELECT * FROM db1.t1
;;

SELECT sum(a) OVER (PARTITION BY z) FROM (VALUES 1) AS t (a)
;;

SELECT 1 UNION SELECT 1 UNION SELECT 1, 2
;;

WITH x AS (SELECT 1) SELECT * FROM y
;;

SELECT 1 WHERE 'true'
;;

SELECT CASE a WHEN 'x' THEN 1 END FROM (VALUES 1) AS t (a)
;;

SELECT ARRAY[1, 2] [ 'x' ]
;;

SELECT ROW(1, 'x').foo
;;

SELECT EXISTS (SELECT 1
;;

SELECT a FROM (VALUES 1) AS t (a) WHERE a BETWEEN 'x' AND 'y'
;;

SELECT a FROM (VALUES 'x') AS t (a) WHERE a > 5 AND a < 7
;;

SELECT TIMESTAMP '2024-13-01 00:00:00'
;;

SELECT TIME '25:00:00'
;;

SELECT DECIMAL '1.2.3'
;;

SELECT CAST('x' AS uuid)
;;

SELECT json_parse('{a:1}')
;;

SELECT 32767 + SMALLINT '32767' + CAST(32767 AS smallint) * CAST(32767 AS smallint)
;;

SELECT 1 IN ()
;;

SELECT FROM
;;

SELECT a AS b, a AS b FROM (VALUES 1) AS t (a) ORDER BY b
;;

SELECT a.b.c.d FROM (VALUES 1) AS t (a)
;;

SELECT array_agg(a ORDER BY b) FROM (VALUES 1) AS t (a)
;;

SELECT date_diff('days', current_date, current_date)
;;

SELECT from_unixtime('1')
;;

SELECT contains(ARRAY['a'], 1)
;;

SELECT cardinality(1)
;;

SELECT concat(ARRAY[1], 'a')
;;

SELECT if('a', 1)
;;

SELECT coalesce(1)
;;

SELECT slice(ARRAY[1], 0, 1)
;;

SELECT repeat('a', 'b')
;;

SELECT substring('a', 1, 2, 3)
;;

SELECT "a" FROM (VALUES 1) AS t (b)
;;

SELECT a FROM (VALUES 1) AS t (a) WHERE a = ALL (SELECT 'x')
;;

SELECT a FROM (VALUES 1) AS t (a) WHERE (a, 1) = (1, 'x')
;;

SELECT a FROM (VALUES 1) AS t (a) WHERE NOT EXISTS
;;

SELECT a FROM (VALUES 1) AS t (a) LEFT JOIN (VALUES 1) AS u (b)
;;

SELECT a FROM VALUES 1
;;

SELECT f(a b) FROM x
;;

SELECT a FROM x WHERE b = 'c' AND d 'e'
;;

SELECT a, b FROM x GROUP BY a b
;;

SELECT a FROM x WHERE (b = 1 OR c = 2
;;

SELECT a FROM x WHERE b LIKE '%a' ESCAPE
;;

SELECT a FROM x WHERE b BETWEEN 1 OR 2
;;

SELECT a FROM x AS WHERE b = 1
;;

SELECT a FROM x WITH ORDINALITY
;;

SELECT a.* b FROM x
;;

SELECT TRY_CAST(a AS) FROM x
;;

SELECT a]1[ FROM x
;;

SELECT a FROM x WHERE b = $1
;;

EXPLAIN (FORMAT XML) SELECT 1
