// Which compression a file has. Its content decides, not its name; the name is compared with it,
// so that one that lies can be told.
#pragma once

#include <cstdint>
#include <string_view>

namespace trailsql {

enum class Compression : uint8_t {
  kNone,
  kGzip,    // RFC 1952
  kZlib,    // RFC 1950, what Hadoop calls deflate
  kZstd,    // RFC 8878
  kBzip2,   //
  kSnappy,  // the framing format; Hadoop's own blocks carry no signature
  kLz4,     // recognised, not read: these three
  kXz,      //
  kLzop,    //
};

/// Returns how `bytes` begin; kNone for what has no signature. Of the two-byte headers of zlib only
/// those count that no text in UTF-8 begins with; all of them when the name promises zlib.
Compression compression_of(std::string_view bytes, Compression named = Compression::kNone);

/// Returns what the extension of a path promises: .gz, .deflate, .zst, .bz2, .snappy, .sz, .lz4,
/// .xz, .lzo and their like, in any case.
Compression compression_named(std::string_view path);

/// Returns "gzip", "zstd", …; "plain text" for kNone.
std::string_view compression_name(Compression compression);

/// Returns whether `new_inflater` has one for it.
bool can_inflate(Compression compression);

}  // namespace trailsql
