#include "store/s3_client.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "store/curl_library.h"
#include "store/s3_checksum.h"
#include "store/s3_operation.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr size_t kRequestsPerCore = 16;
constexpr size_t kMaxRequestsAtOnce = 128;

constexpr int kMaxBadAnswers =
    3;  // that are whole, but wrong: of a proxy, or with another checksum

std::string signing_region(const std::string& region) {
  return region.empty() ? "us-east-1" : region;
}

// "bytes 5-9/10": whether that begins where it is to be continued.
bool begins_at(const HttpFields& headers, uint64_t offset) {
  const std::string* range = find_field(headers, "content-range");
  return range != nullptr && range->starts_with(fmt::format("bytes {}-", offset));
}

std::optional<uint64_t> length_of(const HttpFields& headers) {
  const std::string* text = find_field(headers, "content-length");
  if (text == nullptr) return std::nullopt;
  uint64_t length = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return length;
}

S3Problem other_size_problem(uint64_t size, uint64_t listed_size) {
  return {S3Problem::Kind::kChanged,
          fmt::format("it has {} bytes, where {} were listed", size, listed_size)};
}

// What an object must have for the rest of it to be asked for: nothing that merely means the same.
std::string strong_etag(const HttpFields& headers) {
  const std::string* etag = find_field(headers, "etag");
  return etag == nullptr || etag->starts_with("W/") ? std::string() : *etag;
}

}  // namespace

S3Client::S3Client(AwsConfig config, HttpClient& http, S3Waits waits, WallClock clock)
    : config_(std::move(config)),
      http_(http),
      waits_(waits),
      clock_(std::move(clock)),
      credentials_(find_credentials(config_, http, [this] { return clock_() + clock_offset_s_; })),
      gate_(max_requests_at_once()) {}

size_t S3Client::max_requests_at_once() {
  const size_t cores = std::max(1u, std::thread::hardware_concurrency());
  return std::min(kMaxRequestsAtOnce, kRequestsPerCore * cores);
}

std::string S3Client::region_of(const std::string& bucket) const {
  const std::lock_guard lock(mutex_);
  const auto found = regions_.find(bucket);
  return found != regions_.end() ? found->second : config_.access.region.value_or("");
}

void S3Client::learn_region(const std::string& bucket, const std::string& region) {
  const std::lock_guard lock(mutex_);
  regions_[bucket] = region;
}

HttpResponse S3Client::send(const Operation& operation, const std::optional<S3Address>& redirect,
                            Attempt& attempt, const RequestContext& context) {
  // A signature is good for some minutes only: it is made when the request may begin.
  const GatePass pass(gate_, context.cancellation);
  attempt.region = region_of(operation.name.bucket);
  const S3Address address =
      redirect ? *redirect : s3_address(config_.access, attempt.region, operation.name);
  AwsRequest signed_part;
  signed_part.method = operation.method;
  signed_part.host = address.host;
  signed_part.path = address.path;
  signed_part.query = operation.query;
  signed_part.headers = operation.headers;
  if (operation.resume) {
    const HttpFields more = operation.resume();
    signed_part.headers.insert(signed_part.headers.end(), more.begin(), more.end());
  }
  if (config_.access.requester_pays)
    signed_part.headers.emplace_back("x-amz-request-payer", "requester");
  signed_part.content_sha256 = sha256_hex(operation.body);

  HttpRequest request;
  request.method = operation.method;
  request.url = address.url();
  if (!operation.query.empty()) request.url += "?" + aws_query_string(operation.query);
  request.headers = signed_part.headers;
  if (!config_.access.is_anonymous) {
    attempt.credentials = credentials_->get(context.cancellation);
    const HttpFields signature =
        sign_request(signed_part, attempt.credentials, signing_region(attempt.region), "s3",
                     clock_() + clock_offset_s_);
    request.headers.insert(request.headers.end(), signature.begin(), signature.end());
  }
  request.body = operation.body;
  request.on_headers = operation.on_headers;
  request.on_body = operation.on_body;
  request.max_body_bytes = kMaxS3AnswerBytes;
  ++*operation.count;
  return http_.send(request, context.cancellation);
}

// Does what a verdict other than a mere repetition asks for. Returns false when that is of no use.
bool S3Client::correct(const Operation& operation, const S3Verdict& verdict,
                       const HttpResponse& response, const Attempt& attempt,
                       std::optional<S3Address>& redirect, const Cancellation& cancellation) {
  switch (verdict.step) {
    case S3Verdict::Step::kOtherRegion:
      // Meanwhile another thread may have learnt it, too.
      if (verdict.region == attempt.region) return false;
      learn_region(operation.name.bucket, verdict.region);
      return true;
    case S3Verdict::Step::kOtherPlace: {
      const S3Address before = s3_address(config_.access, "", operation.name);
      redirect = parse_http_url(verdict.place);
      return redirect && (redirect->scheme == before.scheme || redirect->scheme == "https");
    }
    case S3Verdict::Step::kOtherTime: {
      const std::string* date = find_field(response.headers, "date");
      const auto second = date != nullptr ? parse_http_time(*date) : std::nullopt;
      if (!second) return false;
      clock_offset_s_ = *second - clock_();
      return true;
    }
    case S3Verdict::Step::kOtherCredentials:
      return credentials_->renew(attempt.credentials, cancellation);
    case S3Verdict::Step::kDone:
    case S3Verdict::Step::kFail:
    case S3Verdict::Step::kRetry:
    case S3Verdict::Step::kRetrySlower: return true;
  }
  return false;
}

// Who several ways of finding credentials are set up for wants to know which of them it was.
S3Problem S3Client::with_origin(S3Problem problem) const {
  if (problem.kind != S3Problem::Kind::kBadCredentials) return problem;
  if (const std::string origin = credentials_->origin(); !origin.empty())
    problem.text += "; the credentials are those of " + origin;
  return problem;
}

S3Problem S3Client::perform(const Operation& operation, HttpResponse& response,
                            const RequestContext& context) {
  S3Retries retries(waits_);
  std::optional<S3Address> redirect;
  while (true) {
    Attempt attempt;
    response = send(operation, redirect, attempt, context);
    const S3Verdict verdict = verdict_of(response, operation.wants_xml);
    if (verdict.step == S3Verdict::Step::kDone) gate_.speed_up();
    if (verdict.step == S3Verdict::Step::kDone || verdict.step == S3Verdict::Step::kFail)
      return with_origin(verdict.problem);
    if (verdict.step == S3Verdict::Step::kRetrySlower) gate_.slow_down();
    if (operation.has_progressed && operation.has_progressed()) retries.progressed();
    if (!correct(operation, verdict, response, attempt, redirect, context.cancellation) ||
        !retries.may_go_on(verdict.step, verdict.is_stall)) {
      return with_origin(verdict.problem);
    }
    ++context.counts.num_retries;
    retries.wait(verdict.step, context.cancellation);
  }
}

S3Problem S3Client::list(const S3ListQuery& query, S3Page& page, const RequestContext& context) {
  Operation operation;
  operation.name.bucket = query.bucket;
  operation.query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", query.prefix}};
  if (query.by_folder) operation.query.emplace_back("delimiter", "/");
  if (!query.start_after.empty()) operation.query.emplace_back("start-after", query.start_after);
  if (!query.token.empty()) operation.query.emplace_back("continuation-token", query.token);
  // Servers that know no archives pass over it.
  operation.headers = {{"x-amz-optional-object-attributes", "RestoreStatus"}};
  operation.count = &context.counts.num_lists;
  operation.wants_xml = true;
  for (int attempt = 0; attempt < kMaxBadAnswers; ++attempt) {
    HttpResponse response;
    if (S3Problem problem = perform(operation, response, context)) return problem;
    if (std::optional<S3Page> parsed = parse_s3_page(response.body)) {
      page = *std::move(parsed);
      return {};
    }
  }
  return {S3Problem::Kind::kOther, "the answer is no listing of S3's: is the endpoint one of S3?"};
}

S3Problem S3Client::get(const S3Name& name, uint64_t expected_size, ByteBuffer& bytes,
                        const RequestContext& context) {
  if (expected_size > kMaxStoredFileBytes) {
    return {
        S3Problem::Kind::kOther,
        fmt::format("it is larger than {}", human_size(static_cast<double>(kMaxStoredFileBytes)))};
  }
  S3Problem problem;
  for (int attempt = 0; attempt < kMaxBadAnswers; ++attempt) {
    HttpFields checksums;
    bytes.set_size(0);
    bytes.reserve(expected_size + 1);
    problem = get_once(name, expected_size, bytes, checksums, context);
    if (problem) return problem;
    problem = {S3Problem::Kind::kOther, checksum_problem(checksums, bytes.view())};
    // Of an answer that did not say how long it is, the end may have been lost.
    if (problem.text.empty() && bytes.size() != expected_size)
      problem = other_size_problem(bytes.size(), expected_size);
    if (problem.text.empty()) return {};
  }
  return problem;
}

// An answer that breaks off is continued where it did, of the same object. One of another length
// is not read.
S3Problem S3Client::get_once(const S3Name& name, uint64_t expected_size, ByteBuffer& bytes,
                             HttpFields& checksums, const RequestContext& context) {
  constexpr size_t kGrowBytes = 64 * 1024;
  std::string etag;
  size_t most_seen = 0;  // what a server repeats is no progress
  bool is_wanted = false;
  bool is_too_long = false;
  std::optional<uint64_t> other_size;
  Operation operation;
  operation.name = name;
  operation.count = &context.counts.num_gets;
  operation.resume = [&]() -> HttpFields {
    is_wanted = false;
    // Behind the last byte there is nothing to ask for.
    if (bytes.size() > 0 && length_of(checksums) == bytes.size()) bytes.set_size(bytes.size() - 1);
    if (bytes.size() == 0 || etag.empty()) {
      bytes.set_size(0);
      return {{"x-amz-checksum-mode", "ENABLED"}};
    }
    return {{"if-match", etag}, {"range", fmt::format("bytes={}-", bytes.size())}};
  };
  operation.has_progressed = [&] {
    return std::exchange(most_seen, std::max(most_seen, bytes.size())) < bytes.size();
  };
  operation.on_headers = [&](int status, const HttpFields& headers) {
    if (status == 200) {
      bytes.set_size(0);  // also of a server that knows no ranges
      checksums = headers;
      etag = strong_etag(headers);
      other_size = length_of(headers);
      if (other_size == expected_size) other_size.reset();
      is_wanted = !other_size;
    } else {
      is_wanted = status == 206 && bytes.size() > 0 && begins_at(headers, bytes.size());
    }
  };
  operation.on_body = [&](std::string_view piece) {
    const size_t size = bytes.size();
    is_too_long = size + piece.size() > expected_size + kMaxObjectGrowthBytes;
    if (!is_wanted || is_too_long) return false;
    if (size + piece.size() > bytes.capacity())
      bytes.reserve(size + piece.size() + std::max(size / 2, kGrowBytes));
    std::memcpy(bytes.data() + size, piece.data(), piece.size());
    bytes.set_size(size + piece.size());
    context.counts.num_bytes += piece.size();
    return true;
  };
  HttpResponse response;
  S3Problem problem = perform(operation, response, context);
  if (other_size) return other_size_problem(*other_size, expected_size);
  if (is_too_long) return {S3Problem::Kind::kChanged, "it is longer than when it was listed"};
  if (!problem && !is_wanted)
    return {S3Problem::Kind::kOther, fmt::format("HTTP status {}", response.status)};
  return problem;
}

S3Problem S3Client::get_part(const S3Name& name, const S3Part& part, char* out,
                             const RequestContext& context) {
  uint64_t size = 0;
  uint64_t progress_seen = 0;
  bool is_wanted = false;
  Operation operation;
  operation.name = name;
  operation.count = &context.counts.num_gets;
  operation.resume = [&]() -> HttpFields {
    if (size == part.size && size > 0) --size;  // an answer that broke off behind its last byte
    HttpFields fields = {
        {"range", fmt::format("bytes={}-{}", part.offset + size, part.offset + part.size - 1)}};
    if (!part.etag.empty()) fields.emplace_back("if-match", part.etag);
    return fields;
  };
  operation.has_progressed = [&] { return std::exchange(progress_seen, size) < size; };
  operation.on_headers = [&](int status, const HttpFields& headers) {
    is_wanted = status == 206 && begins_at(headers, part.offset + size);
  };
  operation.on_body = [&](std::string_view piece) {
    if (!is_wanted || size + piece.size() > part.size) return false;
    std::memcpy(out + size, piece.data(), piece.size());
    size += piece.size();
    context.counts.num_bytes += piece.size();
    return true;
  };
  HttpResponse response;
  S3Problem problem = perform(operation, response, context);
  if (!problem && size != part.size)
    problem = {S3Problem::Kind::kChanged, "it is shorter than when it was listed"};
  return problem;
}

}  // namespace trailsql
