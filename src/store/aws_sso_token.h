// The token of a single sign-on, which `aws sso login` leaves in ~/.aws/sso/cache.
#pragma once

#include <string>

#include "store/aws_credential_search.h"

namespace trailsql {

/// How a profile signs on.
struct SsoSettings {
  std::string profile;
  std::string session;  // the name of its [sso-session]; empty in the older form without one
  std::string region;
  std::string start_url;
};

/// Returns the access token, a secret. One that ends soon is renewed with its refresh token where
/// there is one, and left in the cache for AWS's own tools, since the old refresh token may be
/// worth nothing any more. Throws HIVE_FILESYSTEM_ERROR that names `aws sso login` when there is
/// none, or it has expired.
std::string sso_access_token(const CredentialSearch& search, const SsoSettings& settings);

/// Makes the error that asks for `aws sso login`; `problem` is a sentence without its full stop.
QueryError sso_login_needed(const SsoSettings& settings, const std::string& problem);

/// Returns the URL of one of the services of single sign-on, that ends with '/': the one that is
/// configured for `service`, else that of the region. Throws HIVE_FILESYSTEM_ERROR.
std::string sso_service_url(const CredentialSearch& search, const SsoSettings& settings,
                            const char* service, const char* host);

}  // namespace trailsql
