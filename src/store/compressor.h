// Compression of files that are written, behind one interface: which library does the work is
// decided here only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace trailsql {

/// Compresses the bytes of one file, as they come. Use from one thread.
class Compressor {
 public:
  virtual ~Compressor() = default;
  /// Takes the next bytes and appends to `out` what is ready. Throws GENERIC_INTERNAL_ERROR when
  /// the library fails.
  virtual void add(std::string_view bytes, std::string& out) = 0;
  /// Appends the rest. Nothing may be added afterwards.
  virtual void finish(std::string& out) = 0;
};

/// One gzip member, as fast as reading it.
std::unique_ptr<Compressor> new_gzip_compressor();
/// One zstd frame, with a checksum.
std::unique_ptr<Compressor> new_zstd_compressor();
/// The bytes as they are.
std::unique_ptr<Compressor> new_plain_compressor();

}  // namespace trailsql
