// The settings of AWS's tools: environment variables and the profiles of ~/.aws.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "store/aws_access.h"

namespace trailsql {

/// Returns the value of an environment variable; nothing when it is not set, or empty.
using AwsEnvironment = std::function<std::optional<std::string>(const char* name)>;

/// One section of a file: keys in lower case; of nested settings "s3.addressing_style".
using AwsProfile = std::map<std::string, std::string>;

/// Settings as they hold for one way to reach buckets.
struct AwsConfig {
  AwsAccess access;  // as asked for, and what was not said filled in where it is known
  std::string profile_name = "default";
  bool is_profile_named = false;               // by the user or AWS_PROFILE: it must exist
  std::map<std::string, AwsProfile> profiles;  // of the config file, those of the credentials file
                                               // laid over
  std::map<std::string, AwsProfile> sso_sessions;
  std::map<std::string, AwsProfile> services;
  std::optional<std::string> ca_bundle;  // AWS_CA_BUNDLE, ca_bundle
  AwsEnvironment environment;
  std::string home;              // the folder that ~ means; empty when it is not known
  std::string config_path;       // of the files that were looked for; empty without a home
  std::string credentials_path;  //
  std::string files_stamp;       // of these, when they were read
};

/// Reads the environment and the files that it names (~/.aws/config and ~/.aws/credentials). Files
/// that do not exist are no error. Throws INVALID_ARGUMENTS for a named profile that there is not,
/// HIVE_FILESYSTEM_ERROR for a file that cannot be read or understood.
/// source: AWS SDKs and Tools Reference Guide, "Using shared config and credentials files".
AwsConfig load_aws_config(const AwsAccess& access, const AwsEnvironment& environment);

/// Returns a text that is another one when the files have changed, appeared or gone.
std::string aws_files_stamp(const AwsConfig& config);

/// The environment of this process.
AwsEnvironment process_environment();

/// Returns a setting of that profile; nothing when there is none, or it is empty.
std::optional<std::string> profile_setting(const AwsConfig& config, const std::string& profile,
                                           const std::string& key);

/// Returns the variable, else the setting of the profile in use.
std::optional<std::string> variable_or_setting(const AwsConfig& config, const char* variable,
                                               const std::string& key);

/// Returns the endpoint that the environment or the profile sets for a service, named as in
/// AWS_ENDPOINT_URL_<SERVICE>: "S3", "STS", "SSO", "SSO_OIDC". Of S3, access.endpoint has it
/// already. source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
std::optional<std::string> configured_endpoint(const AwsConfig& config, std::string_view service);

/// Returns the path with ~ at its beginning replaced.
std::string expanded_path(const AwsConfig& config, const std::string& path);

}  // namespace trailsql
