// Odd but legal records. Each is a whole record as text; the facts about it stand beside it.
#include <span>
#include <string_view>

#include "make_logs/expander.h"
#include "make_logs/special_records.h"

namespace trailsql::make_logs {
namespace {

// Facts as in RecordFacts; "" means absent. Account and arn are templates like the record.
struct OddRecord {
  std::string_view event_name;
  std::string_view event_source;
  std::string_view arn;
  std::string_view account_id;
  std::string_view source_ip;
  std::string_view error_code;
  std::string_view json;
};

constexpr std::string_view kPersonArn = "arn:aws:iam::$account:user/$person";

constexpr OddRecord kLegal[] = {
    // Keys that differ only in case, in one object.
    {"TagResource", "dynamodb.amazonaws.com", kPersonArn, "$account", "192.0.2.10", "",
     R"({"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::$account:user/$person","accountId":"$account","userName":"$person"},"eventTime":"$time","eventSource":"dynamodb.amazonaws.com","eventName":"TagResource","awsRegion":"$region","sourceIPAddress":"192.0.2.10","requestParameters":{"tag":{"key":"a"},"Tag":{"Key":"A","Value":"caf)"
     "\xC3\xA9"
     R"("}},"responseElements":null,"eventID":"$uuid","eventType":"AwsApiCall","recipientAccountId":"$account"})"},
    // userIdentity without type.
    {"GetBucketLocation", "s3.amazonaws.com", "", "$account", "config.amazonaws.com", "",
     R"({"eventVersion":"1.08","userIdentity":{"accountId":"$account","invokedBy":"config.amazonaws.com"},"eventTime":"$time","eventSource":"s3.amazonaws.com","eventName":"GetBucketLocation","awsRegion":"$region","sourceIPAddress":"config.amazonaws.com","userAgent":"config.amazonaws.com","requestParameters":{"bucketName":"$bucket"},"responseElements":null,"additionalEventData":{"bytesTransferredIn":1371.0,"bytesTransferredOut":0},"requestID":"$upper16","eventID":"$uuid","readOnly":true,"resources":[{"ARN":"arn:aws:s3:::$bucket","accountId":"$account"},{"arn":"arn:aws:s3:::$bucket"},{"ARNPrefix":"arn:aws:s3:::$bucket/","type":"AWS::S3::Object"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"$account","eventCategory":"Management"})"},
    // A failed sign-in of nobody known: no account, a hidden name, a message without a code.
    {"ConsoleLogin", "signin.amazonaws.com", "", "", "203.0.113.200", "",
     R"({"eventVersion":"1.08","userIdentity":{"type":"Unknown","principalId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"},"eventTime":"$time","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.200","userAgent":"Mozilla/5.0","errorMessage":"No username found in supplied account","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"},"additionalEventData":{"LoginTo":"https://console.aws.amazon.com/","MobileVersion":"No","MFAUsed":"No"},"eventID":"$uuid","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"$account","eventCategory":"Management"})"},
    // Empty objects and arrays where data is expected; a boolean where others write a string.
    {"GetMetricData", "monitoring.amazonaws.com",
     "arn:aws:sts::$account:assumed-role/$role/session", "$account", "2001:db8:85a3::8a2e:370:7334",
     "",
     R"({"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROA$upper16:session","arn":"arn:aws:sts::$account:assumed-role/$role/session","accountId":"$account","accessKeyId":"","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{}}},"eventTime":"$time","eventSource":"monitoring.amazonaws.com","eventName":"GetMetricData","awsRegion":"$region","sourceIPAddress":"2001:db8:85a3::8a2e:370:7334","userAgent":"","requestParameters":{},"responseElements":{},"requestID":"$uuid","eventID":"$uuid","readOnly":true,"resources":[],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"$account","eventCategory":"Management","sessionCredentialFromConsole":true})"},
    // No userIdentity, no requestParameters, no eventCategory.
    {"SpotInstanceInterruption", "ec2.amazonaws.com", "", "", "AWS Internal", "",
     R"({"eventVersion":"1.05","eventTime":"$time","eventSource":"ec2.amazonaws.com","eventName":"SpotInstanceInterruption","awsRegion":"$region","sourceIPAddress":"AWS Internal","eventID":"$uuid","eventType":"AwsServiceEvent","recipientAccountId":"$account","serviceEventDetails":{"instanceIdSet":["$instance"]}})"},
    // The oldest version: no eventID, no recipient.
    {"DescribeInstances", "ec2.amazonaws.com", kPersonArn, "$account", "192.0.2.11", "",
     R"({"eventVersion":"1.0","userIdentity":{"type":"IAMUser","principalId":"EX_PRINCIPAL_ID","arn":"arn:aws:iam::$account:user/$person","accountId":"$account","accessKeyId":"EXAMPLE_KEY_ID","userName":"$person"},"eventTime":"$time","eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","awsRegion":"$region","sourceIPAddress":"192.0.2.11","userAgent":"ec2-api-tools 1.6.12.2","requestParameters":{"instancesSet":{"items":[{"instanceId":"$instance"}]}},"responseElements":null})"},
    // JSON inside a string, escapes of every kind, a name with a narrow space and an emoji.
    {"PutBucketPolicy", "s3.amazonaws.com", kPersonArn, "$account", "192.0.2.12", "",
     R"({"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::$account:user\/$person","accountId":"$account","userName":"$person"},"eventTime":"$time","eventSource":"s3.amazonaws.com","eventName":"PutBucketPolicy","awsRegion":"$region","sourceIPAddress":"192.0.2.12","userAgent":"[S3Console/0.4]\ttab","requestParameters":{"bucketName":"$bucket","policy":"{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"s3:*\"],\"Sid\":\"\\u0041\"}]}","note":"Bildschirmfoto 09.14\u202fUhr \ud83d\ude80 )"
     "\xE6\xB5\x8B\xE8\xAF\x95"
     R"(","line":"one\r\ntwo"},"responseElements":null,"eventID":"$uuid","readOnly":false,"eventType":"AwsApiCall","recipientAccountId":"$account","eventCategory":"Management"})"},
    // Depth 11.
    {"CreateStack", "cloudformation.amazonaws.com", kPersonArn, "$account",
     "cloudformation.amazonaws.com", "",
     R"({"eventVersion":"1.10","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::$account:user/$person","accountId":"$account","userName":"$person","invokedBy":"cloudformation.amazonaws.com"},"eventTime":"$time","eventSource":"cloudformation.amazonaws.com","eventName":"CreateStack","awsRegion":"$region","sourceIPAddress":"cloudformation.amazonaws.com","userAgent":"cloudformation.amazonaws.com","requestParameters":{"a":{"b":{"c":[{"d":{"e":[[{"f":{"g":1e3}}]]}}]}}},"responseElements":null,"eventID":"$uuid","readOnly":false,"eventType":"AwsApiCall","recipientAccountId":"$account"})"},
    // Members in an unusual order, null members, numbers as exponents and with trailing zeros.
    {"GetCostAndUsage", "ce.amazonaws.com", kPersonArn, "$account", "192.0.2.13",
     "ValidationException",
     R"({"recipientAccountId":"$account","errorCode":"ValidationException","errorMessage":null,"resources":null,"eventCategory":"Management","eventID":"$uuid","sourceIPAddress":"192.0.2.13","responseElements":null,"requestParameters":{"ratio":2.50,"large":12345678901234567890,"small":1e-7,"none":null,"flag":false},"eventName":"GetCostAndUsage","eventSource":"ce.amazonaws.com","awsRegion":"us-east-1","eventTime":"$time","userIdentity":{"sessionContext":null,"userName":"$person","accountId":"$account","arn":"arn:aws:iam::$account:user/$person","type":"IAMUser"},"eventVersion":"1.11","eventType":"AwsApiCall"})"},
};

// Legal in CloudTrail, but a string stands where the classic table declares a struct.
constexpr OddRecord kBreaking[] = {
    {"SendCommand", "ssm.amazonaws.com", kPersonArn, "$account", "192.0.2.14", "",
     R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::$account:user/$person","accountId":"$account","userName":"$person"},"eventTime":"$time","eventSource":"ssm.amazonaws.com","eventName":"SendCommand","awsRegion":"$region","sourceIPAddress":"192.0.2.14","requestParameters":"HIDDEN_DUE_TO_SECURITY_REASONS","responseElements":"omitted","eventID":"$uuid","eventType":"AwsApiCall","recipientAccountId":"$account"})"},
};

}  // namespace

void write_odd_record(std::string& out, const RecordSite& site, OddRecords which, Truth& truth) {
  const std::span<const OddRecord> records =
      which == OddRecords::kAll && site.random.chance_per_mille(100)
          ? std::span<const OddRecord>(kBreaking)
          : std::span<const OddRecord>(kLegal);
  const OddRecord& record = site.random.pick(records);
  Expander expander(site);
  out += expander.expand(record.json);

  const std::string arn = expander.expand(record.arn);
  const std::string account = expander.expand(record.account_id);
  RecordFacts facts;
  facts.event_name = record.event_name;
  facts.event_source = record.event_source;
  if (!arn.empty()) facts.arn = arn;
  if (!account.empty()) facts.account_id = account;
  facts.source_ip = record.source_ip;
  if (record.json.find("recipientAccountId") != std::string_view::npos) {
    facts.recipient = site.account.id;
  }
  if (!record.error_code.empty()) facts.error_code = record.error_code;
  truth.note(facts);
  ++truth.num_odd;
}

}  // namespace trailsql::make_logs
