#include "store/fake_bucket_for_test.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "store/aws_signature.h"

namespace trailsql {
namespace {

constexpr std::string_view kHostEnd = ".test/";

std::string xml_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// As S3 encodes keys: a blank is '+', and '/' stays.
std::string listed_text(std::string_view key, bool is_encoded) {
  if (!is_encoded) return xml_text(key);
  std::string encoded = aws_encoded(key, true);
  for (size_t at = encoded.find("%20"); at != std::string::npos; at = encoded.find("%20", at))
    encoded.replace(at, 3, "+");
  return encoded;
}

/// One page of a listing as it is put together.
class PageWriter {
 public:
  PageWriter(const BucketManners& manners, const SeenRequest& request)
      : manners_(manners), request_(request) {
    prefix_ = parameter("prefix");
    delimiter_ = parameter("delimiter");
    start_ = manners.knows_start_after ? parameter("start-after") : "";
    const std::string token = parameter("continuation-token");
    is_empty_ = manners.has_empty_pages && !token.starts_with("e:");
    if (token.empty()) return;
    const size_t colon = token.find(':', 2);
    after_ = percent_decoded(token.substr(2, colon - 2));
    start_ = percent_decoded(token.substr(colon + 1));
  }

  std::string write(const std::map<std::string, std::string>& objects) {
    for (auto at = objects.lower_bound(prefix_); at != objects.end(); ++at) {
      const auto& [key, bytes] = *at;
      if (!key.starts_with(prefix_)) break;
      const size_t end =
          delimiter_.empty() ? std::string::npos : key.find(delimiter_, prefix_.size());
      const std::string name = end == std::string::npos ? key : key.substr(0, end + 1);
      if (key <= start_ || name <= after_) continue;
      if (end != std::string::npos && manners_.leaves_out_folder_of_start && name <= start_)
        continue;
      if (is_empty_) return finish(after_, "e:");
      if (name == last_) continue;
      if (num_names_ == manners_.max_keys)
        return finish(last_, manners_.has_empty_pages ? "t:" : "e:");
      ++num_names_;
      last_ = name;
      add(name, end == std::string::npos ? &bytes : nullptr);
    }
    return finish("", "");
  }

 private:
  std::string parameter(const std::string& name) const {
    const auto found = request_.query.find(name);
    return found == request_.query.end() ? std::string() : found->second;
  }

  void add(const std::string& name, const std::string* bytes) {
    const std::string text = listed_text(name, manners_.encodes_keys);
    if (bytes == nullptr) {
      entries_ += fmt::format("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", text);
      return;
    }
    const auto storage = manners_.storage.find(name);
    entries_ += fmt::format(
        "<Contents><Key>{}</Key><LastModified>2023-07-10T12:05:23.000Z</LastModified>"
        "<ETag>{}</ETag><Size>{}</Size>{}</Contents>",
        text, FakeBucket::etag_of(*bytes), bytes->size(),
        storage != manners_.storage.end() ? storage->second
                                          : "<StorageClass>STANDARD</StorageClass>");
  }

  std::string finish(const std::string& last, std::string_view kind) const {
    std::string head = fmt::format("<KeyCount>{}</KeyCount>", num_names_);
    if (manners_.encodes_keys) head += "<EncodingType>url</EncodingType>";
    if (!kind.empty()) {
      head += fmt::format(
          "<IsTruncated>true</IsTruncated><NextContinuationToken>{}{}:{}</NextContinuationToken>",
          kind, aws_encoded(last, false), aws_encoded(start_, false));
    }
    return fmt::format("<?xml version=\"1.0\"?>\n<ListBucketResult>{}{}</ListBucketResult>", head,
                       entries_);
  }

  const BucketManners& manners_;
  const SeenRequest& request_;
  std::string prefix_;
  std::string delimiter_;
  std::string start_;
  std::string after_;  // the last name of the page before
  bool is_empty_ = false;
  std::string entries_;
  std::string last_;
  size_t num_names_ = 0;
};

}  // namespace

std::string SeenRequest::header(std::string_view name) const {
  const std::string* value = find_field(headers, name);
  return value != nullptr ? *value : std::string();
}

SeenRequest see(const HttpRequest& request) {
  SeenRequest seen;
  seen.url = request.url;
  seen.headers = request.headers;
  std::string_view rest = request.url;
  const size_t host_end = rest.find(kHostEnd);
  if (!rest.starts_with("http://") || host_end == std::string_view::npos) return seen;
  rest.remove_prefix(host_end + kHostEnd.size());
  const size_t mark = std::min(rest.find('?'), rest.size());
  const std::string_view path = rest.substr(0, mark);
  const size_t slash = std::min(path.find('/'), path.size());
  seen.bucket = percent_decoded(path.substr(0, slash));
  seen.key = percent_decoded(path.substr(std::min(slash + 1, path.size())));
  for (size_t start = mark + 1; start < rest.size();) {
    const size_t end = std::min(rest.find('&', start), rest.size());
    const std::string_view pair = rest.substr(start, end - start);
    const size_t equals = pair.find('=');
    seen.query[percent_decoded(pair.substr(0, equals))] = percent_decoded(pair.substr(equals + 1));
    start = end + 1;
  }
  return seen;
}

HttpResponse deliver(const HttpRequest& request, int status, HttpFields headers,
                     std::string_view body, std::optional<size_t> num_bytes_before_break) {
  const size_t piece_bytes = body.size() < 1'000'000 ? 1'000 : 100'000;
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  const bool is_success = status >= 200 && status < 300;
  if (is_success && request.on_headers) request.on_headers(status, response.headers);
  const std::string_view comes =
      body.substr(0, num_bytes_before_break.value_or(std::string_view::npos));
  for (size_t at = 0; at < comes.size(); at += piece_bytes) {
    const std::string_view piece = comes.substr(at, piece_bytes);
    response.num_body_bytes += piece.size();
    if (!is_success || !request.on_body) {
      response.body += piece;
      if (!is_success || response.body.size() <= request.max_body_bytes) continue;
    } else if (request.on_body(piece)) {
      continue;
    }
    response.failure = HttpFailure::kRefusedBody;
    response.problem = "the answer is not as long as was asked for";
    return response;
  }
  if (num_bytes_before_break) {
    response.failure = HttpFailure::kBroken;
    response.problem = "Connection reset by peer";
  }
  return response;
}

HttpResponse s3_error(int status, std::string_view code, HttpFields headers,
                      std::string_view more) {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = fmt::format(
      "<?xml version=\"1.0\"?>\n<Error><Code>{}</Code><Message>As told</Message>{}</Error>", code,
      more);
  return response;
}

std::string FakeBucket::etag_of(std::string_view bytes) {
  return "\"" + sha256_hex(bytes).substr(0, 32) + "\"";
}

HttpResponse FakeBucket::send(const HttpRequest& request, const Cancellation& cancellation) {
  cancellation.check();
  const SeenRequest seen = see(request);
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(seen);
  }
  if (before_each) before_each(seen, cancellation);
  if (instead) {
    if (std::optional<HttpResponse> answer = instead(request, seen)) return *std::move(answer);
  }
  if (seen.bucket != name_) return s3_error(404, "NoSuchBucket");
  return seen.is_list() ? list(request, seen) : get(request, seen);
}

std::vector<SeenRequest> FakeBucket::take_requests() {
  const std::lock_guard lock(mutex_);
  return std::exchange(requests_, {});
}

HttpResponse FakeBucket::list(const HttpRequest& request, const SeenRequest& seen) const {
  return deliver(request, 200, {}, PageWriter(manners, seen).write(objects_));
}

HttpResponse FakeBucket::get(const HttpRequest& request, const SeenRequest& seen) const {
  const auto found = objects_.find(seen.key);
  if (found == objects_.end()) return s3_error(404, "NoSuchKey");
  const std::string_view bytes = found->second;
  const std::string etag = etag_of(bytes);
  if (!seen.header("if-match").empty() && seen.header("if-match") != etag)
    return s3_error(412, "PreconditionFailed");
  std::string range = seen.header("range");
  if (range.empty()) {
    return deliver(request, 200, {{"etag", etag}, {"content-length", std::to_string(bytes.size())}},
                   bytes);
  }
  range.erase(0, std::string_view("bytes=").size());
  const size_t dash = range.find('-');
  const size_t first = std::stoull(range.substr(0, dash));
  const std::string end = range.substr(dash + 1);
  const size_t last =
      end.empty() ? bytes.size() - 1 : std::min<size_t>(std::stoull(end), bytes.size() - 1);
  if (first >= bytes.size() || last < first) return s3_error(416, "InvalidRange");
  return deliver(request, 206,
                 {{"etag", etag},
                  {"content-length", std::to_string(last - first + 1)},
                  {"content-range", fmt::format("bytes {}-{}/{}", first, last, bytes.size())}},
                 bytes.substr(first, last - first + 1));
}

}  // namespace trailsql
