// Roles that STS gives.
#include "store/aws_fixture_for_test.h"
#include "store/aws_signature.h"

namespace trailsql {
namespace {

// source: AWS STS API Reference, "AssumeRole"; the other action's answer differs in its names only.
std::string sts_answer(const std::string& key, const std::string& action = "AssumeRole") {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>"
         "<Credentials><AccessKeyId>" +
         key + "</AccessKeyId><SecretAccessKey>Hush" + key +
         "</SecretAccessKey><SessionToken>HushT</SessionToken>"
         "<Expiration>2023-11-14T23:13:20.123Z</Expiration></Credentials></" +
         action + "Result></" + action + "Response>";
}

std::string sts_error(const std::string& code, const std::string& message) {
  return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
         "<Type>Sender</Type><Code>" +
         code + "</Code><Message>" + message +
         "</Message></Error><RequestId>1</RequestId></ErrorResponse>";
}

class AwsRoleTest : public AwsFixture {
 protected:
  AwsRoleTest() {
    write_credentials("[base]\naws_access_key_id = BASE\naws_secret_access_key = HushB\n");
    access_.profile = "role";
    http_.answer = [](const HttpRequest&) { return FakeHttp::ok(sts_answer("ROLE")); };
  }
  void write_role(const std::string& settings) const {
    write_config("[profile role]\nrole_arn = arn:aws:iam::1:role/r\n" + settings + "\n");
  }
  std::string header(const char* name, size_t request = 0) const {
    const std::string* value = find_field(http_.requests.at(request).headers, name);
    return value == nullptr ? "" : *value;
  }
};

TEST_F(AwsRoleTest, WithTheKeysOfAnotherProfile) {
  write_role(
      "source_profile = base\nregion = eu-west-1\nexternal_id = HushE/1\n"
      "role_session_name = me\nduration_seconds = 1800");
  EXPECT_EQ(credentials(), "ROLE/HushROLE/HushT");
  ASSERT_EQ(http_.requests.size(), 1U);
  EXPECT_EQ(http_.requests[0].method, "POST");
  EXPECT_EQ(http_.requests[0].url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(http_.bodies[0],
            "Action=AssumeRole&DurationSeconds=1800&ExternalId=HushE%2F1&"
            "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=me&Version=2011-06-15");
  EXPECT_TRUE(holds(header("authorization"),
                    "Credential=BASE/20231114/eu-west-1/sts/aws4_request,SignedHeaders="
                    "content-type;host;x-amz-content-sha256;x-amz-date,Signature="));
  EXPECT_EQ(header("x-amz-content-sha256"), sha256_hex(http_.bodies[0]));
}

TEST_F(AwsRoleTest, AsksAgainBeforeTheEnd) {
  write_role("source_profile = base");
  const auto source = this->source();
  source->get(cancellation_);
  now_s_ += 3599 - 301;
  source->get(cancellation_);
  EXPECT_EQ(http_.requests.size(), 1U);
  EXPECT_TRUE(holds(http_.bodies[0], "RoleSessionName=trailsql-1700000000"));
  now_s_ += 1000;  // the answer of this server has expired by now
  EXPECT_TRUE(holds(error_of([&] { source->get(cancellation_); }), "expired already"));
  EXPECT_EQ(http_.requests.size(), 2U);
}

TEST_F(AwsRoleTest, PlacesOfSts) {
  const auto place = [&](const std::string& settings) {
    write_role("source_profile = base\n" + settings);
    http_.requests.clear();
    credentials();
    return http_.requests.at(0).url;
  };
  EXPECT_EQ(place(""), "https://sts.amazonaws.com/");
  EXPECT_TRUE(holds(header("authorization"), "/us-east-1/sts/"));
  EXPECT_EQ(place("region = cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(place("region = us-gov-west-1"), "https://sts.us-gov-west-1.amazonaws.com/");
  EXPECT_EQ(place("role_arn = arn:aws-cn:iam::1:role/r"),
            "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(place("region = us-west-2\nsts_regional_endpoints = legacy"),
            "https://sts.amazonaws.com/");
  variables_["AWS_STS_REGIONAL_ENDPOINTS"] = "regional";
  EXPECT_EQ(place("region = us-west-2\nsts_regional_endpoints = legacy"),
            "https://sts.us-west-2.amazonaws.com/");
  variables_["AWS_STS_REGIONAL_ENDPOINTS"] = "legacy";
  EXPECT_EQ(place("region = eu-south-1"), "https://sts.eu-south-1.amazonaws.com/");
  variables_["AWS_USE_FIPS_ENDPOINT"] = "true";
  EXPECT_EQ(place("region = us-west-2"), "https://sts-fips.us-west-2.amazonaws.com/");
  EXPECT_EQ(place("region = us-gov-west-1"), "https://sts.us-gov-west-1.amazonaws.com/");
  EXPECT_EQ(place(""), "https://sts-fips.us-east-1.amazonaws.com/");
  variables_["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
  EXPECT_EQ(place("region = us-gov-west-1"), "https://sts-fips.us-gov-west-1.api.aws/");
  variables_.erase("AWS_USE_FIPS_ENDPOINT");
  EXPECT_EQ(place("region = eu-west-1"), "https://sts.eu-west-1.api.aws/");
  variables_["AWS_ENDPOINT_URL_STS"] = "http://localhost:9000";
  EXPECT_EQ(place("region = us-west-2"), "http://localhost:9000/");
  variables_["AWS_ENDPOINT_URL_STS"] = "ftp://x";
  EXPECT_TRUE(holds(error_of([&] { place(""); }), "endpoint that is set for STS is no URL"));
  variables_.erase("AWS_ENDPOINT_URL_STS");
  EXPECT_TRUE(holds(error_of([&] { place("region = evil.example/"); }),
                    "'evil.example/' is no name of an AWS region"));
}

TEST_F(AwsRoleTest, RefusalsAreTold) {
  write_role("source_profile = base");
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(403, sts_error("AccessDenied",
                                           "User: arn:aws:iam::1:user/u is not "
                                           "authorized to perform: sts:AssumeRole"));
  };
  EXPECT_EQ(credentials_error_text(),
            "AWS STS does not give the role arn:aws:iam::1:role/r of AWS profile 'role': "
            "AccessDenied: User: arn:aws:iam::1:user/u is not authorized to perform: "
            "sts:AssumeRole");
  EXPECT_EQ(http_.requests.size(), 1U);
}

TEST_F(AwsRoleTest, ServersThatRepeatSecrets) {
  write_role("source_profile = base\nexternal_id = HushE");
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(403, sts_error("SignatureDoesNotMatch",
                                           "HushB and HushE: should have been\n"
                                           "x-amz-security-token:Hush"));
  };
  EXPECT_TRUE(holds(credentials_error_text(), "SignatureDoesNotMatch: … and …: should have been"));
  http_.answer = [](const HttpRequest&) { return FakeHttp::status(400, "<html>Hush"); };
  EXPECT_TRUE(holds(credentials_error_text(), "'role': status 400"));
  http_.answer = [](const HttpRequest&) { return FakeHttp::ok("<a><b>Hush</b></a>"); };
  EXPECT_TRUE(holds(credentials_error_text(), "holds no credentials"));
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(400, sts_error("C", std::string(5000, 'x')));
  };
  EXPECT_LT(credentials_error_text().size(), 500U);
}

TEST_F(AwsRoleTest, FaultsOfServersAreTriedAgain) {
  write_role("source_profile = base");
  http_.answer = [&](const HttpRequest&) {
    if (http_.requests.size() == 1) return FakeHttp::status(503);
    if (http_.requests.size() == 2) return FakeHttp::failure(HttpFailure::kBroken, "reset");
    return FakeHttp::ok(sts_answer("ROLE"));
  };
  EXPECT_EQ(credentials(), "ROLE/HushROLE/HushT");
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::failure(HttpFailure::kNotTrusted, "bad certificate");
  };
  EXPECT_TRUE(holds(credentials_error_text(), "no answer (bad certificate)"));
  EXPECT_EQ(http_.requests.size(), 4U);
}

TEST_F(AwsRoleTest, ChainsOfRoles) {
  write_config(
      "[profile role]\nrole_arn = R1\nsource_profile = middle\n"
      "[profile middle]\nrole_arn = R2\nsource_profile = base\n");
  http_.answer = [&](const HttpRequest&) {
    return FakeHttp::ok(sts_answer("ROLE" + std::to_string(http_.requests.size())));
  };
  EXPECT_EQ(credentials(), "ROLE2/HushROLE2/HushT");
  EXPECT_TRUE(holds(http_.bodies[0], "RoleArn=R2"));
  EXPECT_TRUE(holds(http_.bodies[1], "RoleArn=R1"));
  EXPECT_TRUE(holds(header("authorization", 1), "Credential=ROLE1/"));
  EXPECT_EQ(header("x-amz-security-token", 1), "HushT");
}

TEST_F(AwsRoleTest, KeysOfItsOwn) {
  write_role("source_profile = role\naws_access_key_id = OWN\naws_secret_access_key = Hush");
  EXPECT_EQ(credentials(), "ROLE/HushROLE/HushT");
  EXPECT_TRUE(holds(header("authorization"), "Credential=OWN/"));
}

TEST_F(AwsRoleTest, SettingsThatLeadNowhere) {
  const auto problem = [&](const std::string& settings) {
    write_role(settings);
    return credentials_error_text();
  };
  EXPECT_TRUE(holds(problem(""), "has a role_arn and neither of source_profile"));
  EXPECT_TRUE(holds(problem("source_profile = base\ncredential_source = Environment"), "both of"));
  EXPECT_TRUE(holds(problem("source_profile = x"), "is 'x', and there is no such profile"));
  EXPECT_TRUE(holds(problem("source_profile = e\n[profile e]"), "'e', which has no credentials"));
  EXPECT_TRUE(holds(problem("source_profile = role"), "in a circle"));
  EXPECT_TRUE(holds(problem("source_profile = b\n[profile b]\nrole_arn = x\nsource_profile = c\n"
                            "[profile c]\nrole_arn = x\nsource_profile = b\n"),
                    "leads in a circle from the AWS profile 'c' to 'b'"));
  EXPECT_TRUE(holds(problem("source_profile = base\nduration_seconds = 1h"), "no whole number"));
  EXPECT_TRUE(holds(problem("source_profile = base\nmfa_serial = arn"), "export-credentials"));
  EXPECT_TRUE(holds(problem("credential_source = Moon"), "is 'Moon': Environment, "));
  std::string chain = "source_profile = p0\n";
  for (int i = 0; i < 20; ++i) {
    chain += "[profile p" + std::to_string(i) + "]\nrole_arn = x\nsource_profile = p" +
             std::to_string(i + 1) + "\n";
  }
  EXPECT_TRUE(holds(problem(chain + "[profile p20]\n"), "More than 10 AWS profiles"));
  EXPECT_TRUE(http_.requests.empty());
}

TEST_F(AwsRoleTest, NamedSources) {
  write_role("credential_source = Environment");
  EXPECT_TRUE(holds(credentials_error_text(),
                    "from Environment, which has none: environment: AWS_ACCESS_KEY_ID is not set"));
  variables_["AWS_ACCESS_KEY_ID"] = "ENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "Hush";
  EXPECT_EQ(credentials(), "ROLE/HushROLE/HushT");
  EXPECT_TRUE(holds(header("authorization"), "Credential=ENV/"));

  http_.requests.clear();
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://localhost/x";
  http_.answer = [](const HttpRequest& request) {
    return FakeHttp::ok(request.url == "http://localhost/x"
                            ? R"({"AccessKeyId":"ECS","SecretAccessKey":"Hush","Token":"Hush"})"
                            : sts_answer("ROLE"));
  };
  write_role("credential_source = EcsContainer");
  EXPECT_EQ(credentials(), "ROLE/HushROLE/HushT");
  EXPECT_TRUE(holds(header("authorization", 1), "Credential=ECS/"));

  http_.answer = [](const HttpRequest&) { return FakeHttp::status(404); };
  write_role("credential_source = Ec2InstanceMetadata");
  EXPECT_TRUE(holds(credentials_error_text(), "has none: EC2 metadata: status 404"));
}

TEST_F(AwsRoleTest, WebIdentityOfTheEnvironment) {
  access_.profile.reset();
  home_.write("token", "HushJwt.a-b_c\n");
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = home_.path() + "/token";
  EXPECT_TRUE(holds(credentials_error_text(), "AWS_ROLE_ARN is not"));
  variables_["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/pod";
  variables_["AWS_ROLE_SESSION_NAME"] = "pod";
  variables_["AWS_REGION"] = "eu-west-1";
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::ok(sts_answer("POD", "AssumeRoleWithWebIdentity"));
  };
  EXPECT_EQ(credentials(), "POD/HushPOD/HushT");
  EXPECT_EQ(http_.requests[0].url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(http_.bodies[0],
            "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fpod&"
            "RoleSessionName=pod&Version=2011-06-15&WebIdentityToken=HushJwt.a-b_c");
  EXPECT_EQ(header("authorization"), "");
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(400, sts_error("InvalidIdentityToken", "HushJwt.a-b_c is none"));
  };
  EXPECT_TRUE(holds(credentials_error_text(), "InvalidIdentityToken: … is none"));
}

TEST_F(AwsRoleTest, WebIdentityOfAProfile) {
  home_.write("token", "HushJwt");
  write_role("web_identity_token_file = ~/token");
  EXPECT_EQ(credentials(), "ROLE/HushROLE/HushT");
  EXPECT_TRUE(holds(http_.bodies[0], "WebIdentityToken=HushJwt"));
  write_role("web_identity_token_file = ~/none");
  EXPECT_TRUE(holds(credentials_error_text(),
                    "AWS profile 'role' is to be in " + home_.path() + "/none: there is no such"));
  home_.write("token", " \n");
  write_role("web_identity_token_file = ~/token");
  EXPECT_TRUE(holds(credentials_error_text(), "the file is empty"));
  write_config("[profile role]\nweb_identity_token_file = ~/token");
  EXPECT_TRUE(holds(credentials_error_text(), "but no role_arn"));
}

}  // namespace
}  // namespace trailsql
