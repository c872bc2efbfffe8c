#include "store/s3_client.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "base/error.h"
#include "store/s3_checksum.h"
#include "store/s3_operation.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr size_t kRequestsPerCore = 16;
constexpr size_t kMaxRequestsAtOnce = 128;

int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string signing_region(const std::string& region) {
  return region.empty() ? "us-east-1" : region;
}

}  // namespace

S3Client::S3Client(AwsConfig config, HttpClient& http)
    : config_(std::move(config)),
      http_(http),
      credentials_(find_credentials(config_, http)),
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
                            AwsCredentials& used, const RequestContext& context) {
  const std::string region = region_of(operation.name.bucket);
  const S3Address address =
      redirect ? *redirect : s3_address(config_.access, region, operation.name);
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
    used = credentials_->get(context.cancellation);
    const HttpFields signature = sign_request(signed_part, used, signing_region(region), "s3",
                                              seconds_now() + clock_offset_s_);
    request.headers.insert(request.headers.end(), signature.begin(), signature.end());
  }
  request.body = operation.body;
  request.on_headers = operation.on_headers;
  request.on_body = operation.on_body;
  const GatePass pass(gate_, context.cancellation);
  ++*operation.count;
  return http_.send(request, context.cancellation);
}

// Does what a verdict other than a mere repetition asks for. Returns false when that is of no use.
bool S3Client::correct(const Operation& operation, const S3Verdict& verdict,
                       const HttpResponse& response, const AwsCredentials& used,
                       std::optional<S3Address>& redirect) {
  switch (verdict.step) {
    case S3Verdict::Step::kOtherRegion:
      if (verdict.region == region_of(operation.name.bucket)) return false;
      learn_region(operation.name.bucket, verdict.region);
      return true;
    case S3Verdict::Step::kOtherPlace: {
      const S3Address before = s3_address(config_.access, "", operation.name);
      redirect = parse_http_url(verdict.place);
      return redirect && (redirect->scheme == before.scheme || redirect->scheme == "https");
    }
    case S3Verdict::Step::kOtherTime: {
      const std::string* date = find_field(response.headers, "date");
      const std::time_t second = date != nullptr ? curl_getdate(date->c_str(), nullptr) : -1;
      if (second < 0) return false;
      clock_offset_s_ = second - seconds_now();
      return true;
    }
    case S3Verdict::Step::kOtherCredentials: credentials_->expire(used); return true;
    case S3Verdict::Step::kDone:
    case S3Verdict::Step::kFail:
    case S3Verdict::Step::kRetry:
    case S3Verdict::Step::kRetrySlower: return true;
  }
  return false;
}

S3Problem S3Client::perform(const Operation& operation, HttpResponse& response,
                            const RequestContext& context) {
  S3Retries retries;
  std::optional<S3Address> redirect;
  while (true) {
    AwsCredentials used;
    response = send(operation, redirect, used, context);
    const S3Verdict verdict = verdict_of(response, operation.wants_xml);
    if (verdict.step == S3Verdict::Step::kDone) gate_.speed_up();
    if (verdict.step == S3Verdict::Step::kDone || verdict.step == S3Verdict::Step::kFail)
      return verdict.problem;
    if (verdict.step == S3Verdict::Step::kRetrySlower) gate_.slow_down();
    if (operation.has_progressed && operation.has_progressed()) retries.progressed();
    if (!correct(operation, verdict, response, used, redirect) ||
        !retries.may_go_on(verdict.step)) {
      return verdict.problem;
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
  operation.count = &context.counts.num_lists;
  operation.wants_xml = true;
  HttpResponse response;
  if (S3Problem problem = perform(operation, response, context)) return problem;
  std::optional<S3Page> parsed = parse_s3_page(response.body);
  if (!parsed) {
    return {S3Problem::Kind::kOther,
            "the answer is no listing of S3's: is the endpoint one of S3?"};
  }
  page = *std::move(parsed);
  return {};
}

S3Problem S3Client::get(const S3Name& name, uint64_t expected_size, ByteBuffer& bytes,
                        const RequestContext& context) {
  constexpr int kMaxBadChecksums = 3;
  S3Problem problem;
  for (int attempt = 0; attempt < kMaxBadChecksums; ++attempt) {
    HttpFields checksums;
    bytes.set_size(0);
    bytes.reserve(static_cast<size_t>(std::min(expected_size, kMaxStoredFileBytes)) + 1);
    problem = get_once(name, bytes, checksums, context);
    if (problem) return problem;
    problem = {S3Problem::Kind::kOther, checksum_problem(checksums, bytes.view())};
    if (problem.text.empty()) return {};
  }
  return problem;
}

// An answer that breaks off is continued where it did, of the same object.
S3Problem S3Client::get_once(const S3Name& name, ByteBuffer& bytes, HttpFields& checksums,
                             const RequestContext& context) {
  constexpr size_t kGrowBytes = 64 * 1024;
  std::string etag;
  size_t progress_seen = 0;
  Operation operation;
  operation.name = name;
  operation.count = &context.counts.num_gets;
  operation.resume = [&]() -> HttpFields {
    if (bytes.size() == 0 || etag.empty()) {
      bytes.set_size(0);
      return {{"x-amz-checksum-mode", "ENABLED"}};
    }
    return {{"if-match", etag}, {"range", fmt::format("bytes={}-", bytes.size())}};
  };
  operation.has_progressed = [&] {
    return std::exchange(progress_seen, bytes.size()) < bytes.size();
  };
  operation.on_headers = [&](int status, const HttpFields& headers) {
    const std::string* tag = find_field(headers, "etag");
    if (status == 200) {
      bytes.set_size(0);  // also of a server that knows no ranges
      checksums = headers;
      etag = tag != nullptr ? *tag : "";
    }
  };
  operation.on_body = [&](std::string_view piece) {
    const size_t size = bytes.size();
    if (size + piece.size() > kMaxStoredFileBytes) return false;
    if (size + piece.size() > bytes.capacity())
      bytes.reserve(size + piece.size() + std::max(size / 2, kGrowBytes));
    std::memcpy(bytes.data() + size, piece.data(), piece.size());
    bytes.set_size(size + piece.size());
    context.counts.num_bytes += piece.size();
    return true;
  };
  HttpResponse response;
  return perform(operation, response, context);
}

S3Problem S3Client::get_part(const S3Name& name, const S3Part& part, char* out,
                             const RequestContext& context) {
  uint64_t size = 0;
  uint64_t progress_seen = 0;
  bool is_range = false;
  Operation operation;
  operation.name = name;
  operation.count = &context.counts.num_gets;
  operation.resume = [&]() -> HttpFields {
    HttpFields fields = {
        {"range", fmt::format("bytes={}-{}", part.offset + size, part.offset + part.size - 1)}};
    if (!part.etag.empty()) fields.emplace_back("if-match", part.etag);
    return fields;
  };
  operation.has_progressed = [&] { return std::exchange(progress_seen, size) < size; };
  operation.on_headers = [&](int status, const HttpFields&) { is_range = status == 206; };
  operation.on_body = [&](std::string_view piece) {
    if (!is_range || size + piece.size() > part.size) return false;
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
