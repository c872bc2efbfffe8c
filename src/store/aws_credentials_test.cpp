// The order in which credentials are looked for.
#include "store/aws_credentials.h"

#include "store/aws_fixture_for_test.h"

namespace trailsql {
namespace {

using AwsCredentialsTest = AwsFixture;

constexpr const char* kContainerAnswer =
    R"({"RoleArn":"arn","AccessKeyId":"CKEY","SecretAccessKey":"HushC","Token":"HushCT",)"
    R"("Expiration":"2023-11-15T04:00:00Z"})";

TEST_F(AwsCredentialsTest, Anonymous) {
  access_.is_anonymous = true;
  EXPECT_EQ(credentials(), "//");
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(AwsCredentialsTest, NoneAnywhere) {
  EXPECT_EQ(credentials_error_text(),
            "No AWS credentials were found: environment: AWS_ACCESS_KEY_ID is not set; web "
            "identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile default: not in "
            "~/.aws/config or ~/.aws/credentials; container: neither "
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
            "_FULL_URI is set; EC2 metadata: no answer (Connection refused). Set "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --profile, or "
            "read a public bucket with --no-sign-request; a copy of it on this machine is named "
            "with `trailsql map add`");
}

TEST_F(AwsCredentialsTest, Environment) {
  variables_["AWS_ACCESS_KEY_ID"] = "KEY";
  EXPECT_TRUE(holds(credentials_error_text(), "AWS_SECRET_ACCESS_KEY is not"));
  variables_["AWS_SECRET_ACCESS_KEY"] = "Hush";
  EXPECT_EQ(credentials(), "KEY/Hush/");
  variables_["AWS_SESSION_TOKEN"] = "HushT";
  EXPECT_EQ(credentials(), "KEY/Hush/HushT");
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(AwsCredentialsTest, NamedProfilesWinOverTheEnvironment) {
  write_credentials("[p]\naws_access_key_id = PKEY\naws_secret_access_key = HushP\n");
  variables_["AWS_ACCESS_KEY_ID"] = "KEY";
  variables_["AWS_SECRET_ACCESS_KEY"] = "Hush";
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/nowhere";
  variables_["AWS_PROFILE"] = "p";
  EXPECT_EQ(credentials(), "KEY/Hush/");
  access_.profile = "p";
  EXPECT_EQ(credentials(), "PKEY/HushP/");
}

TEST_F(AwsCredentialsTest, ProfilesWithoutCredentialsLeaveItToTheMachine) {
  write_config("[default]\nregion = r\n[profile p]\nregion = r\n");
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/get";
  http_.answer = [](const HttpRequest&) { return FakeHttp::ok(kContainerAnswer); };
  EXPECT_EQ(credentials(), "CKEY/HushC/HushCT");
  access_.profile = "p";
  EXPECT_EQ(credentials(), "CKEY/HushC/HushCT");
  variables_.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  variables_["AWS_EC2_METADATA_DISABLED"] = "TRUE";
  const std::string text = credentials_error_text();
  EXPECT_TRUE(holds(text, "environment: not asked, since a profile is named; profile p: has "));
  EXPECT_TRUE(holds(text, "EC2 metadata: AWS_EC2_METADATA_DISABLED is set"));
}

TEST_F(AwsCredentialsTest, Profiles) {
  write_config("[default]\naws_access_key_id = KEY\n[profile q]\naws_secret_access_key = Hush\n");
  EXPECT_TRUE(holds(credentials_error_text(), "'default' has no aws_secret_access_key"));
  access_.profile = "q";
  EXPECT_TRUE(holds(credentials_error_text(), "'q' has no aws_access_key_id"));
  write_credentials(
      "[q]\naws_access_key_id = KEY\naws_secret_access_key = Hush\naws_session_token = HushT\n");
  EXPECT_EQ(credentials(), "KEY/Hush/HushT");
}

TEST_F(AwsCredentialsTest, KeysAreOneWord) {
  write_credentials("[default]\naws_access_key_id = KEY\naws_secret_access_key = Hush\n  Hush\n");
  EXPECT_TRUE(holds(credentials_error_text(), "characters that no key"));
}

TEST_F(AwsCredentialsTest, WithoutHome) {
  variables_.clear();
  EXPECT_TRUE(holds(credentials_error_text(), "profile default: HOME is not set"));
}

TEST_F(AwsCredentialsTest, SignInsThatOnlyTheCliKnows) {
  write_config("[default]\nlogin_session = arn\n");
  EXPECT_TRUE(holds(credentials_error_text(),
                    "credential_process = aws configure export-credentials --profile default"));
}

TEST_F(AwsCredentialsTest, Canceled) {
  cancellation_.request();
  error_of([&] { credentials(); }, ErrorCode::kUserCanceled);
}

}  // namespace
}  // namespace trailsql
