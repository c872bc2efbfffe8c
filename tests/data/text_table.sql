CREATE EXTERNAL TABLE cloudtrail_files (
  Records ARRAY<STRUCT<
    eventVersion: STRING, eventTime: STRING, eventSource: STRING, eventName: STRING, awsRegion: STRING,
    sourceIPAddress: STRING, userAgent: STRING, errorCode: STRING, errorMessage: STRING,
    requestParameters: STRING, responseElements: STRING, additionalEventData: STRING,
    requestID: STRING, eventID: STRING, readOnly: STRING, eventType: STRING, managementEvent: STRING,
    recipientAccountId: STRING, sharedEventID: STRING, eventCategory: STRING,
    userIdentity: STRUCT<
      type: STRING, principalId: STRING, arn: STRING, accountId: STRING, invokedBy: STRING,
      accessKeyId: STRING, userName: STRING,
      sessionContext: STRUCT<
        attributes: STRUCT<mfaAuthenticated: STRING, creationDate: STRING>,
        sessionIssuer: STRUCT<type: STRING, principalId: STRING, arn: STRING, accountId: STRING, userName: STRING>>>,
    resources: ARRAY<STRUCT<arn: STRING, accountId: STRING, type: STRING>>>>)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true')
LOCATION 's3://my_consolidated_bucket/my-cross-account-prefix/AWSLogs/'
