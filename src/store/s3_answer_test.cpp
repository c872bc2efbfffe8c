#include "store/s3_answer.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/text.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kS3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

std::string list_answer(std::string_view inside) {
  return fmt::format("{}<ListBucketResult xmlns=\"{}\"><Name>logs</Name>{}</ListBucketResult>",
                     kXmlHead, kS3Namespace, inside);
}

std::string contents_xml(std::string_view key, std::string_view more = "") {
  return fmt::format("<Contents><Key>{}</Key><Size>1</Size>{}</Contents>", key, more);
}

S3Page page_of(std::string_view inside) {
  const std::optional<S3Page> page = parse_s3_page(list_answer(inside));
  EXPECT_TRUE(page) << inside;
  return page.value_or(S3Page());
}

std::string key_of(std::string_view inside) {
  const S3Page page = page_of(inside);
  return page.objects.size() == 1 ? page.objects[0].key : "not one object";
}

// As S3 writes it. source: Amazon S3 API Reference, "ListObjectsV2"
TEST(S3Pages, OfAws) {
  const S3Page page = page_of(R"(<Prefix>AWSLogs/</Prefix>
  <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
  <KeyCount>3</KeyCount><MaxKeys>3</MaxKeys><Delimiter>/</Delimiter>
  <EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
  <Contents><Key>AWSLogs/a+b%2Bc.gz</Key><LastModified>2023-07-10T12:05:23.000Z</LastModified>
    <ETag>&quot;fba9dede5f27731c9771645a39863328&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>
    <ChecksumType>FULL_OBJECT</ChecksumType><Size>434234</Size><StorageClass>STANDARD</StorageClass></Contents>
  <Contents><Key>AWSLogs/%E6%97%A5%25.gz</Key><LastModified>2023-07-10T12:05:23.123Z</LastModified>
    <ETag>"x-2"</ETag><Size>18446744073709551615</Size><StorageClass>DEEP_ARCHIVE</StorageClass></Contents>
  <CommonPrefixes><Prefix>AWSLogs/o-a+b/</Prefix></CommonPrefixes>
  <CommonPrefixes><Prefix>AWSLogs/%C3%A4/</Prefix></CommonPrefixes>)");
  ASSERT_EQ(page.objects.size(), 2u);
  EXPECT_EQ(page.objects[0].key, "AWSLogs/a b+c.gz");
  EXPECT_EQ(page.objects[0].etag, "\"fba9dede5f27731c9771645a39863328\"");
  EXPECT_EQ(page.objects[0].size_bytes, 434'234u);
  EXPECT_EQ(page.objects[0].modified_time_us, 1'688'990'723'000'000);
  EXPECT_FALSE(page.objects[0].is_archived);
  EXPECT_EQ(page.objects[1].key, "AWSLogs/日%.gz");
  EXPECT_EQ(page.objects[1].size_bytes, UINT64_MAX);
  EXPECT_EQ(page.objects[1].modified_time_us, 1'688'990'723'123'000);
  EXPECT_TRUE(page.objects[1].is_archived);
  EXPECT_EQ(page.prefixes, (std::vector<std::string>{"AWSLogs/o-a b/", "AWSLogs/ä/"}));
  EXPECT_EQ(page.next_token, "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=");
}

TEST(S3Pages, EmptyOnes) {
  const S3Page page = page_of(
      "<Prefix/><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false"
      "</IsTruncated>");
  EXPECT_TRUE(page.objects.empty());
  EXPECT_TRUE(page.prefixes.empty());
  EXPECT_EQ(page.next_token, "");
  EXPECT_TRUE(parse_s3_page("<ListBucketResult/>"));
}

TEST(S3Pages, KeysAsTheServerEncodesThem) {
  const std::string url = "<EncodingType>url</EncodingType>";
  EXPECT_EQ(key_of(url + contents_xml("a+b%20c%2Bd")), "a b c+d");
  EXPECT_EQ(key_of(url + contents_xml("%2541")), "%41");
  EXPECT_EQ(key_of(url + contents_xml("a%2f%2Fb/%00%0d%0A%ff")), std::string("a//b/\0\r\n\xff", 9));
  EXPECT_EQ(key_of(url + contents_xml("100%+%zz%4")), "100% %zz%4");
  EXPECT_EQ(key_of(url + contents_xml("a&amp;%26&lt;")), "a&&<");
  // Servers that do not know of it say nothing, and mean what they write.
  EXPECT_EQ(key_of(contents_xml("a+b%20c")), "a+b%20c");
  EXPECT_EQ(key_of(contents_xml("a&amp;b&lt;&#x65e5;&#233;")), "a&b<日é");
  EXPECT_EQ(key_of(contents_xml("<![CDATA[a<b&c]]>")), "a<b&c");
  EXPECT_EQ(key_of("<EncodingType></EncodingType>" + contents_xml("a+b")), "a+b");
  // Where the type stands makes no difference.
  EXPECT_EQ(key_of(contents_xml("a+b") + url), "a b");
}

TEST(S3Pages, Times) {
  const auto time_of = [](std::string_view time) {
    return page_of(contents_xml("k", fmt::format("<LastModified>{}</LastModified>", time)))
        .objects.at(0)
        .modified_time_us;
  };
  EXPECT_EQ(time_of("2023-07-10T12:05:23.000Z"), 1'688'990'723'000'000);
  EXPECT_EQ(time_of("2023-07-10T12:05:23Z"), 1'688'990'723'000'000);
  EXPECT_EQ(time_of("2023-07-10T12:05:23"), 1'688'990'723'000'000);
  EXPECT_EQ(time_of("2023-07-10T12:05:23.987654Z"), 1'688'990'723'987'000);
  EXPECT_EQ(time_of("2023-07-10T12:05:23.9Z"), 1'688'990'723'000'000);
  for (const std::string_view none :
       {"", "yesterday", "2023-13-10T12:05:23Z", "2023-02-30T00:00:00Z",
        "Mon, 10 Jul 2023 12:05:23 GMT", "2023-07-10"})
    EXPECT_EQ(time_of(none), 0) << none;
}

TEST(S3Pages, StorageClasses) {
  const auto is_archived = [](std::string_view storage_class) {
    return page_of(contents_xml("k", fmt::format("<StorageClass>{}</StorageClass>", storage_class)))
        .objects.at(0)
        .is_archived;
  };
  EXPECT_TRUE(is_archived("GLACIER"));
  EXPECT_TRUE(is_archived("DEEP_ARCHIVE"));
  const auto of_restored = [](const char* in_progress, const char* more) {
    return page_of(contents_xml("k", fmt::format("<RestoreStatus><IsRestoreInProgress>{}"
                                                 "</IsRestoreInProgress>{}</RestoreStatus>"
                                                 "<StorageClass>GLACIER</StorageClass>",
                                                 in_progress, more)))
        .objects.at(0);
  };
  const char* const until = "<RestoreExpiryDate>2024-06-01T00:00:00.000Z</RestoreExpiryDate>";
  EXPECT_FALSE(of_restored("false", until).is_archived);
  EXPECT_TRUE(of_restored("false", until).is_in_archive);
  EXPECT_TRUE(of_restored("true", "").is_archived);
  EXPECT_TRUE(of_restored("false", "").is_archived);
  for (const char* readable : {"", "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
                               "GLACIER_IR", "OUTPOSTS"})
    EXPECT_FALSE(is_archived(readable)) << readable;
}

TEST(S3Pages, ETags) {
  const auto etag_of = [](std::string_view etag) {
    return page_of(contents_xml("k", fmt::format("<ETag>{}</ETag>", etag))).objects.at(0).etag;
  };
  EXPECT_EQ(page_of(contents_xml("k")).objects.at(0).etag, "");
  EXPECT_EQ(etag_of("&quot;a&quot;"), "\"a\"");
  EXPECT_EQ(etag_of("&#34;a-12&#34;"), "\"a-12\"");
  EXPECT_EQ(etag_of("a"), "a");
  EXPECT_EQ(etag_of("a&#13;&#10;x-evil: 1"), "");  // would be a header of its own
}

TEST(S3Pages, WhoseRestWouldBeLost) {
  EXPECT_FALSE(parse_s3_page(list_answer("<IsTruncated>true</IsTruncated>")));
  EXPECT_FALSE(parse_s3_page(
      list_answer("<IsTruncated>true</IsTruncated><NextContinuationToken/>" + contents_xml("k"))));
  EXPECT_EQ(page_of("<IsTruncated>false</IsTruncated>"
                    "<NextContinuationToken>t</NextContinuationToken>")
                .next_token,
            "");
}

TEST(S3Pages, ThatAreNone) {
  const std::string good = list_answer(contents_xml("k"));
  for (const std::string& none :
       {std::string(), std::string("{}"), std::string("<html><body>Sign in</body></html>"),
        std::string("<!DOCTYPE html><html><head><meta></head></html>"),
        std::string("<Error><Code>AccessDenied</Code></Error>"), std::string("<ListBucketResult"),
        good.substr(0, good.size() - 1), good.substr(0, good.size() / 2),
        list_answer("<Contents><Key>k</Key></Contents>"),
        list_answer("<Contents><Key>k</Key><Size>-1</Size></Contents>"),
        list_answer("<Contents><Key>k</Key><Size>1x</Size></Contents>"),
        list_answer("<Contents><Key>k</Key><Size>18446744073709551616</Size></Contents>"),
        list_answer("<Contents><Size>1</Size></Contents>")})
    EXPECT_FALSE(parse_s3_page(none)) << none;
}

TEST(S3Pages, CutAnywhereTheyAreNone) {
  const std::string whole = list_answer(contents_xml("a") + contents_xml("b", "<ETag>x</ETag>"));
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_s3_page(whole.substr(0, size))) << size;
}

TEST(S3Pages, OfTheLongestKeys) {
  constexpr size_t kKeys = 1'000;
  constexpr size_t kMaxKeyBytes = 1'024;
  std::string inside = "<EncodingType>url</EncodingType>";
  std::string encoded;
  for (size_t i = 0; i < kMaxKeyBytes - 4; ++i) encoded += "%C3";
  for (size_t i = 0; i < kKeys; ++i)
    inside += contents_xml(fmt::format("{:04}{}", i, encoded),
                           "<LastModified>2023-07-10T12:05:23.000Z</LastModified><ETag>&quot;"
                           "fba9dede5f27731c9771645a39863328-1000&quot;</ETag>");
  ASSERT_LT(inside.size(), kMaxS3AnswerBytes / 2);
  const S3Page page = page_of(inside);
  ASSERT_EQ(page.objects.size(), kKeys);
  EXPECT_EQ(page.objects.back().key.size(), kMaxKeyBytes);
}

// Entities that refer to one another must not grow, nor deep nesting use up the stack.
TEST(S3Pages, MadeToUseUpMemory) {
  EXPECT_FALSE(
      parse_s3_page("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                    "<x>&b;&b;</x>"));
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_s3_page(deep));
  EXPECT_FALSE(parse_s3_page("<ListBucketResult>" + deep));
  std::string closed = deep;
  for (int i = 0; i < 200'000; ++i) closed += "</a>";
  EXPECT_TRUE(page_of(closed).objects.empty());
  EXPECT_EQ(parse_s3_error("<Error>" + closed + "</Error>").code, "");
}

TEST(S3Pages, NoiseIsNoPage) {
  std::minstd_rand chance(1);
  const std::string whole = list_answer(
      "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>" +
      contents_xml("a%20b", "<ETag>x</ETag>"));
  for (int i = 0; i < 2'000; ++i) {
    std::string noisy = whole;
    for (int change = 0; change < 3; ++change)
      noisy[chance() % noisy.size()] = static_cast<char>(chance() % 256);
    (void)parse_s3_page(noisy);  // whatever it is, under sanitizers too
    (void)parse_s3_error(noisy);
  }
}

TEST(S3Errors, Parsed) {
  const S3Error error = parse_s3_error(
      "  \n <?xml version=\"1.0\" "
      "encoding=\"UTF-8\"?>\n<Error><Code>AuthorizationHeaderMalformed</Code>"
      "<Message>the region &apos;us-east-1&apos; is wrong</Message><Region>eu-west-1</Region>"
      "<RequestId>1</RequestId></Error>");
  EXPECT_EQ(error.code, "AuthorizationHeaderMalformed");
  EXPECT_EQ(error.message, "the region 'us-east-1' is wrong");
  EXPECT_EQ(error.region, "eu-west-1");
  EXPECT_EQ(parse_s3_error("<Error xmlns=\"x\"><Code>A</Code></Error>").code, "A");
}

TEST(S3Errors, ThatAreNone) {
  for (const char* none : {"", "Bad Gateway", "<html><Error><Code>A</Code></Error></html>",
                           "<Error><Code>A</Code>", "<ListBucketResult/>", "{\"Error\": 1}"}) {
    const S3Error error = parse_s3_error(none);
    EXPECT_EQ(error.code + error.message + error.region, "") << none;
  }
}

TEST(S3Errors, ShownInOneShortLine) {
  const S3Error error = parse_s3_error("<Error><Code>A</Code><Message> a\nb&#13;&#27;[31mc&#7;" +
                                       std::string(100'000, 'x') + "</Message></Error>");
  EXPECT_TRUE(error.message.starts_with("a b  [31mc x")) << error.message;
  EXPECT_LE(error.message.size(), 500u);
  const S3Error cut =
      parse_s3_error("<Error><Message>" + std::string(499, 'x') + "ä</Message></Error>");
  EXPECT_TRUE(is_valid_utf8(cut.message));
}

TEST(S3Errors, UploadIds) {
  EXPECT_EQ(parse_s3_upload_id(fmt::format("{}<InitiateMultipartUploadResult xmlns=\"{}\"><Bucket>b"
                                           "</Bucket><UploadId>VXBsb2Fk_-.</UploadId>"
                                           "</InitiateMultipartUploadResult>",
                                           kXmlHead, kS3Namespace)),
            "VXBsb2Fk_-.");
  EXPECT_EQ(parse_s3_upload_id("<html/>"), "");
  EXPECT_EQ(parse_s3_upload_id(""), "");
}

}  // namespace
}  // namespace trailsql
