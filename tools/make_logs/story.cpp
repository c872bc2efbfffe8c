// The attack story and insight objects.
#include <fmt/core.h>

#include <iterator>
#include <string_view>

#include "make_logs/expander.h"
#include "make_logs/special_records.h"

namespace trailsql::make_logs {
namespace {

struct StoryStep {
  bool by_back_door;  // else by the leaked key of the first person
  std::string_view source;
  std::string_view name;
  std::string_view error;  // "" when the step succeeds
  bool is_data;
  std::string_view parameters;
  std::string_view response;
};

constexpr std::string_view kDenied = "AccessDenied";

constexpr StoryStep kSteps[] = {
    {false, "sts.amazonaws.com", "GetCallerIdentity", "", false, "null", "null"},
    {false, "iam.amazonaws.com", "ListUsers", kDenied, false, "null", "null"},
    {false, "organizations.amazonaws.com", "DescribeOrganization", kDenied, false, "null", "null"},
    {false, "s3.amazonaws.com", "ListBuckets", "", false, "null", "null"},
    {false, "secretsmanager.amazonaws.com", "ListSecrets", "", false, R"({"maxResults":100})",
     "null"},
    {false, "secretsmanager.amazonaws.com", "GetSecretValue", "", false,
     R"({"secretId":"$secret"})", "null"},
    {false, "s3.amazonaws.com", "GetObject", "", true,
     R"({"bucketName":"$bucket","key":"backup/customers.sql.gz"})", "null"},
    {false, "s3.amazonaws.com", "GetObject", "", true,
     R"({"bucketName":"$bucket","key":"backup/payments.sql.gz"})", "null"},
    {false, "s3.amazonaws.com", "GetObject", "", true,
     R"({"bucketName":"$bucket","key":"terraform/state.json"})", "null"},
    {false, "iam.amazonaws.com", "CreateUser", "", false, R"({"userName":"svc-backup-sync"})",
     R"({"user":{"path":"/","userName":"svc-backup-sync","userId":"AIDA$upper16","arn":"arn:aws:iam::$account:user/svc-backup-sync"}})"},
    {false, "iam.amazonaws.com", "AttachUserPolicy", "", false,
     R"({"userName":"svc-backup-sync","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"})",
     "null"},
    {false, "iam.amazonaws.com", "CreateLoginProfile", "", false,
     R"({"userName":"svc-backup-sync","passwordResetRequired":false})",
     R"({"loginProfile":{"userName":"svc-backup-sync","passwordResetRequired":false}})"},
    {false, "iam.amazonaws.com", "CreateAccessKey", "", false, R"({"userName":"svc-backup-sync"})",
     R"({"accessKey":{"userName":"svc-backup-sync","accessKeyId":"AKIA$upper16","status":"Active"}})"},
    {true, "signin.amazonaws.com", "ConsoleLogin", "", false, "null",
     R"({"ConsoleLogin":"Success"})"},
    {true, "ec2.amazonaws.com", "RunInstances", "Client.InstanceLimitExceeded", false,
     R"({"instancesSet":{"items":[{"imageId":"ami-0$hex17","minCount":50,"maxCount":50}]},"instanceType":"p5.48xlarge"})",
     "null"},
    {true, "ec2.amazonaws.com", "RunInstances", "", false,
     R"({"instancesSet":{"items":[{"imageId":"ami-0$hex17","minCount":8,"maxCount":8}]},"instanceType":"g6.xlarge"})",
     R"({"instancesSet":{"items":[{"instanceId":"i-0$hex17"},{"instanceId":"i-0$hex17"}]}})"},
    {true, "ec2.amazonaws.com", "ModifySnapshotAttribute", "", false,
     R"({"snapshotId":"snap-0$hex17","attributeType":"CREATE_VOLUME_PERMISSION","createVolumePermission":{"add":{"items":[{"userId":"999988887777"}]}}})",
     R"({"_return":true})"},
    {true, "cloudtrail.amazonaws.com", "DeleteTrail", kDenied, false,
     R"({"name":"arn:aws:cloudtrail:$region:$account:trail/main"})", "null"},
    {true, "cloudtrail.amazonaws.com", "StopLogging", "", false,
     R"({"name":"arn:aws:cloudtrail:$region:$account:trail/main"})", "null"},
};

Actor story_actor(const RecordSite& site, bool by_back_door) {
  Actor actor = site.account.people.front();
  if (by_back_door) {
    actor.user_name = "svc-backup-sync";
    actor.arn = fmt::format("arn:aws:iam::{}:user/svc-backup-sync", site.account.id);
    actor.principal_id = "AIDAEXAMPLEBACKDOOR00";
    actor.access_key_id = "AKIAEXAMPLEBACKDOOR0";
  }
  actor.ip = site.world.attacker_ip;
  actor.user_agent = by_back_door
                         ? "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
                         : "python-requests/2.32.3";
  return actor;
}

}  // namespace

size_t num_story_steps() { return std::size(kSteps); }

void write_story_step(std::string& out, const RecordSite& site, size_t step, Truth& truth) {
  const StoryStep& now = kSteps[step];
  const Actor actor = story_actor(site, now.by_back_door);
  Expander expander(site);
  RecordDraft draft;
  draft.actor = &actor;
  draft.event_source = now.source;
  draft.event_name = now.name;
  draft.region =
      now.source.starts_with("iam") || now.source.starts_with("signin") ? "us-east-1" : site.region;
  if (now.name == "ConsoleLogin") {
    draft.event_type = "AwsConsoleSignIn";
    draft.additional_json = R"({"MobileVersion":"No","MFAUsed":"No"})";
  }
  draft.error_code = now.error;
  if (!now.error.empty()) {
    draft.error_message =
        fmt::format("User: {} is not authorized to perform this action", actor.arn);
  }
  draft.parameters_json = expander.expand(now.parameters);
  draft.response_json = expander.expand(now.response);
  draft.read_only = now.name.starts_with("Get") || now.name.starts_with("List") ||
                    now.name.starts_with("Describe");
  draft.is_data = now.is_data;
  write_record(out, site, draft, truth);
  ++truth.num_story;
}

std::string insight_object(const RecordSite& site, Truth& truth) {
  Expander expander(site);
  const std::string shared_id = site.random.uuid();
  std::string text = R"({"Records":[)";
  for (const std::string_view state : {"Start", "End"}) {
    if (state == "End") text += ',';
    text += expander.expand(
        R"({"eventVersion":"1.09","eventTime":"$time","awsRegion":"$region","eventID":"$uuid","eventType":"AwsCloudTrailInsight","recipientAccountId":"$account","sharedEventID":")");
    text += shared_id + R"(","insightDetails":{"state":")";
    text += state;
    text += expander.expand(
        R"(","eventSource":"ssm.amazonaws.com","eventName":"UpdateInstanceInformation","insightType":"ApiCallRateInsight","insightContext":{"statistics":{"baseline":{"average":0.0020833333},"insight":{"average":3.4},"insightDuration":5,"baselineDuration":10080},"attributions":[{"attribute":"userIdentityArn","insight":[{"value":"arn:aws:sts::$account:assumed-role/$role/$instance","average":3.4}],"baseline":[]},{"attribute":"errorCode","insight":[{"value":"null","average":3.4}],"baseline":[{"value":"null","average":0.0020833333}]}]}},"eventCategory":"Insight"})");
    RecordFacts facts;
    facts.recipient = site.account.id;
    truth.note(facts);
    ++truth.num_insights;
  }
  return text + "]}";
}

}  // namespace trailsql::make_logs
