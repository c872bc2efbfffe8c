// A bucket in memory that answers as S3 does.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/http_client.h"

namespace trailsql {

/// A request as a server of buckets sees it.
struct SeenRequest {
  std::string url;
  HttpFields headers;
  std::string bucket;
  std::string key;
  std::map<std::string, std::string> query;

  bool is_list() const { return query.contains("list-type"); }
  /// Returns the header, or an empty text.
  std::string header(std::string_view name) const;
};

/// Reads a request to an endpoint with the bucket in its path.
SeenRequest see(const HttpRequest& request);

/// Gives an answer to whoever sent `request`, as HttpClient does: of a success headers and body go
/// to its callbacks, if it has them. Of the body `num_bytes` come before it breaks off.
HttpResponse deliver(const HttpRequest& request, int status, HttpFields headers,
                     std::string_view body,
                     std::optional<size_t> num_bytes_before_break = std::nullopt);

/// An <Error> of S3's.
HttpResponse s3_error(int status, std::string_view code, HttpFields headers = {},
                      std::string_view more = "");

/// Servers that speak like S3 differ where its documentation says nothing.
struct BucketManners {
  size_t max_keys = 1000;                   // of a page, common prefixes counted
  bool leaves_out_folder_of_start = false;  // a common prefix is less than a start within it
  bool knows_start_after = true;
  bool has_empty_pages = false;                     // a token, and nothing else
  bool encodes_keys = true;                         // encoding-type=url
  std::map<std::string, std::string> storage = {};  // XML of a key's storage class and restoration
};

/// Safe from any thread; what is set, is set before requests come.
class FakeBucket : public HttpClient {
 public:
  explicit FakeBucket(std::string name = "logs") : name_(std::move(name)) {}

  /// Answers instead, where it answers.
  using Instead =
      std::function<std::optional<HttpResponse>(const HttpRequest&, const SeenRequest&)>;

  void clear() { objects_.clear(); }
  void add(const std::string& key, std::string bytes = "x") { objects_[key] = std::move(bytes); }
  const std::map<std::string, std::string>& objects() const { return objects_; }
  static std::string etag_of(std::string_view bytes);

  HttpResponse send(const HttpRequest& request, const Cancellation& cancellation) override;

  std::vector<SeenRequest> take_requests();

  BucketManners manners;
  Instead instead;
  /// Called before each request, from the thread that sends it.
  std::function<void(const SeenRequest&, const Cancellation&)> before_each;

 private:
  HttpResponse list(const HttpRequest& request, const SeenRequest& seen) const;
  HttpResponse get(const HttpRequest& request, const SeenRequest& seen) const;

  const std::string name_;
  std::map<std::string, std::string> objects_;
  std::mutex mutex_;
  std::vector<SeenRequest> requests_;
};

}  // namespace trailsql
