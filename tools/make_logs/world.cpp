#include "make_logs/world.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace trailsql::make_logs {
namespace {

// The account numbers that AWS's own documentation uses as examples; later accounts are numbered.
constexpr std::array<std::string_view, 8> kExampleAccounts = {
    "111122223333", "444455556666", "777788889999", "123456789012",
    "222233334444", "555566667777", "888899990000", "333344445555"};
constexpr std::string_view kVendorAccount = "999988887777";
constexpr std::array<std::string_view, 8> kAccountNames = {
    "production", "staging", "security", "shared-services",
    "data-lake",  "sandbox", "network",  "log-archive"};
constexpr std::array<std::string_view, 12> kRegions = {
    "us-east-1",      "eu-west-1",    "us-west-2",  "eu-central-1", "ap-southeast-2", "us-east-2",
    "ap-northeast-1", "ca-central-1", "eu-north-1", "sa-east-1",    "ap-south-1",     "eu-west-3"};
constexpr std::array<std::string_view, 12> kFirstNames = {
    "akua_mansa",     "alejandro.rosalez", "ana.carolina", "arnav.desai",
    "carlos.salazar", "diego.ramirez",     "efua.owusu",   "john.stiles",
    "jorge.souza",    "kwaku.mensah",      "li.juan",      "maria.garcia"};
constexpr std::array<std::string_view, 8> kApplications = {
    "orders", "billing", "search", "media", "ingest", "accounts", "mail", "reports"};
constexpr std::array<std::string_view, 6> kPeopleAgents = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Safari/537.36",
    "aws-cli/2.22.12 md/awscrt#0.23.4 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.6 "
    "md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#ec2",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) "
    "terraform-provider-aws/5.80.0 (+https://www.terraform.io) "
    "aws-sdk-go-v2/1.32.6 ua/2.1 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Safari/605.1.15",
    "Boto3/1.35.76 md/Botocore#1.35.76 ua/2.0 os/macos#24.1.0 md/arch#arm64 lang/python#3.11.10 "
    "md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.35.76",
    "AWS Internal"};
constexpr std::array<std::string_view, 4> kMachineAgents = {
    "aws-sdk-java/2.29.24 ua/2.0 Linux/5.10.230 OpenJDK_64-Bit_Server_VM/17.0.13 Java/17.0.13 "
    "vendor/Amazon.com_Inc. exec-env/AWS_ECS_FARGATE io/sync http/Apache cfg/retry-mode/standard",
    "aws-sdk-go-v2/1.32.6 ua/2.1 os/linux lang/go#1.23.2 md/GOOS#linux md/GOARCH#arm64 "
    "api/s3#1.71.0 m/F,g",
    "aws-sdk-nodejs/3.705.0 os/linux/5.10 lang/js md/nodejs/20.18.1 exec-env/AWS_Lambda_nodejs20.x",
    "Boto3/1.34.145 md/Botocore#1.34.145 ua/2.0 os/linux#5.10.228 md/arch#x86_64 "
    "lang/python#3.12.7 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 Botocore/1.34.145"};
constexpr std::array<std::string_view, 8> kServices = {"ec2.amazonaws.com",
                                                       "lambda.amazonaws.com",
                                                       "config.amazonaws.com",
                                                       "cloudtrail.amazonaws.com",
                                                       "autoscaling.amazonaws.com",
                                                       "ecs-tasks.amazonaws.com",
                                                       "resource-explorer-2.amazonaws.com",
                                                       "delivery.logs.amazonaws.com"};

// Addresses of the documentation ranges (RFC 5737) stand for the internet.
std::string public_ip(Random& random) {
  constexpr std::array<std::string_view, 3> kRanges = {"192.0.2.", "198.51.100.", "203.0.113."};
  return fmt::format("{}{}", random.pick(kRanges), 1 + random.below(254));
}

std::string private_ip(Random& random) {
  return fmt::format("10.{}.{}.{}", random.below(8), random.below(256), 1 + random.below(254));
}

Actor iam_user(Random& random, const std::string& account, std::string_view name) {
  Actor actor;
  actor.type = "IAMUser";
  actor.principal_id = "AIDA" + random.upper(17);
  actor.arn = fmt::format("arn:aws:iam::{}:user/{}", account, name);
  actor.account_id = account;
  actor.access_key_id = "AKIA" + random.upper(16);
  actor.user_name = name;
  actor.ip = public_ip(random);
  actor.user_agent = random.pick(kPeopleAgents);
  return actor;
}

// A session of `role`: `path` is what stands before the role's name in the issuer's ARN.
Actor role_session(Random& random, const std::string& account, std::string_view path,
                   const std::string& role, std::string_view session) {
  Actor actor;
  actor.type = "AssumedRole";
  actor.issuer_type = "Role";
  actor.issuer_principal_id = "AROA" + random.upper(17);
  actor.issuer_arn = fmt::format("arn:aws:iam::{}:role/{}{}", account, path, role);
  actor.issuer_account_id = account;
  actor.issuer_name = role;
  actor.principal_id = fmt::format("{}:{}", actor.issuer_principal_id, session);
  actor.arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, role, session);
  actor.account_id = account;
  actor.access_key_id = "ASIA" + random.upper(16);
  actor.has_session = true;
  actor.ip = public_ip(random);
  actor.user_agent = random.pick(kPeopleAgents);
  return actor;
}

std::vector<Actor> make_people(Random& random, const std::string& account) {
  std::vector<Actor> people;
  for (size_t i = 0; i < kFirstNames.size(); ++i) {
    const std::string_view name = kFirstNames[(i + random.below(3)) % kFirstNames.size()];
    if (i % 3 == 0) {
      people.push_back(iam_user(random, account, name));
    } else {
      const std::string role =
          fmt::format("AWSReservedSSO_{}_{}", i % 2 == 0 ? "AdministratorAccess" : "ReadOnlyAccess",
                      random.hex(16));
      people.push_back(role_session(random, account, "aws-reserved/sso.amazonaws.com/eu-west-1/",
                                    role, fmt::format("{}@example.com", name)));
      people.back().mfa = random.chance_per_mille(700);
    }
  }
  Actor root = iam_user(random, account, "");
  root.type = "Root";
  root.principal_id = account;
  root.arn = fmt::format("arn:aws:iam::{}:root", account);
  root.access_key_id.clear();
  root.has_session = true;
  root.mfa = true;
  people.push_back(root);
  return people;
}

std::vector<Actor> make_machines(Random& random, const Account& account) {
  std::vector<Actor> machines;
  for (const std::string& role : account.role_names) {
    const uint32_t num_sessions = 1 + random.below(4);
    for (uint32_t i = 0; i < num_sessions; ++i) {
      const std::string session =
          i % 2 == 0 ? random.pick(account.instance_ids) : random.pick(account.function_names);
      Actor machine = role_session(random, account.id, "service/", role, session);
      machine.kind = ActorKind::kMachine;
      machine.ip = random.chance_per_mille(600) ? private_ip(random) : public_ip(random);
      machine.user_agent = random.pick(kMachineAgents);
      machines.push_back(std::move(machine));
    }
  }
  Actor builder = role_session(random, account.id, "", "github-actions-deploy", "GitHubActions");
  builder.kind = ActorKind::kMachine;
  builder.federated_provider =
      fmt::format("arn:aws:iam::{}:oidc-provider/token.actions.githubusercontent.com", account.id);
  builder.user_agent = kPeopleAgents[2];
  machines.push_back(std::move(builder));
  return machines;
}

std::vector<Actor> make_services() {
  std::vector<Actor> services;
  for (const std::string_view service : kServices) {
    Actor actor;
    actor.kind = ActorKind::kService;
    actor.type = "AWSService";
    actor.invoked_by = service;
    actor.ip = service;
    actor.user_agent = service;
    services.push_back(std::move(actor));
  }
  return services;
}

void name_resources(Random& random, Account& account) {
  for (const std::string_view application : kApplications) {
    account.role_names.push_back(fmt::format("{}-service-role", application));
    account.function_names.push_back(fmt::format("{}-{}-handler", account.name, application));
    account.table_names.push_back(fmt::format("{}-{}", account.name, application));
    account.secret_names.push_back(fmt::format("{}/{}/database", account.name, application));
    account.bucket_names.push_back(fmt::format("example-{}-{}", account.name, application));
    account.key_ids.push_back(random.uuid());
    account.group_ids.push_back("sg-0" + random.hex(16));
    account.subnet_ids.push_back("subnet-0" + random.hex(16));
  }
  for (int i = 0; i < 40; ++i) {
    account.instance_ids.push_back("i-0" + random.hex(16));
    account.volume_ids.push_back("vol-0" + random.hex(16));
  }
}

// What the host's trail often shows of a principal of another account: no name, only the account.
Actor seen_as_account(const Actor& visitor) {
  Actor actor;
  actor.type = "AWSAccount";
  actor.principal_id = visitor.principal_id;
  actor.account_id = visitor.account_id;
  actor.ip = visitor.ip;
  actor.user_agent = visitor.user_agent;
  return actor;
}

// Cross-account work: each account's platform role reaches into the next account, and a vendor
// outside the organisation into all.
void add_visitors(Random& random, std::vector<Account>& accounts) {
  for (size_t i = 0; i < accounts.size(); ++i) {
    Account& host = accounts[i];
    if (accounts.size() > 1) {
      const Account& home = accounts[(i + 1) % accounts.size()];
      Actor visitor = role_session(random, home.id, "", "platform-automation", "deploy-pipeline");
      visitor.source_identity = "deploy-pipeline";
      visitor.user_agent = kPeopleAgents[4];
      host.visitors.push_back(seen_as_account(visitor));
      host.visitors.push_back(std::move(visitor));
    }
    Actor vendor = role_session(random, std::string(kVendorAccount), "", "posture-scanner",
                                fmt::format("scan-{}", random.below(1000)));
    vendor.user_agent = kMachineAgents[1];
    host.visitors.push_back(seen_as_account(vendor));
    host.visitors.push_back(std::move(vendor));
  }
}

}  // namespace

World build_world(const Options& options) {
  Random random(options.seed, 1, 0);
  World world;
  world.organization_id = "o-exampleorgid";
  world.attacker_ip = "198.51.100.66";
  for (uint32_t i = 0; i < options.num_regions; ++i) {
    world.regions.emplace_back(kRegions[i % kRegions.size()]);
  }
  for (uint32_t i = 0; i < options.num_accounts; ++i) {
    Account account;
    account.id = i < kExampleAccounts.size() ? std::string(kExampleAccounts[i])
                                             : fmt::format("1000{:08}", i);
    account.name = kAccountNames[i % kAccountNames.size()];
    if (i >= kAccountNames.size()) account.name += fmt::format("-{}", i / kAccountNames.size());
    name_resources(random, account);
    account.people = make_people(random, account.id);
    account.machines = make_machines(random, account);
    account.services = make_services();
    world.accounts.push_back(std::move(account));
  }
  add_visitors(random, world.accounts);
  return world;
}

}  // namespace trailsql::make_logs
