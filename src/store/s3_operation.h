// One request to S3 as the members of S3Client describe it to one another.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store/s3_client.h"

namespace trailsql {

/// One thing asked for, however many attempts it takes.
struct S3Client::Operation {
  std::string method = "GET";
  S3Name name;
  HttpFields query;
  HttpFields headers;
  std::string_view body;
  std::atomic<uint64_t>* count = nullptr;  // of its kind
  std::function<bool(std::string_view)> on_body;
  std::function<void(int status, const HttpFields& headers)> on_headers;  // of success, before it
  bool wants_xml = false;  // a success may be an error all the same: its body tells
  /// Headers that depend on how far earlier attempts came.
  std::function<HttpFields()> resume;
  /// Whether anything has come since it was asked last.
  std::function<bool()> has_progressed;
};

}  // namespace trailsql
