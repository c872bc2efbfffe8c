#include "store/aws_config.h"

#include "store/aws_config_file.h"
#include "store/aws_fixture_for_test.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

using AwsConfigTest = AwsFixture;

TEST_F(AwsConfigTest, NothingIsSetUp) {
  const AwsConfig config = this->config();
  EXPECT_EQ(config.profile_name, "default");
  EXPECT_FALSE(config.is_profile_named);
  EXPECT_TRUE(config.profiles.empty());
  EXPECT_EQ(config.access, AwsAccess{});
  EXPECT_EQ(config.config_path, home_.path() + "/.aws/config");
  variables_.clear();
  EXPECT_EQ(this->config().config_path, "");
}

TEST_F(AwsConfigTest, BothFilesMakeOneProfile) {
  write_config(
      "[default]\nregion = eu-west-1\naws_access_key_id = OLD\naws_session_token = HushOld\n"
      "[profile dev]\nregion=us-east-2\n[other]\nregion = xx\n");
  write_credentials("[default]\naws_access_key_id = NEW\naws_secret_access_key = Hush=a/b+c#d;e\n");
  const AwsConfig config = this->config();
  EXPECT_EQ(profile_setting(config, "default", "region"), "eu-west-1");
  EXPECT_EQ(profile_setting(config, "default", "aws_access_key_id"), "NEW");
  EXPECT_EQ(profile_setting(config, "default", "aws_secret_access_key"), "Hush=a/b+c#d;e");
  EXPECT_EQ(profile_setting(config, "default", "aws_session_token"), std::nullopt);
  EXPECT_EQ(profile_setting(config, "dev", "region"), "us-east-2");
  EXPECT_FALSE(config.profiles.contains("other"));
}

TEST_F(AwsConfigTest, FormOfFiles) {
  write_config(
      "\xEF\xBB\xBF# a comment\r\n[default] # another\r\n  ; one more\r\n"
      "Region\t=\teu-west-1 \r\noutput: json\r\n"
      "s3 =\r\n  Addressing_Style = path\r\n\r\n  # nested\r\n  max = a=b\r\nlast = 1\r\n"
      "[profile \"two words\"]\n  region = a\n  cli_pager = b\n[profile  tabs\t]\nregion = c\n"
      "[profile empty]\n[sso-session s]\nsso_region = d\n[services v]\ns3 =\n endpoint_url = "
      "http://x\n");
  const AwsConfig config = this->config();
  const AwsProfile expected = {{"region", "eu-west-1"},         {"output", "json"}, {"s3", ""},
                               {"s3.addressing_style", "path"}, {"s3.max", "a=b"},  {"last", "1"}};
  EXPECT_EQ(config.profiles.at("default"), expected);
  EXPECT_EQ(config.profiles.at("two words").at("cli_pager"), "b");
  EXPECT_EQ(config.profiles.at("tabs").at("region"), "c");
  EXPECT_TRUE(config.profiles.at("empty").empty());
  EXPECT_EQ(config.sso_sessions.at("s").at("sso_region"), "d");
  EXPECT_EQ(config.services.at("v").at("s3.endpoint_url"), "http://x");
  EXPECT_EQ(config.access.path_style, true);
}

TEST_F(AwsConfigTest, LongNamesAndValuesStayWhole) {
  const std::string name = "AdministratorAccess-123456789012-" + std::string(100, 'x');
  const std::string value(5000, 'v');
  write_config("[profile " + name + "a]\nk = " + value + "\n[profile " + name + "b]\nk = 2\n");
  const AwsConfig config = this->config();
  EXPECT_EQ(config.profiles.at(name + "a").at("k"), value);
  EXPECT_EQ(config.profiles.at(name + "b").at("k"), "2");
}

TEST_F(AwsConfigTest, DefaultWithTheWordProfileWins) {
  write_config("[profile default]\nregion = a\n[default]\nregion = b\n");
  EXPECT_EQ(config().access.region, "a");
}

TEST_F(AwsConfigTest, ProfilesAreChosen) {
  write_config("[profile one]\nregion = r1\n[profile two]\nregion = r2\n");
  variables_["AWS_DEFAULT_PROFILE"] = "one";
  EXPECT_EQ(config().access.region, "r1");
  variables_["AWS_PROFILE"] = "two";
  EXPECT_EQ(config().access.region, "r2");
  access_.profile = "one";
  EXPECT_EQ(config().access.region, "r1");
  EXPECT_TRUE(config().is_profile_named);
  access_.profile = "twoo";
  const std::string text = error_of([&] { config(); }, ErrorCode::kInvalidArguments);
  EXPECT_TRUE(holds(text, "There is no AWS profile 'twoo' in " + home_.path() + "/.aws/config"));
  EXPECT_TRUE(holds(text, "did you mean"));
  access_.profile = "default";
  EXPECT_EQ(config().profile_name, "default");
}

TEST_F(AwsConfigTest, FilesAreNamedByTheEnvironment) {
  home_.write("elsewhere/c", "[profile x]\nregion = r\nca_bundle = ~/ca.pem\n");
  home_.write("keys", "[x]\naws_access_key_id = K\n");
  variables_["AWS_CONFIG_FILE"] = "~/elsewhere/c";
  variables_["AWS_SHARED_CREDENTIALS_FILE"] = home_.path() + "/keys";
  variables_["AWS_PROFILE"] = "x";
  const AwsConfig config = this->config();
  EXPECT_EQ(config.access.region, "r");
  EXPECT_EQ(config.ca_bundle, home_.path() + "/ca.pem");
  EXPECT_EQ(profile_setting(config, "x", "aws_access_key_id"), "K");
  variables_["AWS_CA_BUNDLE"] = "/etc/ca";
  EXPECT_EQ(this->config().ca_bundle, "/etc/ca");
  variables_["AWS_PROFILE"] = "";
  variables_["AWS_CONFIG_FILE"] = "/dev/null";
  EXPECT_EQ(this->config().access.region, std::nullopt);
}

TEST_F(AwsConfigTest, Regions) {
  write_config("[default]\nregion = profile\n");
  EXPECT_EQ(config().access.region, "profile");
  variables_["AWS_DEFAULT_REGION"] = "second";
  EXPECT_EQ(config().access.region, "second");
  variables_["AWS_REGION"] = "first";
  EXPECT_EQ(config().access.region, "first");
  access_.region = "said";
  EXPECT_EQ(config().access.region, "said");
}

TEST_F(AwsConfigTest, Endpoints) {
  write_config(
      "[default]\nendpoint_url = http://profile\nservices = local\n"
      "[services local]\ns3 =\n  endpoint_url = http://section\n");
  EXPECT_EQ(config().access.endpoint, "http://section");
  EXPECT_EQ(configured_endpoint(config(), "STS"), "http://profile");
  variables_["AWS_ENDPOINT_URL"] = "http://all";
  EXPECT_EQ(config().access.endpoint, "http://all");
  variables_["AWS_ENDPOINT_URL_S3"] = "http://s3";
  EXPECT_EQ(config().access.endpoint, "http://s3");
  EXPECT_EQ(configured_endpoint(config(), "STS"), "http://all");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(config().access.endpoint, std::nullopt);
  EXPECT_EQ(configured_endpoint(config(), "STS"), std::nullopt);
  access_.endpoint = "http://said";
  EXPECT_EQ(config().access.endpoint, "http://said");
}

TEST_F(AwsConfigTest, EndpointsThatAProfileIgnores) {
  write_config(
      "[default]\nendpoint_url = http://profile\nignore_configured_endpoint_urls = true\n"
      "[profile p]\nservices = missing\n");
  EXPECT_EQ(config().access.endpoint, std::nullopt);
  access_.profile = "p";
  EXPECT_TRUE(holds(error_of([&] { config(); }), "no section [services missing]"));
}

TEST_F(AwsConfigTest, AddressingStyles) {
  const auto style = [&](const std::string& word) {
    write_config("[default]\ns3 =\n  addressing_style = " + word + "\n");
    return config().access.path_style;
  };
  EXPECT_EQ(style("path"), true);
  EXPECT_EQ(style("virtual"), false);
  EXPECT_EQ(style("auto"), std::nullopt);
  EXPECT_TRUE(holds(error_of([&] { style("dns"); }), "must be path, virtual or auto"));
  access_.path_style = true;
  EXPECT_EQ(style("virtual"), true);
}

TEST_F(AwsConfigTest, FipsAndDualStack) {
  EXPECT_FALSE(config().access.uses_fips || config().access.uses_dual_stack);
  write_config("[default]\nuse_fips_endpoint = True\nuse_dualstack_endpoint = false\n");
  EXPECT_TRUE(config().access.uses_fips);
  EXPECT_FALSE(config().access.uses_dual_stack);
  variables_["AWS_USE_FIPS_ENDPOINT"] = "false";
  variables_["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
  EXPECT_FALSE(config().access.uses_fips);
  EXPECT_TRUE(config().access.uses_dual_stack);
}

TEST_F(AwsConfigTest, ChangedFilesHaveAnotherStamp) {
  const AwsConfig before = config();
  EXPECT_EQ(aws_files_stamp(before), before.files_stamp);
  write_credentials("[default]\nregion = a\n");
  const std::string with_credentials = aws_files_stamp(before);
  EXPECT_NE(with_credentials, before.files_stamp);
  write_config("[default]\nregion = a\n");
  EXPECT_NE(aws_files_stamp(before), with_credentials);
  EXPECT_EQ(config().files_stamp, aws_files_stamp(before));
}

TEST_F(AwsConfigTest, FilesThatCannotBeUnderstood) {
  const auto problem = [&](std::string_view text) {
    write_credentials(text);
    return error_of([&] { config(); });
  };
  const std::string path = home_.path() + "/.aws/credentials";
  EXPECT_TRUE(holds(problem("aws_secret_access_key = Hush\n"),
                    path + " cannot be understood: line 1 is a setting before the first"));
  EXPECT_TRUE(holds(problem("[a]\n\nHush\n"), "line 3 is neither"));
  EXPECT_TRUE(holds(problem("[a]\n= Hush\n"), "line 2 is neither"));
  EXPECT_TRUE(holds(problem("[Hush\n"), "line 1 is a heading without its ']'"));
  EXPECT_TRUE(holds(problem("[a]\ns3 =\n  Hush\n"), "line 3 is no nested"));
  EXPECT_TRUE(holds(problem(std::string("[a]\nb = Hush\0", 13)), path + " holds zero bytes"));
  EXPECT_TRUE(holds(problem("[a]\nb = " + std::string(kMaxAwsFileBytes, 'x')),
                    "Cannot read " + path + ": larger than 1048576 bytes"));
  std::string many;
  for (size_t i = 0; i <= kMaxAwsSections; ++i) many += "[s" + std::to_string(i) + "]\n";
  EXPECT_TRUE(holds(problem(many), path + " has more than 10000 sections"));
}

TEST_F(AwsConfigTest, OddFilesThatCan) {
  write_config("[]\nregion = a\n[profile]\nregion = b\n[profile x]\nregion\n  =\n");
  EXPECT_TRUE(holds(error_of([&] { config(); }), "line 6"));
  write_config("[profile x]\nregion = a\n  = b\n[profile x]\nmore = c\n\n\n[default]");
  const AwsConfig config = this->config();
  EXPECT_EQ(config.profiles.at("x"), (AwsProfile{{"region", "a\n= b"}, {"more", "c"}}));
  EXPECT_TRUE(config.profiles.at("default").empty());
}

TEST(AwsEnvironmentTest, EmptyVariablesAreNotSet) {
  ASSERT_EQ(::setenv("TRAILSQL_TEST_VARIABLE", "", 1), 0);
  EXPECT_EQ(process_environment()("TRAILSQL_TEST_VARIABLE"), std::nullopt);
  ASSERT_EQ(::setenv("TRAILSQL_TEST_VARIABLE", "x", 1), 0);
  EXPECT_EQ(process_environment()("TRAILSQL_TEST_VARIABLE"), "x");
  ::unsetenv("TRAILSQL_TEST_VARIABLE");
  EXPECT_EQ(process_environment()("TRAILSQL_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace trailsql
