// Where credentials can come from, one function each. A provider that nobody has set up notes that
// in CredentialSearch::misses and returns nothing; one that is set up and fails throws
// HIVE_FILESYSTEM_ERROR, so that nobody is somebody else than they think.
//
// source: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
#pragma once

#include <optional>
#include <string>

#include "store/aws_credential_search.h"

namespace trailsql {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
std::optional<FoundCredentials> environment_credentials(CredentialSearch& search);

/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME: the role of a pod.
std::optional<FoundCredentials> web_identity_credentials(CredentialSearch& search);

/// Whatever the profile in use says: a role, single sign-on, keys, a process.
std::optional<FoundCredentials> profile_credentials(CredentialSearch& search);

/// The server that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI names: the role of a task.
std::optional<FoundCredentials> container_credentials(CredentialSearch& search);

/// The metadata of an EC2 instance, by IMDSv2: the role of the instance.
std::optional<FoundCredentials> instance_credentials(CredentialSearch& search);

/// A role to assume.
struct RoleRequest {
  std::string arn;
  std::string session_name;          // empty: one of ours
  std::string external_id;           // empty: none
  std::string duration_seconds;      // empty: STS decides
  std::string web_identity_token{};  // of AssumeRoleWithWebIdentity; else empty
  std::string origin;                // for errors: "AWS profile 'dev'"
};

/// Asks STS for a role, for whom `asker` are credentials.
FoundCredentials assume_role(const CredentialSearch& search, const RoleRequest& role,
                             const AwsCredentials& asker);

/// Asks STS for a role, with the token that the file at `token_path` holds.
FoundCredentials assume_role_with_token(const CredentialSearch& search, RoleRequest role,
                                        const std::string& token_path);

/// Single sign-on (IAM Identity Center), as that profile sets it up.
FoundCredentials sso_credentials(const CredentialSearch& search, const std::string& profile);

/// Runs a command line, and reads what it writes. It is split into words as a shell does, but no
/// shell runs it, as with the AWS CLI.
FoundCredentials process_credentials(const CredentialSearch& search, const std::string& profile,
                                     const std::string& command_line);

}  // namespace trailsql
