#include "store/aws_config.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cstdlib>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "store/aws_config_file.h"

namespace trailsql {
namespace {

constexpr const char* kDefaultProfile = "default";

void lay_over(AwsProfile& profile, const AwsProfile& settings) {
  for (const auto& [key, value] : settings) profile[key] = value;
}

void add_config_file(AwsConfig& config) {
  const std::optional<std::string> text = read_aws_file(config.config_path);
  if (!text) return;
  AwsProfile plain_default;  // [default], which yields to [profile default]
  for (const AwsSection& section : parse_aws_sections(*text, config.config_path)) {
    if (section.kind == "profile") {
      lay_over(config.profiles[section.name], section.settings);
    } else if (section.kind == "sso-session") {
      lay_over(config.sso_sessions[section.name], section.settings);
    } else if (section.kind == "services") {
      lay_over(config.services[section.name], section.settings);
    } else if (section.kind.empty() && section.name == kDefaultProfile) {
      lay_over(plain_default, section.settings);
      config.profiles.try_emplace(kDefaultProfile);
    }
  }
  if (!plain_default.empty() && config.profiles[kDefaultProfile].empty())
    config.profiles[kDefaultProfile] = plain_default;
}

void add_credentials_file(AwsConfig& config) {
  const std::optional<std::string> text = read_aws_file(config.credentials_path);
  if (!text) return;
  for (const AwsSection& section : parse_aws_sections(*text, config.credentials_path)) {
    const std::string name =
        section.kind.empty() ? section.name : section.kind + " " + section.name;
    AwsProfile& profile = config.profiles[name];
    // A key, its secret and its token belong together: those of two files must not be mixed.
    if (section.settings.contains("aws_access_key_id")) {
      profile.erase("aws_secret_access_key");
      profile.erase("aws_session_token");
    }
    lay_over(profile, section.settings);
  }
}

std::string file_path(const AwsConfig& config, const char* variable, const char* usual) {
  if (const std::optional<std::string> path = config.environment(variable))
    return expanded_path(config, *path);
  return config.home.empty() ? std::string() : config.home + usual;
}

void choose_profile(AwsConfig& config) {
  std::optional<std::string> name = config.access.profile;
  if (!name) name = config.environment("AWS_PROFILE");
  if (!name) name = config.environment("AWS_DEFAULT_PROFILE");
  if (!name) return;
  config.profile_name = *name;
  config.is_profile_named = true;
  if (config.profiles.contains(*name) || *name == kDefaultProfile) return;
  std::vector<std::string> names;
  for (const auto& [known, settings] : config.profiles) names.push_back(known);
  throw QueryError(
      ErrorCode::kInvalidArguments, Location{},
      fmt::format("There is no AWS profile '{}' in {} or {}", *name,
                  config.config_path.empty() ? "~/.aws/config" : config.config_path,
                  config.credentials_path.empty() ? "~/.aws/credentials" : config.credentials_path),
      did_you_mean(*name, names));
}

std::optional<bool> path_style_of(const AwsConfig& config) {
  const std::optional<std::string> style =
      profile_setting(config, config.profile_name, "s3.addressing_style");
  if (!style || *style == "auto") return std::nullopt;
  if (*style == "path" || *style == "virtual") return *style == "path";
  throw QueryError(ErrorCode::kHiveFilesystemError,
                   fmt::format("s3.addressing_style of the AWS profile '{}' must be path, virtual "
                               "or auto",
                               config.profile_name));
}

bool is_switched_on(const AwsConfig& config, const char* variable, const std::string& key) {
  const std::optional<std::string> value = variable_or_setting(config, variable, key);
  return value && equals_ignoring_case(*value, "true");
}

void fill_in(AwsConfig& config) {
  AwsAccess& access = config.access;
  if (!access.region) access.region = config.environment("AWS_REGION");
  if (!access.region) access.region = variable_or_setting(config, "AWS_DEFAULT_REGION", "region");
  if (!access.endpoint) access.endpoint = configured_endpoint(config, "S3");
  if (!access.path_style) access.path_style = path_style_of(config);
  access.uses_fips =
      access.uses_fips || is_switched_on(config, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  access.uses_dual_stack =
      access.uses_dual_stack ||
      is_switched_on(config, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  config.ca_bundle = variable_or_setting(config, "AWS_CA_BUNDLE", "ca_bundle");
  if (config.ca_bundle) config.ca_bundle = expanded_path(config, *config.ca_bundle);
}

std::optional<std::string> service_section_endpoint(const AwsConfig& config,
                                                    std::string_view service) {
  const std::optional<std::string> name = profile_setting(config, config.profile_name, "services");
  if (!name) return std::nullopt;
  const auto section = config.services.find(*name);
  if (section == config.services.end()) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("The AWS profile '{}' names the services '{}', but {} has no "
                                 "section [services {}]",
                                 config.profile_name, *name, config.config_path, *name));
  }
  const auto endpoint = section->second.find(to_lower_ascii(service) + ".endpoint_url");
  if (endpoint == section->second.end() || endpoint->second.empty()) return std::nullopt;
  return endpoint->second;
}

}  // namespace

AwsConfig load_aws_config(const AwsAccess& access, const AwsEnvironment& environment) {
  AwsConfig config;
  config.access = access;
  config.environment = environment;
  config.home = environment("HOME").value_or("");
  config.config_path = file_path(config, "AWS_CONFIG_FILE", "/.aws/config");
  config.credentials_path = file_path(config, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  config.files_stamp = aws_files_stamp(config);
  add_config_file(config);
  add_credentials_file(config);
  choose_profile(config);
  fill_in(config);
  return config;
}

std::string aws_files_stamp(const AwsConfig& config) {
  std::string stamp;
  for (const std::string& path : {config.config_path, config.credentials_path}) {
    struct stat status {};
    if (path.empty() || ::stat(path.c_str(), &status) != 0) {
      stamp += "none;";
    } else {
      stamp += fmt::format("{},{},{},{};", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                           status.st_mtim.tv_nsec);
    }
  }
  return stamp;
}

AwsEnvironment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

std::optional<std::string> profile_setting(const AwsConfig& config, const std::string& profile,
                                           const std::string& key) {
  const auto found = config.profiles.find(profile);
  if (found == config.profiles.end()) return std::nullopt;
  const auto setting = found->second.find(key);
  if (setting == found->second.end() || setting->second.empty()) return std::nullopt;
  return setting->second;
}

std::optional<std::string> variable_or_setting(const AwsConfig& config, const char* variable,
                                               const std::string& key) {
  std::optional<std::string> value = config.environment(variable);
  return value ? value : profile_setting(config, config.profile_name, key);
}

std::optional<std::string> configured_endpoint(const AwsConfig& config, std::string_view service) {
  if (is_switched_on(config, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                     "ignore_configured_endpoint_urls"))
    return std::nullopt;
  const std::string variable = fmt::format("AWS_ENDPOINT_URL_{}", service);
  std::optional<std::string> endpoint = config.environment(variable.c_str());
  if (!endpoint) endpoint = config.environment("AWS_ENDPOINT_URL");
  if (!endpoint) endpoint = service_section_endpoint(config, service);
  if (!endpoint) endpoint = profile_setting(config, config.profile_name, "endpoint_url");
  return endpoint;
}

std::string expanded_path(const AwsConfig& config, const std::string& path) {
  if (path == "~" || path.starts_with("~/")) return config.home + path.substr(1);
  return path;
}

}  // namespace trailsql
