// Single sign-on.
#include <fstream>
#include <sstream>

#include "store/aws_fixture_for_test.h"

namespace trailsql {
namespace {

constexpr const char* kRoleCredentials =
    R"({"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"HushS","sessionToken":"HushT",)"
    R"("expiration":1700003600000}})";

// The names of these files are those that the AWS CLI gives them: the SHA-1 of "work" and of
// "https://x.awsapps.com/start".
constexpr const char* kSessionCache =
    ".aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json";
constexpr const char* kStartUrlCache =
    ".aws/sso/cache/3947de8b16688092197fa616c34e01335f21d256.json";

class AwsSsoTest : public AwsFixture {
 protected:
  AwsSsoTest() {
    write_config(
        "[default]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = Read\n"
        "[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"
        "sso_registration_scopes = sso:account:access\n");
    http_.answer = [](const HttpRequest&) { return FakeHttp::ok(kRoleCredentials); };
  }
  void write_token(const std::string& expires_at, const std::string& more = {}) const {
    home_.write(kSessionCache, R"({"startUrl":"https://x.awsapps.com/start","region":"eu-west-1",)"
                               R"("accessToken":"HushAccess","expiresAt":")" +
                                   expires_at + "\"" + more + "}");
  }
  void write_renewable_token(const std::string& expires_at) const {
    write_token(expires_at,
                R"(,"clientId":"client","clientSecret":"HushClient","refreshToken":"HushRefresh",)"
                R"("registrationExpiresAt":"2024-01-01T00:00:00Z")");
  }
};

TEST_F(AwsSsoTest, Session) {
  write_token("2023-11-15T06:00:00Z");
  EXPECT_EQ(credentials(), "SSO/HushS/HushT");
  ASSERT_EQ(http_.requests.size(), 1U);
  EXPECT_EQ(http_.requests[0].url,
            "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?"
            "account_id=123456789012&role_name=Read");
  EXPECT_EQ(*find_field(http_.requests[0].headers, "x-amz-sso_bearer_token"), "HushAccess");
}

TEST_F(AwsSsoTest, LastsAsLongAsItSays) {
  write_token("2023-11-15T06:00:00Z");
  const auto source = this->source();
  source->get(cancellation_);
  now_s_ += 3600 - 301;
  source->get(cancellation_);
  EXPECT_EQ(http_.requests.size(), 1U);
  now_s_ += 1;
  source->get(cancellation_);
  EXPECT_EQ(http_.requests.size(), 2U);
}

TEST_F(AwsSsoTest, OlderForm) {
  write_config(
      "[default]\nsso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\n"
      "sso_account_id = 1\nsso_role_name = A B\n");
  home_.write(kStartUrlCache, R"({"accessToken":"HushA","expiresAt":"2023-11-15T06:00:00UTC"})");
  EXPECT_EQ(credentials(), "SSO/HushS/HushT");
  EXPECT_TRUE(holds(http_.requests[0].url, "?account_id=1&role_name=A%20B"));
}

TEST_F(AwsSsoTest, NotSignedIn) {
  const std::string path = home_.path() + "/" + kSessionCache;
  EXPECT_EQ(credentials_error_text(), "The AWS profile 'default' is not signed in: there is no " +
                                          path + ". Sign in with: aws sso login --profile default");
  for (const char* text : {"Hush", "{\"accessToken\":\"Hush\"}", "[\"Hush\"]",
                           "{\"accessToken\":\"Hush\",\"expiresAt\":\"soon\"}"}) {
    home_.write(kSessionCache, text);
    EXPECT_TRUE(holds(credentials_error_text(), path + " holds no token of a sign-on. Sign in"));
  }
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(AwsSsoTest, Expired) {
  write_token("2023-11-14T22:13:20Z");
  EXPECT_EQ(credentials_error_text(),
            "The sign-on of the AWS profile 'default' has expired. Sign in with: aws sso login "
            "--profile default");
  write_token("2023-11-15T06:00:00Z");
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(401, R"({"message":"Session token HushAccess not found or invalid"})");
  };
  EXPECT_TRUE(holds(credentials_error_text(),
                    "not valid any more (Session token … not found or invalid). Sign in with"));
}

TEST_F(AwsSsoTest, Renewed) {
  write_renewable_token("2023-11-14T22:00:00Z");
  http_.answer = [](const HttpRequest& request) {
    if (request.url != "https://oidc.eu-west-1.amazonaws.com/token")
      return FakeHttp::ok(kRoleCredentials);
    EXPECT_EQ(request.body,
              R"({"clientId":"client","clientSecret":"HushClient","grantType":"refresh_token",)"
              R"("refreshToken":"HushRefresh"})");
    return FakeHttp::ok(
        R"({"accessToken":"HushNew","expiresIn":3600,"refreshToken":"HushNext","tokenType":"B"})");
  };
  EXPECT_EQ(credentials(), "SSO/HushS/HushT");
  ASSERT_EQ(http_.requests.size(), 2U);
  EXPECT_EQ(*find_field(http_.requests[1].headers, "x-amz-sso_bearer_token"), "HushNew");
  std::ostringstream cached;
  cached << std::ifstream(home_.path() + "/" + kSessionCache).rdbuf();
  EXPECT_EQ(cached.str(),
            "{\"accessToken\": \"HushNew\", \"clientId\": \"client\", \"clientSecret\": "
            "\"HushClient\", \"expiresAt\": \"2023-11-14T23:13:20Z\", \"refreshToken\": "
            "\"HushNext\", \"region\": \"eu-west-1\", \"registrationExpiresAt\": "
            "\"2024-01-01T00:00:00Z\", \"startUrl\": \"https://x.awsapps.com/start\"}\n");
  http_.requests.clear();
  EXPECT_EQ(credentials(), "SSO/HushS/HushT");
  EXPECT_EQ(http_.requests.size(), 1U);
}

TEST_F(AwsSsoTest, NotRenewed) {
  http_.answer = [](const HttpRequest& request) {
    return request.method == "POST" ? FakeHttp::status(400, R"({"error":"invalid_grant"})")
                                    : FakeHttp::ok(kRoleCredentials);
  };
  write_renewable_token("2023-11-14T22:20:00Z");
  EXPECT_EQ(credentials(), "SSO/HushS/HushT");
  write_renewable_token("2023-11-14T22:00:00Z");
  EXPECT_TRUE(holds(credentials_error_text(), "has expired. Sign in with: aws sso login"));
  now_s_ += 365 * 24 * 3600;  // the registration has ended: nobody is asked
  http_.requests.clear();
  EXPECT_TRUE(holds(credentials_error_text(), "has expired. Sign in with: aws sso login"));
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(AwsSsoTest, Refused) {
  write_token("2023-11-15T06:00:00Z");
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(403, R"({"message":"No access"})");
  };
  EXPECT_EQ(credentials_error_text(),
            "Single sign-on does not give the role Read in the account 123456789012 of the AWS "
            "profile 'default': No access");
  http_.answer = [](const HttpRequest&) { return FakeHttp::ok("{\"roleCredentials\":{}}"); };
  EXPECT_TRUE(holds(credentials_error_text(), "holds no credentials"));
}

TEST_F(AwsSsoTest, Endpoints) {
  write_renewable_token("2023-11-14T22:20:00Z");
  variables_["AWS_ENDPOINT_URL_SSO"] = "http://localhost:1/a";
  variables_["AWS_ENDPOINT_URL_SSO_OIDC"] = "http://localhost:2";
  credentials();
  EXPECT_EQ(http_.requests[0].url, "http://localhost:2/token");
  EXPECT_TRUE(holds(http_.requests[1].url, "http://localhost:1/a/federation/credentials?"));
}

TEST_F(AwsSsoTest, SettingsThatAreMissing) {
  const auto problem = [&](const std::string& text) {
    write_config("[default]\n" + text);
    return credentials_error_text();
  };
  EXPECT_TRUE(holds(problem("sso_account_id = 1\n"), "but has no sso_region"));
  EXPECT_TRUE(holds(problem("sso_account_id = 1\nsso_region = r\nsso_start_url = u\n"),
                    "but has no sso_role_name"));
  EXPECT_TRUE(
      holds(problem("sso_session = s\nsso_account_id = 1\n"), "has no section [sso-session s]"));
  EXPECT_TRUE(holds(problem("sso_session = s\nsso_account_id = 1\n[sso-session s]\n"
                            "sso_region = r\n"),
                    "has no sso_start_url"));
  EXPECT_TRUE(holds(problem("sso_session = s\nsso_account_id = 1\nsso_region = q\n"
                            "[sso-session s]\nsso_region = r\nsso_start_url = u\n"),
                    "differ in sso_region"));
}

TEST_F(AwsSsoTest, SourceOfARole) {
  write_token("2023-11-15T06:00:00Z");
  write_config(
      "[profile sso]\nsso_session = work\nsso_account_id = 1\nsso_role_name = Read\n"
      "[sso-session work]\nsso_region = eu-west-1\nsso_start_url = u\n"
      "[default]\nrole_arn = arn\nsource_profile = sso\n");
  http_.answer = [](const HttpRequest& request) {
    return request.method == "GET" ? FakeHttp::ok(kRoleCredentials) : FakeHttp::status(400);
  };
  EXPECT_TRUE(holds(credentials_error_text(), "STS does not give the role arn"));
  EXPECT_TRUE(holds(*find_field(http_.requests[1].headers, "authorization"), "Credential=SSO/"));
}

}  // namespace
}  // namespace trailsql
