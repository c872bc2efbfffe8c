#include "store/s3_answer.h"

#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

#include "base/text.h"

namespace trailsql {
namespace {

constexpr size_t kMaxErrorTextBytes = 500;
constexpr size_t kMaxPrologBytes = 1024;

bool parse_xml(std::string_view xml, pugi::xml_document& document) {
  return static_cast<bool>(document.load_buffer(xml.data(), xml.size()));
}

// Names and prefixes come URL-encoded when we ask for it and the server says that it did so, since
// XML cannot hold every key. A blank is '+' then, a plus sign %2B.
std::string key_text(std::string text, bool is_encoded) {
  if (!is_encoded) return text;
  std::ranges::replace(text, '+', ' ');
  return percent_decoded(text);
}

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "2023-07-10T12:05:23.000Z"; 0 where it is none.
int64_t parse_modified_time(std::string_view text) {
  constexpr size_t kSecondsSize = std::string_view("2023-07-10T12:05:23").size();
  if (text.size() < kSecondsSize) return 0;
  const auto part = [&](size_t at, size_t size) {
    return static_cast<int>(parse_number(text.substr(at, size)).value_or(0));
  };
  using namespace std::chrono;
  const year_month_day date(year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                            day(static_cast<unsigned>(part(8, 2))));
  if (!date.ok()) return 0;
  auto time = sys_days(date).time_since_epoch() + hours(part(11, 2)) + minutes(part(14, 2)) +
              seconds(part(17, 2)) + microseconds(0);
  if (text.size() >= kSecondsSize + 4 && text[kSecondsSize] == '.')
    time += milliseconds(part(kSecondsSize + 1, 3));
  return time.count();
}

// GLACIER_IR is read like any other; what INTELLIGENT_TIERING has archived, a listing does not
// tell.
bool is_archive_class(std::string_view storage_class) {
  return storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE";
}

// Of an object in an archive: whether a copy of it can be read.
bool is_restored(const pugi::xml_node& status) {
  return std::string_view(status.child_value("IsRestoreInProgress")) == "false" &&
         status.child("RestoreExpiryDate");
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

// An ETag goes into the header of another request, where a line break would begin another one.
std::string etag_text(std::string text) {
  return std::ranges::any_of(text, is_control) ? std::string() : text;
}

// One line, that says nothing to a terminal.
std::string short_text(const pugi::xml_node& node, const char* name) {
  std::string text = node.child_value(name);
  if (text.size() > kMaxErrorTextBytes) text.resize(kMaxErrorTextBytes);
  std::ranges::replace_if(text, is_control, ' ');
  std::string valid;
  append_valid_utf8(valid, trimmed(text));
  return valid;
}

// Pages of listings, which are long, need not be parsed to see that they are no errors.
bool may_be_error(std::string_view xml) {
  return trimmed(xml).substr(0, kMaxPrologBytes).find("<Error") != std::string_view::npos;
}

}  // namespace

std::optional<S3Page> parse_s3_page(std::string_view xml) {
  pugi::xml_document document;
  if (!parse_xml(xml, document)) return std::nullopt;
  const pugi::xml_node list = document.child("ListBucketResult");
  if (!list) return std::nullopt;
  const bool is_encoded = std::string_view(list.child_value("EncodingType")) == "url";
  S3Page page;
  for (const pugi::xml_node& contents : list.children("Contents")) {
    const std::optional<uint64_t> size = parse_number(contents.child_value("Size"));
    if (!size || !contents.child("Key")) return std::nullopt;
    S3Object& object = page.objects.emplace_back();
    object.key = key_text(contents.child_value("Key"), is_encoded);
    object.etag = etag_text(contents.child_value("ETag"));
    object.size_bytes = *size;
    object.modified_time_us = parse_modified_time(contents.child_value("LastModified"));
    object.is_in_archive = is_archive_class(contents.child_value("StorageClass"));
    object.is_archived = object.is_in_archive && !is_restored(contents.child("RestoreStatus"));
  }
  for (const pugi::xml_node& prefix : list.children("CommonPrefixes"))
    page.prefixes.push_back(key_text(prefix.child_value("Prefix"), is_encoded));
  if (std::string_view(list.child_value("IsTruncated")) == "true") {
    page.next_token = list.child_value("NextContinuationToken");
    if (page.next_token.empty()) return std::nullopt;  // its rest would be lost
  }
  return page;
}

S3Error parse_s3_error(std::string_view xml) {
  pugi::xml_document document;
  if (!may_be_error(xml) || !parse_xml(xml, document)) return {};
  const pugi::xml_node error = document.child("Error");
  return {short_text(error, "Code"), short_text(error, "Message"), short_text(error, "Region")};
}

std::string parse_s3_upload_id(std::string_view xml) {
  pugi::xml_document document;
  if (!parse_xml(xml, document)) return {};
  return document.child("InitiateMultipartUploadResult").child_value("UploadId");
}

}  // namespace trailsql
