#include "make_logs/record.h"

#include <fmt/core.h>

namespace trailsql::make_logs {
namespace {

using std::chrono::floor;
using std::chrono::hours;
using std::chrono::sys_seconds;

void write_session(JsonWriter& json, const Actor& actor, sys_seconds time) {
  json.begin_object("sessionContext");
  if (!actor.issuer_type.empty()) {
    json.begin_object("sessionIssuer")
        .text("type", actor.issuer_type)
        .text("principalId", actor.issuer_principal_id)
        .text("arn", actor.issuer_arn)
        .text("accountId", actor.issuer_account_id)
        .text("userName", actor.issuer_name)
        .end_object();
  }
  if (!actor.federated_provider.empty()) {
    json.begin_object("webIdFederationData")
        .text("federatedProvider", actor.federated_provider)
        .begin_object("attributes")
        .end_object()
        .end_object();
  }
  json.begin_object("attributes")
      .text("creationDate", iso_time(floor<hours>(time)))
      .text("mfaAuthenticated", actor.mfa ? "true" : "false")
      .end_object();
  if (actor.kind == ActorKind::kMachine && actor.federated_provider.empty()) {
    json.text("ec2RoleDelivery", "2.0");
  }
  json.text_if("sourceIdentity", actor.source_identity);
  json.end_object();
}

void write_identity(JsonWriter& json, const Actor& actor, sys_seconds time) {
  json.begin_object("userIdentity")
      .text_if("type", actor.type)
      .text_if("principalId", actor.principal_id)
      .text_if("arn", actor.arn)
      .text_if("accountId", actor.account_id)
      .text_if("accessKeyId", actor.access_key_id)
      .text_if("userName", actor.user_name);
  if (actor.has_session) write_session(json, actor, time);
  json.text_if("invokedBy", actor.invoked_by);
  json.end_object();
}

void write_tls(JsonWriter& json, const RecordSite& site, const RecordDraft& draft) {
  const std::string_view service = draft.event_source.substr(0, draft.event_source.find('.'));
  const std::string host = service == "iam" || service == "signin"
                               ? std::string(draft.event_source)
                               : fmt::format("{}.{}.amazonaws.com", service, draft.region);
  const bool modern = !site.random.chance_per_mille(150);
  json.begin_object("tlsDetails")
      .text("tlsVersion", modern ? "TLSv1.3" : "TLSv1.2")
      .text("cipherSuite", modern ? "TLS_AES_128_GCM_SHA256" : "ECDHE-RSA-AES128-GCM-SHA256")
      .text("clientProvidedHostHeader", host);
  if (modern) json.text("keyExchange", "X25519MLKEM768");
  json.end_object();
}

std::optional<std::string_view> present(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

std::string iso_time(sys_seconds time) {
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

void write_record(std::string& out, const RecordSite& site, const RecordDraft& draft,
                  Truth& truth) {
  const Actor& actor = *draft.actor;
  const std::string_view ip = draft.ip.empty() ? std::string_view(actor.ip) : draft.ip;
  const bool is_call = draft.event_type == "AwsApiCall";
  JsonWriter json(out);
  json.begin_object().text("eventVersion", draft.is_data ? "1.11" : "1.10");
  write_identity(json, actor, site.time);
  json.text("eventTime", iso_time(site.time))
      .text("eventSource", draft.event_source)
      .text("eventName", draft.event_name)
      .text("awsRegion", draft.region)
      .text("sourceIPAddress", ip)
      .text("userAgent", draft.user_agent.empty() ? actor.user_agent : draft.user_agent)
      .text_if("errorCode", draft.error_code)
      .text_if("errorMessage", draft.error_message);
  json.raw("requestParameters", draft.parameters_json);
  json.raw("responseElements", draft.error_code.empty() ? draft.response_json : "null");
  if (!draft.additional_json.empty()) json.raw("additionalEventData", draft.additional_json);
  if (is_call) json.text("requestID", site.random.uuid());
  json.text("eventID", site.random.uuid());
  json.boolean("readOnly", draft.read_only);
  if (!draft.resources_json.empty()) json.raw("resources", draft.resources_json);
  json.text("eventType", draft.event_type)
      .boolean("managementEvent", !draft.is_data)
      .text("recipientAccountId", site.account.id)
      .text_if("sharedEventID", draft.shared_event_id);
  if (!draft.service_details_json.empty()) {
    json.raw("serviceEventDetails", draft.service_details_json);
  }
  json.text("eventCategory", draft.is_data ? "Data" : "Management");
  if (is_call && actor.kind != ActorKind::kService) write_tls(json, site, draft);
  if (actor.kind == ActorKind::kPerson && actor.has_session && actor.user_agent[0] == 'M') {
    json.text("sessionCredentialFromConsole", "true");
  }
  json.end_object();

  truth.note({.event_name = draft.event_name,
              .event_source = draft.event_source,
              .arn = present(actor.arn),
              .account_id = present(actor.account_id),
              .source_ip = ip,
              .recipient = site.account.id,
              .error_code = present(draft.error_code)});
}

}  // namespace trailsql::make_logs
