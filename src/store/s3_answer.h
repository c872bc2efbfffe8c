// What S3 says in XML: pages of listings, and errors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// One object as a listing describes it.
struct S3Object {
  std::string key;
  std::string etag;  // with its quotes; empty when there is none
  uint64_t size_bytes = 0;
  int64_t modified_time_us = 0;  // microseconds since 1970-01-01 UTC
  bool is_in_archive = false;    // is stored where it must be restored before it can be read
  bool is_archived = false;      // and was not restored
};

/// A page of ListObjectsV2, in the order of the keys.
struct S3Page {
  std::vector<S3Object> objects;
  std::vector<std::string> prefixes;  // of keys up to the delimiter
  std::string next_token;             // of the page after it; empty: there is none
};

/// An <Error>. Its texts are the server's, cut to some hundred bytes.
struct S3Error {
  std::string code;     // AccessDenied
  std::string message;  // "Access Denied"
  std::string region;   // of the bucket, where the error tells
};

/// Parses the body of an answer to ListObjectsV2; nothing when it is none.
/// source: Amazon S3 API Reference, "ListObjectsV2".
std::optional<S3Page> parse_s3_page(std::string_view xml);

/// Parses the body of an error; empty fields where it is none, such as a proxy's page.
S3Error parse_s3_error(std::string_view xml);

/// Returns the upload id of an answer to CreateMultipartUpload; empty when it has none.
std::string parse_s3_upload_id(std::string_view xml);

}  // namespace trailsql
