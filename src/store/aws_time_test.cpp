#include "store/aws_time.h"

#include <gtest/gtest.h>

#include "store/aws_json.h"
#include "store/aws_url.h"

namespace trailsql {
namespace {

TEST(AwsTime, Forms) {
  EXPECT_EQ(parse_aws_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_aws_time("2023-11-14T22:13:20Z"), 1'700'000'000);
  EXPECT_EQ(parse_aws_time("2023-11-14T22:13:20.987654321Z"), 1'700'000'000);
  EXPECT_EQ(parse_aws_time("2023-11-14T22:13:20UTC"), 1'700'000'000);
  EXPECT_EQ(parse_aws_time("2023-11-14T23:43:20+01:30"), 1'700'000'000);
  EXPECT_EQ(parse_aws_time("2023-11-14T20:13:20-02:00"), 1'700'000'000);
  for (const char* text :
       {"", "2023-11-14", "2023-11-14T22:13:20", "2023-02-30T00:00:00Z", "2023-11-14T24:13:20Z",
        "2023-11-14 22:13:20Z", "2023-11-14T22:13:20Z ", "2023-11-14T22:13:20+0100", "soon"}) {
    EXPECT_EQ(parse_aws_time(text), std::nullopt) << text;
  }
}

TEST(AwsJson, Fields) {
  EXPECT_EQ(read_aws_json(R"({"a":"x\n","b":1,"c":true,"d":null,"e":[1],"f":{"g":2}})"),
            (AwsFields{{"a", "x\n"}, {"b", "1"}, {"c", "true"}}));
  EXPECT_EQ(read_aws_json(R"({"f":{"g":1700003600000}})", "f"),
            (AwsFields{{"g", "1700003600000"}}));
  for (const char* text : {"", "[]", "1", "{", "{\"a\":1} x", "{\"f\":1}"})
    EXPECT_EQ(read_aws_json(text, "f"), std::nullopt) << text;
}

TEST(AwsUrls, Parts) {
  const std::optional<AwsUrl> url = parse_aws_url("HTTPS://Host:443/a/../b%20c?d=e");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->authority, "Host");
  EXPECT_EQ(url->path, "/a/../b%20c");
  EXPECT_EQ(parse_aws_url("http://[::1]:90")->authority, "[::1]:90");
  EXPECT_EQ(parse_aws_url("http://[::1]:90")->host, "::1");
  EXPECT_EQ(parse_aws_url("http://h:443")->authority, "h:443");
  EXPECT_EQ(parse_aws_url("http://h")->path, "/");
  for (const char* text : {"", "h", "ftp://h", "file:///x", "http://u@h/", "http://u:p@h/"})
    EXPECT_EQ(parse_aws_url(text).has_value(), false) << text;
}

}  // namespace
}  // namespace trailsql
