// Credentials that the machine has: of containers, EC2 instances and other programs.
#include <sys/stat.h>

#include "store/aws_fixture_for_test.h"

namespace trailsql {
namespace {

std::string machine_answer(const std::string& more = {}) {
  return R"({"AccessKeyId":"KEY","SecretAccessKey":"Hush","Token":"HushT",)"
         R"("Expiration":"2023-11-15T04:00:00Z")" +
         more + "}";
}

class AwsContainerTest : public AwsFixture {
 protected:
  AwsContainerTest() {
    http_.answer = [](const HttpRequest&) { return FakeHttp::ok(machine_answer()); };
  }
  std::string url_of(const std::string& full) {
    variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = full;
    http_.requests.clear();
    EXPECT_EQ(credentials(), "KEY/Hush/HushT");
    EXPECT_FALSE(http_.requests.at(0).may_use_proxy);
    return http_.requests.at(0).url;
  }
};

TEST_F(AwsContainerTest, RelativePaths) {
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://not-asked/";
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/id";
  EXPECT_EQ(credentials(), "KEY/Hush/HushT");
  EXPECT_EQ(http_.requests[0].url, "http://169.254.170.2/v2/credentials/id");
  EXPECT_EQ(find_field(http_.requests[0].headers, "authorization"), nullptr);
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "@evil.example/";
  EXPECT_TRUE(holds(credentials_error_text(), "does not begin with '/'"));
}

TEST_F(AwsContainerTest, WholeUrls) {
  for (const char* url :
       {"https://any.example/x?y=z", "http://localhost:8080/", "http://127.9.9.9/",
        "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1", "http://[::1]:1/"}) {
    EXPECT_EQ(url_of(url), url);
  }
  for (const char* url :
       {"http://any.example/", "http://127.0.0.1.evil.example/", "http://169.254.169.254/",
        "http://127.0.0.1@evil.example/", "ftp://localhost/", "x", "http://[fd00:ec2::24]/"}) {
    EXPECT_TRUE(holds(error_of([&] { url_of(url); }), "AWS_CONTAINER_CREDENTIALS_FULL_URI")) << url;
  }
}

TEST_F(AwsContainerTest, Authorization) {
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "HushOne";
  url_of("http://localhost/");
  EXPECT_EQ(*find_field(http_.requests[0].headers, "authorization"), "HushOne");
  home_.write("token", "HushTwo\n");
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = home_.path() + "/token";
  url_of("http://localhost/");
  EXPECT_EQ(*find_field(http_.requests[0].headers, "authorization"), "HushTwo");
  home_.write("token", "Hush\r\nx: Hush");
  EXPECT_TRUE(holds(credentials_error_text(), "has lines"));
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = home_.path() + "/none";
  EXPECT_TRUE(holds(credentials_error_text(), home_.path() + "/none, which is no file"));
}

TEST_F(AwsContainerTest, Refusals) {
  variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "HushOne";
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::status(400, R"({"code":"Bad","message":"HushOne is bad"})");
  };
  EXPECT_EQ(credentials_error_text(),
            "The container's server of credentials answers: status 400, … is bad");
  for (const char* text : {"", "Hush", "{}", R"({"AccessKeyId":"K"})",
                           R"({"AccessKeyId":"K","SecretAccessKey":"Hush","Expiration":"x"})"}) {
    http_.answer = [text](const HttpRequest&) { return FakeHttp::ok(text); };
    EXPECT_TRUE(holds(credentials_error_text(), "holds no credentials"));
  }
}

class AwsInstanceTest : public AwsFixture {
 protected:
  AwsInstanceTest() {
    http_.answer = [this](const HttpRequest& request) { return answer_of(request); };
  }
  HttpResponse answer_of(const HttpRequest& request) const {
    EXPECT_FALSE(request.may_use_proxy);
    const std::string path = request.url.substr(request.url.find("/latest/"));
    if (request.method == "PUT") {
      EXPECT_EQ(path, "/latest/api/token");
      EXPECT_EQ(*find_field(request.headers, "x-aws-ec2-metadata-token-ttl-seconds"), "21600");
      return FakeHttp::ok("HushSession");
    }
    EXPECT_EQ(*find_field(request.headers, "x-aws-ec2-metadata-token"), "HushSession");
    const std::string roles = "/latest/meta-data/iam/security-credentials/";
    if (path == roles) return role_.empty() ? FakeHttp::status(404) : FakeHttp::ok(role_);
    EXPECT_EQ(path, roles + "web+role@1");
    return FakeHttp::ok(answer_);
  }

  std::string role_ = "web+role@1";
  std::string answer_ = machine_answer(R"(,"Code":"Success","Type":"AWS-HMAC")");
};

TEST_F(AwsInstanceTest, Role) {
  EXPECT_EQ(credentials(), "KEY/Hush/HushT");
  ASSERT_EQ(http_.requests.size(), 3U);
  EXPECT_EQ(http_.requests[0].url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(http_.requests[0].connect_timeout_ms, 1000U);
  EXPECT_EQ(http_.requests[0].total_timeout_ms, 1000U);
}

TEST_F(AwsInstanceTest, Settings) {
  variables_["AWS_METADATA_SERVICE_TIMEOUT"] = "5";
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  credentials();
  EXPECT_EQ(http_.requests[0].url, "http://[fd00:ec2::254]/latest/api/token");
  EXPECT_EQ(http_.requests[0].total_timeout_ms, 5000U);
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://localhost:99";
  http_.requests.clear();
  credentials();
  EXPECT_EQ(http_.requests[0].url, "http://localhost:99/latest/api/token");
  variables_["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "localhost";
  EXPECT_TRUE(holds(credentials_error_text(), "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL"));
  EXPECT_EQ(http_.requests.size(), 3U);
}

TEST_F(AwsInstanceTest, ExpiredOnesServeForAWhile) {
  now_s_ += 24 * 3600;
  const auto source = this->source();
  EXPECT_EQ(shown(source->get(cancellation_)), "KEY/Hush/HushT");
  source->get(cancellation_);
  EXPECT_EQ(http_.requests.size(), 3U);
  now_s_ += 301;
  source->get(cancellation_);
  EXPECT_EQ(http_.requests.size(), 6U);
}

TEST_F(AwsInstanceTest, Misses) {
  role_ = "";
  EXPECT_TRUE(holds(credentials_error_text(), "EC2 metadata: the instance has no role. "));
  role_ = "../../x";
  EXPECT_TRUE(holds(credentials_error_text(), "the name of the instance's role is none. "));
  role_ = "web+role@1\nother";
  answer_ = R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"})";
  EXPECT_TRUE(holds(credentials_error_text(),
                    "the role web+role@1 gives no credentials: AssumeRoleUnauthorizedAccess. "));
  answer_ = "Hush";
  EXPECT_TRUE(holds(credentials_error_text(), "EC2 metadata: its answer holds no credentials. "));
}

TEST_F(AwsInstanceTest, TwoAttempts) {
  http_.answer = [](const HttpRequest&) {
    return FakeHttp::failure(HttpFailure::kTimedOut, "Timeout was reached");
  };
  EXPECT_TRUE(holds(credentials_error_text(), "EC2 metadata: no answer (Timeout was reached). "));
  EXPECT_EQ(http_.requests.size(), 2U);
  http_.answer = [](const HttpRequest&) { return FakeHttp::ok("a\r\nb"); };
  EXPECT_TRUE(holds(credentials_error_text(), "EC2 metadata: its token is none. "));
}

class AwsProcessTest : public AwsFixture {
 protected:
  AwsProcessTest() { access_.profile = "p"; }
  void write_process(const std::string& command) const {
    write_config("[profile p]\ncredential_process = " + command + "\n");
  }
  /// Makes a script, and a command line that runs it with these words behind it.
  void write_script(const std::string& text, const std::string& words = {}) const {
    home_.write("a script", "#!/bin/sh\n" + text + "\n");
    ASSERT_EQ(::chmod((home_.path() + "/a script").c_str(), 0700), 0);
    write_process("\"" + home_.path() + "/a script\" " + words);
  }
};

TEST_F(AwsProcessTest, Keys) {
  write_script(R"(echo "{\"Version\": 1, \"AccessKeyId\": \"$1\", \"SecretAccessKey\": \"$2\"}")",
               R"('K;E' Hush\"")");
  EXPECT_TRUE(holds(credentials_error_text(), "a quote is not closed"));
  write_script(R"(echo "{\"Version\": 1, \"AccessKeyId\": \"$1\", \"SecretAccessKey\": \"$2\"}")",
               R"('K;E' Hush"$HOME")");
  EXPECT_EQ(credentials(), "K;E/Hush$HOME/");
}

TEST_F(AwsProcessTest, TemporaryKeys) {
  write_script(R"(cat; cat <<END
{"Version": 1, "AccessKeyId": "K", "SecretAccessKey": "Hush", "SessionToken": "HushT",
 "Expiration": "2023-11-14T23:13:20+00:00"}
END
echo x >> "$0.log")");
  const auto source = this->source();
  EXPECT_EQ(shown(source->get(cancellation_)), "K/Hush/HushT");
  now_s_ += 3600 - 301;
  EXPECT_EQ(shown(source->get(cancellation_)), "K/Hush/HushT");
  EXPECT_EQ(std::filesystem::file_size(home_.path() + "/a script.log"), 2U);
  now_s_ += 1;
  EXPECT_EQ(shown(source->get(cancellation_)), "K/Hush/HushT");
  EXPECT_EQ(std::filesystem::file_size(home_.path() + "/a script.log"), 4U);
}

TEST_F(AwsProcessTest, Failures) {
  const auto problem = [&](const std::string& script) {
    write_script(script, "HushArgument");
    return credentials_error_text();
  };
  EXPECT_EQ(problem("echo Hush; echo Hush >&2; exit 3"),
            "The credential_process of the AWS profile 'p' ended with status 3; run it by hand to "
            "see why");
  EXPECT_TRUE(holds(problem("kill -9 $$"), "was ended by the signal 9"));
  EXPECT_TRUE(holds(problem("echo Hush"), "wrote no JSON with AccessKeyId"));
  EXPECT_TRUE(holds(problem(R"(echo '{"Version": 2, "AccessKeyId": "Hush"}')"), "\"Version\": 1"));
  EXPECT_TRUE(holds(problem(R"(echo '{"Version": 1, "AccessKeyId": "Hush"}')"), "wrote no JSON"));
  EXPECT_TRUE(holds(problem("while :; do echo HushHushHushHush; done"), "writes too much"));
  write_process(home_.path() + "/none");
  EXPECT_TRUE(holds(credentials_error_text(), "cannot be started: No such file or directory"));
}

TEST_F(AwsProcessTest, ChildrenThatStay) {
  write_script(
      R"(sleep 60 & echo '{"Version": 1, "AccessKeyId": "K", "SecretAccessKey": "Hush"}'; )"
      R"(echo $! > "$0.id")");
  EXPECT_EQ(credentials(), "K/Hush/");
  EXPECT_EQ(std::system(("kill $(cat '" + home_.path() + "/a script.id')").c_str()), 0);
}

TEST_F(AwsProcessTest, KeysOfThatProfileComeFirst) {
  write_process("/bin/false");
  write_credentials("[p]\naws_access_key_id = K\naws_secret_access_key = Hush\n");
  EXPECT_EQ(credentials(), "K/Hush/");
}

}  // namespace
}  // namespace trailsql
