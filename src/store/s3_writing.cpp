// What changes buckets: objects that are put and deleted, uploads of many parts.
#include <fmt/core.h>

#include <charconv>

#include "store/curl_library.h"
#include "store/s3_client.h"
#include "store/s3_operation.h"

namespace trailsql {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1'000'000;

S3Object object_of(const S3Name& name, const HttpFields& headers) {
  S3Object object;
  object.key = name.key;
  if (const std::string* etag = find_field(headers, "etag")) object.etag = *etag;
  if (const std::string* size = find_field(headers, "content-length"))
    std::from_chars(size->data(), size->data() + size->size(), object.size_bytes);
  if (const std::string* time = find_field(headers, "last-modified")) {
    if (const auto second = parse_http_time(*time))
      object.modified_time_us = *second * kMicrosecondsPerSecond;
  }
  return object;
}

// source: Amazon S3 API Reference, "CompleteMultipartUpload". ETags hold nothing that XML does not
// take as it is, but for their quotes, which it takes in text.
std::string list_of_parts(const std::vector<std::string>& etags) {
  std::string xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (size_t i = 0; i < etags.size(); ++i) {
    xml += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1, etags[i]);
  }
  return xml + "</CompleteMultipartUpload>";
}

}  // namespace

S3Problem S3Client::head(const S3Name& name, S3Object& object, const RequestContext& context) {
  Operation operation;
  operation.method = "HEAD";
  operation.name = name;
  operation.count = &context.counts.num_gets;
  HttpResponse response;
  if (S3Problem problem = perform(operation, response, context)) return problem;
  object = object_of(name, response.headers);
  return {};
}

S3Problem S3Client::put(const S3Name& name, std::string_view bytes, const RequestContext& context) {
  Operation operation;
  operation.method = "PUT";
  operation.name = name;
  operation.body = bytes;
  operation.count = &context.counts.num_puts;
  HttpResponse response;
  return perform(operation, response, context);
}

S3Problem S3Client::remove(const S3Name& name, const RequestContext& context) {
  Operation operation;
  operation.method = "DELETE";
  operation.name = name;
  operation.count = &context.counts.num_puts;
  HttpResponse response;
  S3Problem problem = perform(operation, response, context);
  if (problem.kind == S3Problem::Kind::kNoSuchKey) return {};
  return problem;
}

S3Problem S3Client::begin_upload(const S3Name& name, std::string& upload_id,
                                 const RequestContext& context) {
  Operation operation;
  operation.method = "POST";
  operation.name = name;
  operation.query = {{"uploads", ""}};
  operation.count = &context.counts.num_puts;
  operation.wants_xml = true;
  HttpResponse response;
  if (S3Problem problem = perform(operation, response, context)) return problem;
  upload_id = parse_s3_upload_id(response.body);
  if (!upload_id.empty()) return {};
  return {S3Problem::Kind::kOther, "the answer names no upload: is the endpoint one of S3?"};
}

S3Problem S3Client::put_part(const S3Name& name, const std::string& upload_id, uint32_t part_number,
                             std::string_view bytes, std::string& etag,
                             const RequestContext& context) {
  Operation operation;
  operation.method = "PUT";
  operation.name = name;
  operation.query = {{"partNumber", std::to_string(part_number)}, {"uploadId", upload_id}};
  operation.body = bytes;
  operation.count = &context.counts.num_puts;
  HttpResponse response;
  if (S3Problem problem = perform(operation, response, context)) return problem;
  const std::string* tag = find_field(response.headers, "etag");
  if (tag == nullptr)
    return {S3Problem::Kind::kOther, fmt::format("part {} came without an ETag", part_number)};
  etag = *tag;
  return {};
}

S3Problem S3Client::finish_upload(const S3Name& name, const std::string& upload_id,
                                  const std::vector<std::string>& etags,
                                  const RequestContext& context) {
  const std::string parts = list_of_parts(etags);
  Operation operation;
  operation.method = "POST";
  operation.name = name;
  operation.query = {{"uploadId", upload_id}};
  operation.body = parts;
  operation.count = &context.counts.num_puts;
  operation.wants_xml = true;
  HttpResponse response;
  S3Problem problem = perform(operation, response, context);
  // An upload that is not there any more has been finished, if the answer to that was lost.
  S3Object object;
  if (problem.kind == S3Problem::Kind::kNoSuchKey && !head(name, object, context)) return {};
  return problem;
}

S3Problem S3Client::abandon_upload(const S3Name& name, const std::string& upload_id,
                                   const RequestContext& context) {
  Operation operation;
  operation.method = "DELETE";
  operation.name = name;
  operation.query = {{"uploadId", upload_id}};
  operation.count = &context.counts.num_puts;
  HttpResponse response;
  S3Problem problem = perform(operation, response, context);
  if (problem.kind == S3Problem::Kind::kNoSuchKey) return {};
  return problem;
}

}  // namespace trailsql
