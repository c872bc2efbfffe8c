#include <fmt/core.h>

#include "store/aws_credential_providers.h"
#include "store/aws_json.h"
#include "store/child_process.h"
#include "store/command_words.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr int kCredentialProcessTimeoutMs = 60'000;

}  // namespace

FoundCredentials process_credentials(const CredentialSearch& search, const std::string& profile,
                                     const std::string& command_line) {
  const auto problem = [&](const std::string& what) {
    return credentials_error(
        fmt::format("The credential_process of the AWS profile '{}' {}", profile, what));
  };
  const std::optional<std::vector<std::string>> words = split_command_line(command_line);
  if (!words || words->empty()) throw problem("is no command line: a quote is not closed");
  const ChildOutput output = run_child_process(*words, kCredentialProcessTimeoutMs,
                                               kMaxCredentialOutputBytes, search.cancellation);
  // Neither its words nor what it wrote may be shown: both can hold secrets.
  if (!output.problem.empty()) throw problem(output.problem + "; run it by hand to see why");
  const AwsFields fields = read_aws_json(output.text).value_or(AwsFields{});
  const std::string version = field_of(fields, "Version");
  if (!fields.empty() && version != "1")
    throw problem("wrote JSON without \"Version\": 1, the only one that is known");
  std::optional<FoundCredentials> found =
      read_credentials_json(output.text, "SessionToken", fmt::format("AWS profile '{}'", profile));
  if (!found) {
    throw problem(
        "wrote no JSON with AccessKeyId, SecretAccessKey and, if it is there, a good Expiration");
  }
  return *found;
}

}  // namespace trailsql
