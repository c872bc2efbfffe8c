#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "store/aws_credential_providers.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

/// Follows the profiles from the one in use to those that its roles are assumed by.
class ProfileChain {
 public:
  explicit ProfileChain(CredentialSearch& search) : search_(search) {}

  std::optional<FoundCredentials> credentials_of_first(const std::string& name) {
    visited_.push_back(name);
    // With the AWS CLI a role wins over keys in the profile that is asked for, and keys over a
    // role in those behind it: so one profile can hold a role and the keys that may assume it.
    return assumes_role(name) ? role_of(name) : own_credentials_of(name);
  }

 private:
  std::optional<std::string> setting(const std::string& profile, const char* key) const {
    return profile_setting(search_.config, profile, key);
  }

  bool assumes_role(const std::string& name) const {
    return setting(name, "role_arn") && !setting(name, "web_identity_token_file");
  }

  bool has_keys(const std::string& name) const {
    return setting(name, "aws_access_key_id") || setting(name, "aws_secret_access_key");
  }

  RoleRequest role_request_of(const std::string& name) const {
    RoleRequest role;
    role.arn = setting(name, "role_arn").value_or("");
    role.session_name = setting(name, "role_session_name").value_or("");
    role.external_id = setting(name, "external_id").value_or("");
    role.duration_seconds = setting(name, "duration_seconds").value_or("");
    role.origin = fmt::format("AWS profile '{}'", name);
    return role;
  }

  FoundCredentials role_of(const std::string& name) {
    if (setting(name, "mfa_serial")) {
      throw credentials_error(fmt::format(
          "The role of the AWS profile '{}' needs a code of mfa_serial, for which TrailSQL cannot "
          "ask. Take temporary credentials from the AWS CLI: eval \"$(aws configure "
          "export-credentials --profile {} --format env)\"",
          name, name));
    }
    const std::optional<std::string> source_profile = setting(name, "source_profile");
    const std::optional<std::string> source = setting(name, "credential_source");
    if (source_profile.has_value() == source.has_value()) {
      throw credentials_error(
          fmt::format("The AWS profile '{}' has a role_arn and {} of source_profile and "
                      "credential_source: it needs one of them",
                      name, source ? "both" : "neither"));
    }
    const FoundCredentials asker =
        source ? named_source(name, *source) : source_credentials(name, *source_profile);
    return assume_role(search_, role_request_of(name), asker.credentials);
  }

  FoundCredentials named_source(const std::string& name, const std::string& source) {
    const size_t num_misses = search_.misses.size();
    std::optional<FoundCredentials> found;
    if (source == "Environment") {
      found = environment_credentials(search_);
    } else if (source == "Ec2InstanceMetadata") {
      found = instance_credentials(search_);
    } else if (source == "EcsContainer") {
      found = container_credentials(search_);
    } else {
      throw credentials_error(
          fmt::format("credential_source of the AWS profile '{}' is '{}': Environment, "
                      "Ec2InstanceMetadata or EcsContainer was expected",
                      name, source));
    }
    if (found) return *found;
    throw credentials_error(fmt::format(
        "The AWS profile '{}' has its credentials from {}, which has none: {}", name, source,
        search_.misses.size() > num_misses ? search_.misses.back() : "nothing set"));
  }

  FoundCredentials source_credentials(const std::string& name, const std::string& source) {
    if (!search_.config.profiles.contains(source)) {
      throw credentials_error(fmt::format(
          "source_profile of the AWS profile '{}' is '{}', and there is no such profile", name,
          source));
    }
    const bool is_itself_with_keys = source == name && has_keys(name);
    if (!is_itself_with_keys && std::ranges::find(visited_, source) != visited_.end()) {
      throw credentials_error(fmt::format(
          "source_profile leads in a circle from the AWS profile '{}' to '{}'", name, source));
    }
    if (visited_.size() > kMaxRoleChain) {
      throw credentials_error(
          fmt::format("More than {} AWS profiles name one another as source_profile, the last is "
                      "'{}'",
                      kMaxRoleChain, name));
    }
    visited_.push_back(source);
    if (!has_keys(source) && assumes_role(source)) return role_of(source);
    if (std::optional<FoundCredentials> found = own_credentials_of(source)) return *found;
    throw credentials_error(fmt::format(
        "source_profile of the AWS profile '{}' is '{}', which has no credentials", name, source));
  }

  // What a profile has without assuming a role by another one.
  std::optional<FoundCredentials> own_credentials_of(const std::string& name) {
    if (const std::optional<std::string> path = setting(name, "web_identity_token_file"))
      return web_identity_of(name, *path);
    if (setting(name, "sso_account_id") || setting(name, "sso_role_name"))
      return sso_credentials(search_, name);
    if (has_keys(name)) return keys_of(name);
    if (setting(name, "login_session")) {
      throw credentials_error(
          fmt::format("The AWS profile '{}' is signed in with `aws login`, which only the AWS CLI "
                      "can keep up: let another profile ask it, with credential_process = aws "
                      "configure export-credentials --profile {}",
                      name, name));
    }
    if (const std::optional<std::string> command = setting(name, "credential_process"))
      return process_credentials(search_, name, *command);
    return std::nullopt;
  }

  FoundCredentials web_identity_of(const std::string& name, const std::string& token_path) {
    if (!setting(name, "role_arn")) {
      throw credentials_error(
          fmt::format("The AWS profile '{}' has a web_identity_token_file, but no role_arn", name));
    }
    return assume_role_with_token(search_, role_request_of(name),
                                  expanded_path(search_.config, token_path));
  }

  FoundCredentials keys_of(const std::string& name) {
    const std::optional<std::string> key = setting(name, "aws_access_key_id");
    const std::optional<std::string> secret = setting(name, "aws_secret_access_key");
    if (!key || !secret) {
      throw credentials_error(fmt::format("The AWS profile '{}' has no {}", name,
                                          key ? "aws_secret_access_key" : "aws_access_key_id"));
    }
    return {{*key, *secret, setting(name, "aws_session_token").value_or("")},
            {},
            fmt::format("AWS profile '{}'", name)};
  }

  CredentialSearch& search_;
  std::vector<std::string> visited_;
};

// Returns a path as people write it.
std::string shown_path(const AwsConfig& config, const std::string& path) {
  const std::string home = config.home + "/";
  const bool is_below = !config.home.empty() && path.starts_with(home);
  return is_below ? "~/" + path.substr(home.size()) : path;
}

}  // namespace

std::optional<FoundCredentials> profile_credentials(CredentialSearch& search) {
  const AwsConfig& config = search.config;
  const std::string& name = config.profile_name;
  if (!config.profiles.contains(name)) {
    search.misses.push_back(config.config_path.empty()
                                ? fmt::format("profile {}: HOME is not set", name)
                                : fmt::format("profile {}: not in {} or {}", name,
                                              shown_path(config, config.config_path),
                                              shown_path(config, config.credentials_path)));
    return std::nullopt;
  }
  std::optional<FoundCredentials> found = ProfileChain(search).credentials_of_first(name);
  if (!found) {
    search.misses.push_back(
        fmt::format("profile {}: has neither keys nor a role, single sign-on or a "
                    "credential_process",
                    name));
  }
  return found;
}

}  // namespace trailsql
