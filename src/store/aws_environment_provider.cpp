#include "store/aws_credential_providers.h"

namespace trailsql {

std::optional<FoundCredentials> environment_credentials(CredentialSearch& search) {
  const AwsEnvironment& variable = search.config.environment;
  const std::optional<std::string> key = variable("AWS_ACCESS_KEY_ID");
  if (!key) {
    search.misses.emplace_back("environment: AWS_ACCESS_KEY_ID is not set");
    return std::nullopt;
  }
  const std::optional<std::string> secret = variable("AWS_SECRET_ACCESS_KEY");
  if (!secret) {
    throw credentials_error(
        "AWS_ACCESS_KEY_ID is set in the environment, but AWS_SECRET_ACCESS_KEY is not: set both "
        "or neither");
  }
  return FoundCredentials{
      {*key, *secret, variable("AWS_SESSION_TOKEN").value_or("")}, {}, "the environment"};
}

std::optional<FoundCredentials> web_identity_credentials(CredentialSearch& search) {
  const AwsEnvironment& variable = search.config.environment;
  const std::optional<std::string> token_path = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!token_path) {
    search.misses.emplace_back("web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    return std::nullopt;
  }
  const std::optional<std::string> arn = variable("AWS_ROLE_ARN");
  if (!arn) {
    throw credentials_error(
        "AWS_WEB_IDENTITY_TOKEN_FILE is set in the environment, but AWS_ROLE_ARN is not");
  }
  RoleRequest role;
  role.arn = *arn;
  role.session_name = variable("AWS_ROLE_SESSION_NAME").value_or("");
  role.origin = "AWS_WEB_IDENTITY_TOKEN_FILE";
  return assume_role_with_token(search, role, *token_path);
}

}  // namespace trailsql
