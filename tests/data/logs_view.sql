CREATE VIEW cloudtrail_logs AS
SELECT r.eventVersion, r.eventTime, r.eventSource, r.eventName, r.awsRegion, r.sourceIPAddress, r.userAgent,
  r.errorCode, r.errorMessage, r.requestParameters, r.responseElements, r.additionalEventData, r.requestID,
  r.eventID, r.readOnly, r.eventType, r.managementEvent, r.recipientAccountId, r.sharedEventID, r.eventCategory,
  r.userIdentity, r.resources
FROM cloudtrail_files CROSS JOIN UNNEST(records) AS t (r)
