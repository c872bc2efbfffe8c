#include <gtest/gtest.h>

#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/bucket_fixture_for_test.h"
#include "store/bucket_upload.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

using Kind = S3Problem::Kind;

/// What a server is asked for.
struct Asked {
  std::string method;
  std::map<std::string, std::string> query;
  std::string key;
  std::string body;
};

class S3WritingTest : public ScriptedBucketFixture {
 protected:
  /// Lets the server keep what it is asked for and answer as S3 does, but for the first requests.
  void serve(std::vector<Answer> first = {}) {
    server_.instead = [this, first = std::move(first)](
                          const HttpRequest& request,
                          const SeenRequest& seen) -> std::optional<HttpResponse> {
      const std::lock_guard lock(mutex_);
      asked_.push_back({request.method, seen.query, seen.key, std::string(request.body)});
      if (asked_.size() <= first.size()) return first[asked_.size() - 1](request);
      if (seen.query.contains("uploads")) {
        return deliver(request, 200, {},
                       "<InitiateMultipartUploadResult><UploadId>u+1</UploadId>"
                       "</InitiateMultipartUploadResult>");
      }
      if (request.method == "HEAD") {
        return deliver(request, 200,
                       {{"content-length", "7"},
                        {"etag", "\"e\""},
                        {"last-modified", "Wed, 01 May 2024 10:00:00 GMT"}},
                       "");
      }
      return deliver(request, 200, {{"etag", "\"tag\""}}, "");
    };
  }
  static Answer error_in_success() {
    return [](const HttpRequest& request) {
      return deliver(request, 200, {}, "\n<Error><Code>InternalError</Code></Error>");
    };
  }

  const S3Name name_{"logs", "a/b c.json"};
  std::mutex mutex_;
  std::vector<Asked> asked_;
};

TEST_F(S3WritingTest, PutsAsAWhole) {
  serve({error(503, "SlowDown"), error(500, "InternalError")});
  ASSERT_FALSE(client().put(name_, "bytes", context()));
  ASSERT_EQ(asked_.size(), 3u);
  for (const Asked& asked : asked_) {
    EXPECT_EQ(asked.method, "PUT");
    EXPECT_EQ(asked.key, name_.key);
    EXPECT_EQ(asked.body, "bytes");
  }
  EXPECT_EQ(counts_.num_puts, 3u);
  EXPECT_EQ(counts_.num_gets, 0u);
}

TEST_F(S3WritingTest, TellsWhatIsDenied) {
  serve({error(403, "AccessDenied"), error(404, "NoSuchBucket")});
  EXPECT_EQ(client().put(name_, "", context()).kind, Kind::kDenied);
  EXPECT_EQ(client().put(name_, "", context()).kind, Kind::kNoSuchBucket);
}

TEST_F(S3WritingTest, TellsOfAnObject) {
  serve();
  S3Object object;
  ASSERT_FALSE(client().head(name_, object, context()));
  EXPECT_EQ(object.size_bytes, 7u);
  EXPECT_EQ(object.etag, "\"e\"");
  EXPECT_EQ(object.modified_time_us, 1'714'557'600'000'000);
}

TEST_F(S3WritingTest, DeletesWhatMayBeGone) {
  serve({error(404, "NoSuchKey"), error(404, "NoSuchUpload"), error(403, "AccessDenied")});
  EXPECT_FALSE(client().remove(name_, context()));
  EXPECT_FALSE(client().abandon_upload(name_, "u", context()));
  EXPECT_EQ(client().remove(name_, context()).kind, Kind::kDenied);
  EXPECT_EQ(asked_[1].query.at("uploadId"), "u");
}

TEST_F(S3WritingTest, UploadsInParts) {
  serve();
  std::string upload;
  std::string etag;
  ASSERT_FALSE(client().begin_upload(name_, upload, context()));
  EXPECT_EQ(upload, "u+1");
  ASSERT_FALSE(client().put_part(name_, upload, 2, "part", etag, context()));
  EXPECT_EQ(etag, "\"tag\"");
  EXPECT_EQ(asked_[1].query.at("partNumber"), "2");
  EXPECT_EQ(asked_[1].query.at("uploadId"), "u+1");
  ASSERT_FALSE(client().finish_upload(name_, upload, {"\"x\"", "\"y\""}, context()));
  EXPECT_TRUE(holds(asked_[2].body,
                    "<Part><PartNumber>1</PartNumber><ETag>\"x\"</ETag></Part>"
                    "<Part><PartNumber>2</PartNumber><ETag>\"y\"</ETag></Part>"));
}

TEST_F(S3WritingTest, FinishesWhereTheAnswerWasLost) {
  serve({error_in_success(), error(404, "NoSuchUpload")});
  EXPECT_FALSE(client().finish_upload(name_, "u", {"\"x\""}, context()));
  ASSERT_EQ(asked_.size(), 3u);
  EXPECT_EQ(asked_[2].method, "HEAD");
  asked_.clear();
  serve({error(404, "NoSuchUpload"), error(404, "")});
  EXPECT_EQ(client().finish_upload(name_, "u", {"\"x\""}, context()).kind, Kind::kNoSuchKey);
}

TEST_F(S3WritingTest, SendsLargeFilesInPartsAndSmallOnesAtTheEnd) {
  const TemporaryFolder folder;
  const std::string large = text_of_size((16u << 20) + 5);
  std::ofstream(folder.path() + "/large") << large;
  std::ofstream(folder.path() + "/small") << "small";
  serve();
  std::vector<BegunUpload> told;
  BucketUpload upload(client(), context(),
                      {{folder.path() + "/large", "s3://logs/t/large"},
                       {folder.path() + "/small", "s3://logs/t/small"}},
                      [&](const BegunUpload& begun) { told.push_back(begun); });
  upload.send_parts();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].url, "s3://logs/t/large");
  EXPECT_TRUE(upload.objects().empty());
  std::map<std::string, std::string> parts;
  for (const Asked& asked : asked_) {
    EXPECT_EQ(asked.key, "t/large");
    if (asked.method == "PUT") parts[asked.query.at("partNumber")] = asked.body;
  }
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts["1"] + parts["2"] + parts["3"], large);
  asked_.clear();
  upload.finish();
  EXPECT_EQ(asked_.size(), 2u);
  EXPECT_EQ(upload.objects().size(), 2u);
  EXPECT_FALSE(upload.may_still_arrive());
}

TEST_F(S3WritingTest, KnowsWhatMayBeThereAfterAFailure) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() + "/f") << "f";
  const auto finish = [&](std::vector<Answer> answers) {
    asked_.clear();
    serve(std::move(answers));
    auto upload = std::make_unique<BucketUpload>(
        client(), context(), std::vector<FileToUpload>{{folder.path() + "/f", "s3://logs/t/f"}},
        [](const BegunUpload&) {});
    EXPECT_THROW(upload->finish(), QueryError);
    return upload;
  };
  const auto denied = finish({error(403, "AccessDenied")});
  EXPECT_TRUE(denied->objects().empty());
  EXPECT_FALSE(denied->may_still_arrive());
  const auto failed = finish(std::vector<Answer>(50, error(500, "InternalError")));
  EXPECT_EQ(failed->objects(), std::vector<std::string>{"s3://logs/t/f"});
  EXPECT_TRUE(failed->may_still_arrive());
}

}  // namespace
}  // namespace trailsql
