// The invented world that the logs are about: accounts, who acts in them, and on what.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "make_logs/options.h"
#include "make_logs/random.h"

namespace trailsql::make_logs {

enum class ActorKind : uint8_t { kPerson, kMachine, kService };

/// Someone or something that calls the API; the fields are userIdentity's. Empty means absent.
struct Actor {
  ActorKind kind = ActorKind::kPerson;
  std::string type;
  std::string principal_id;
  std::string arn;
  std::string account_id;
  std::string access_key_id;
  std::string user_name;
  std::string invoked_by;
  // sessionContext, when has_session
  bool has_session = false;
  bool mfa = false;
  std::string issuer_type;
  std::string issuer_principal_id;
  std::string issuer_arn;
  std::string issuer_account_id;
  std::string issuer_name;
  std::string federated_provider;
  std::string source_identity;
  std::string ip;
  std::string user_agent;
};

/// One AWS account and what it owns.
struct Account {
  std::string id;
  std::string name;
  std::vector<Actor> people;
  std::vector<Actor> machines;
  std::vector<Actor> services;  // AWS services acting on the account's behalf
  std::vector<Actor> visitors;  // principals of other accounts that work here
  std::vector<std::string> role_names;
  std::vector<std::string> instance_ids;
  std::vector<std::string> volume_ids;
  std::vector<std::string> group_ids;
  std::vector<std::string> subnet_ids;
  std::vector<std::string> bucket_names;
  std::vector<std::string> function_names;
  std::vector<std::string> table_names;
  std::vector<std::string> secret_names;
  std::vector<std::string> key_ids;
};

struct World {
  std::vector<Account> accounts;
  std::vector<std::string> regions;
  std::string organization_id;
  std::string attacker_ip;
};

/// Invents the world that `options` ask for; the same seed invents the same.
World build_world(const Options& options);

}  // namespace trailsql::make_logs
