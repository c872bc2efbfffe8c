// Fills the templates of events: "$bucket" and its like become things of the account at hand.
#pragma once

#include <string>
#include <string_view>

#include "make_logs/record.h"

namespace trailsql::make_logs {

/// Fills templates for one record. Names of things ($bucket, $instance, $key…) stay the same for
/// the whole record; $uuid, $hex17, $upper16, $code40 and $number are new at each place.
class Expander {
 public:
  explicit Expander(const RecordSite& site);
  /// Returns `pattern` with every $word replaced. A word that is not known is a mistake in a table
  /// of ours: throws std::logic_error.
  std::string expand(std::string_view pattern);

 private:
  void append_word(std::string& out, std::string_view word);
  bool append_thing(std::string& out, std::string_view word) const;

  const RecordSite& site_;
  std::string_view instance_;
  std::string_view volume_;
  std::string_view group_;
  std::string_view subnet_;
  std::string_view bucket_;
  std::string_view function_;
  std::string_view table_;
  std::string_view secret_;
  std::string_view key_;
  std::string_view role_;
  std::string_view person_;
  uint32_t object_ = 0;
};

}  // namespace trailsql::make_logs
