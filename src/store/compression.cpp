#include "store/compression.h"

#include <string>
#include <utility>

#include "base/text.h"

namespace trailsql {
namespace {

using namespace std::string_view_literals;

constexpr std::pair<std::string_view, Compression> kSignatures[] = {
    {"\x1f\x8b"sv, Compression::kGzip},
    {"\x78\x9c"sv, Compression::kZlib},
    {"\x78\xda"sv, Compression::kZlib},
    {"\x28\xb5\x2f\xfd"sv, Compression::kZstd},
    {"\xff\x06\x00\x00sNaPpY"sv, Compression::kSnappy},
    {"\x04\x22\x4d\x18"sv, Compression::kLz4},
    {"\x02\x21\x4c\x18"sv, Compression::kLz4},
    {"\xfd"
     "7zXZ\0"sv,
     Compression::kXz},
    {"\x89LZO\0\r\n\x1a\n"sv, Compression::kLzop},
};

constexpr std::pair<std::string_view, Compression> kExtensions[] = {
    {".gz", Compression::kGzip},       {".gzip", Compression::kGzip},
    {".deflate", Compression::kZlib},  {".zlib", Compression::kZlib},
    {".zst", Compression::kZstd},      {".zstd", Compression::kZstd},
    {".bz2", Compression::kBzip2},     {".bzip2", Compression::kBzip2},
    {".snappy", Compression::kSnappy}, {".sz", Compression::kSnappy},
    {".lz4", Compression::kLz4},       {".xz", Compression::kXz},
    {".lzo", Compression::kLzop},
};

// "BZh", a digit, and the first bytes of a block, or of the end of an empty file: text may begin
// with the first four.
bool is_bzip2(std::string_view bytes) {
  if (!bytes.starts_with("BZh") || bytes.size() < 4 || bytes[3] < '1' || bytes[3] > '9')
    return false;
  const std::string_view block = bytes.substr(4);
  return block.starts_with("\x31\x41\x59\x26\x53\x59") ||
         block.starts_with("\x17\x72\x45\x38\x50\x90");
}

// A frame that readers of zstd skip, which may stand first.
bool is_skippable_zstd(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] >= '\x50' && bytes[0] <= '\x5f' &&
         bytes.substr(1).starts_with("\x2a\x4d\x18");
}

// source: RFC 1950, 2.2: deflate, a window of at most 32 KiB, and a check of both bytes.
bool has_zlib_header(std::string_view bytes) {
  constexpr unsigned kDeflate = 8;
  if (bytes.size() < 2) return false;
  const unsigned method = static_cast<uint8_t>(bytes[0]);
  const unsigned flags = static_cast<uint8_t>(bytes[1]);
  return (method & 15) == kDeflate && method >> 4 <= 7 && (method << 8 | flags) % 31 == 0;
}

}  // namespace

Compression compression_of(std::string_view bytes, Compression named) {
  for (const auto& [signature, compression] : kSignatures) {
    if (bytes.starts_with(signature)) return compression;
  }
  if (is_bzip2(bytes)) return Compression::kBzip2;
  if (is_skippable_zstd(bytes)) return Compression::kZstd;
  if (named == Compression::kZlib && has_zlib_header(bytes)) return Compression::kZlib;
  return Compression::kNone;
}

Compression compression_named(std::string_view path) {
  const size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] != '.') return Compression::kNone;
  const std::string extension = to_lower_ascii(path.substr(dot));
  for (const auto& [known, compression] : kExtensions) {
    if (extension == known) return compression;
  }
  return Compression::kNone;
}

std::string_view compression_name(Compression compression) {
  switch (compression) {
    case Compression::kNone: return "plain text";
    case Compression::kGzip: return "gzip";
    case Compression::kZlib: return "zlib";
    case Compression::kZstd: return "zstd";
    case Compression::kBzip2: return "bzip2";
    case Compression::kSnappy: return "snappy";
    case Compression::kLz4: return "lz4";
    case Compression::kXz: return "xz";
    case Compression::kLzop: return "lzo";
  }
  return "";
}

bool can_inflate(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
    case Compression::kZlib:
    case Compression::kZstd:
    case Compression::kBzip2:
    case Compression::kSnappy: return true;
    case Compression::kNone:
    case Compression::kLz4:
    case Compression::kXz:
    case Compression::kLzop: return false;
  }
  return false;
}

}  // namespace trailsql
