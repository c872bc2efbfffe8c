// Puts objects where a bucket's copy has them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "make_logs/truth.h"

struct libdeflate_compressor;

namespace trailsql::make_logs {

/// Writes gzipped objects below one folder. One per thread.
class ObjectWriter {
 public:
  ObjectWriter(std::filesystem::path folder, int compression_level);
  /// Compresses `text` (one gzip member without a time, so that the same text gives the same bytes)
  /// into `key`, and counts the object. Throws std::system_error when the disk refuses.
  void put(std::string_view key, std::string_view text, Truth& truth);

 private:
  struct Free {
    void operator()(libdeflate_compressor* compressor) const;
  };
  std::filesystem::path folder_;
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
  std::string buffer_;
  std::filesystem::path last_parent_;
};

}  // namespace trailsql::make_logs
