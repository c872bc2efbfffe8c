#include "make_logs/events.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <vector>

#include "make_logs/event_table.h"
#include "make_logs/expander.h"

namespace trailsql::make_logs {
namespace {

constexpr uint32_t kErrorsPerMille = 40;
constexpr uint32_t kSignInsPerMille = 12;
constexpr uint32_t kServiceEventsPerMille = 4;

// Event kinds with their running sums of weights, and the names of their sources in full.
struct KindIndex {
  KindIndex() {
    uint32_t sum = 0;
    for (const EventKind& kind : event_kinds()) {
      sum += kind.weight;
      sums.push_back(sum);
      sources.push_back(fmt::format("{}.amazonaws.com", kind.source));
    }
  }
  size_t draw(Random& random) const {
    const uint32_t ticket = random.below(sums.back());
    return static_cast<size_t>(std::upper_bound(sums.begin(), sums.end(), ticket) - sums.begin());
  }
  std::vector<uint32_t> sums;
  std::vector<std::string> sources;
};

const KindIndex& kind_index() {
  static const KindIndex index;
  return index;
}

const Actor& pick_actor(const RecordSite& site, EventActors actors) {
  Random& random = site.random;
  const Account& account = site.account;
  switch (actors) {
    case EventActors::kPeople: return random.pick_skewed(account.people);
    case EventActors::kMachines: return random.pick_skewed(account.machines);
    case EventActors::kServices: return random.pick_skewed(account.services);
    case EventActors::kVisitors: return random.pick(account.visitors);
    case EventActors::kPeopleAndMachines: break;
  }
  return random.chance_per_mille(300) ? random.pick_skewed(account.people)
                                      : random.pick_skewed(account.machines);
}

void make_error(const RecordSite& site, const EventKind& kind, RecordDraft& draft) {
  const uint32_t lot = site.random.below(100);
  if (lot < 15) {
    draft.error_code = kind.source == "ec2" ? "Client.RequestLimitExceeded" : "ThrottlingException";
    draft.error_message = "Rate exceeded";
  } else if (lot < 30 && kind.is_data && kind.source == "s3") {
    draft.error_code = "NoSuchKey";
    draft.error_message = "The specified key does not exist.";
  } else if (kind.source == "ec2") {
    draft.error_code = "Client.UnauthorizedOperation";
    std::string encoded;
    site.random.append_mixed(encoded, 300);
    draft.error_message = fmt::format(
        "You are not authorized to perform this operation. User: {} is not authorized to perform: "
        "ec2:{} because no identity-based policy allows the ec2:{} action. Encoded authorization "
        "failure message: {}",
        draft.actor->arn, kind.name, kind.name, encoded);
  } else {
    draft.error_code = "AccessDenied";
    draft.error_message = fmt::format(
        "User: {} is not authorized to perform: {}:{} on resource: * because no identity-based "
        "policy allows the {}:{} action",
        draft.actor->arn, kind.source, kind.name, kind.source, kind.name);
  }
}

RecordDraft draw_sign_in(const RecordSite& site) {
  RecordDraft draft;
  draft.actor = &site.random.pick_skewed(site.account.people);
  draft.event_source = "signin.amazonaws.com";
  draft.event_name = site.random.chance_per_mille(850) ? "ConsoleLogin" : "CheckMfa";
  draft.event_type = "AwsConsoleSignIn";
  draft.region = "us-east-1";
  draft.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
  draft.read_only = false;
  // A failed sign-in has a message but no error code: so the service writes it.
  const bool failed = site.random.chance_per_mille(80);
  draft.response_json =
      fmt::format(R"({{"{}":"{}"}})", draft.event_name, failed ? "Failure" : "Success");
  if (failed) draft.error_message = "Failed authentication";
  draft.additional_json = fmt::format(
      R"({{"LoginTo":"https://console.aws.amazon.com/console/home?region={}&hashArgs=%23","MobileVersion":"No","MFAUsed":"{}"}})",
      site.region, draft.actor->mfa ? "Yes" : "No");
  return draft;
}

RecordDraft draw_service_event(const RecordSite& site) {
  static const Actor kInternal = [] {
    Actor actor;
    actor.kind = ActorKind::kService;
    actor.invoked_by = "AWS Internal";
    actor.ip = "AWS Internal";
    actor.user_agent = "AWS Internal";
    return actor;
  }();
  RecordDraft draft;
  draft.actor = &kInternal;
  draft.event_source = "kms.amazonaws.com";
  draft.event_name = "RotateKey";
  draft.event_type = "AwsServiceEvent";
  draft.region = site.region;
  draft.read_only = false;
  Expander expander(site);
  draft.service_details_json = expander.expand(R"({"rotationType":"AUTOMATIC","keyId":"$key"})");
  draft.resources_json = expander.expand(
      R"([{"accountId":"$account","type":"AWS::KMS::Key","ARN":"arn:aws:kms:$region:$account:key/$key"}])");
  return draft;
}

}  // namespace

RecordDraft draw_event(const RecordSite& site) {
  Random& random = site.random;
  if (random.chance_per_mille(kSignInsPerMille)) return draw_sign_in(site);
  if (random.chance_per_mille(kServiceEventsPerMille)) return draw_service_event(site);
  const KindIndex& index = kind_index();
  const size_t number = index.draw(random);
  const EventKind& kind = event_kinds()[number];

  RecordDraft draft;
  draft.actor = &pick_actor(site, kind.actors);
  draft.event_source = index.sources[number];
  draft.event_name = kind.name;
  // IAM lives in one region, in whichever region's folder its records are delivered.
  draft.region = kind.source == "iam" ? "us-east-1" : site.region;
  draft.read_only = kind.read_only;
  draft.is_data = kind.is_data;
  Expander expander(site);
  if (!kind.parameters.empty()) draft.parameters_json = expander.expand(kind.parameters);
  const bool may_fail = !draft.actor->arn.empty();
  if (may_fail && random.chance_per_mille(kErrorsPerMille)) {
    make_error(site, kind, draft);
  } else if (!kind.response.empty()) {
    draft.response_json = expander.expand(kind.response);
  }
  draft.resources_json = expander.expand(kind.resources);
  draft.additional_json = expander.expand(kind.additional);
  if (kind.actors == EventActors::kVisitors) draft.shared_event_id = random.uuid();
  return draft;
}

}  // namespace trailsql::make_logs
