// Snappy's framing format (framing_format.txt of the snappy project): chunks of at most 64 KiB with
// masked CRC-32C checksums, which ISA-L computes.
#include <fmt/core.h>
#include <isa-l.h>
#include <snappy.h>

#include <cstdint>

#include "store/inflater.h"

namespace trailsql {
namespace {

constexpr size_t kHeaderBytes = 4;  // kind, and three bytes of length
constexpr size_t kChecksumBytes = 4;
constexpr size_t kMaxSnappyChunkBytes = 65'536;  // raw

// Kinds of chunks; 0x80 to 0xfe may be skipped, the other reserved ones not.
constexpr uint8_t kCompressedChunk = 0x00;
constexpr uint8_t kRawChunk = 0x01;
constexpr uint8_t kFirstSkippable = 0x80;
constexpr uint8_t kStreamIdentifier = 0xff;

uint32_t little_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = bytes.size(); i > 0; --i) value = value << 8 | static_cast<uint8_t>(bytes[i - 1]);
  return value;
}

uint32_t masked_checksum(std::string_view raw) {
  auto* bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(raw.data()));  // only read
  const uint32_t checksum = ~::crc32_iscsi(bytes, static_cast<int>(raw.size()), 0xffffffff);
  return (checksum >> 15 | checksum << 17) + 0xa282ead8;
}

class SnappyInflater final : public Inflater {
 private:
  Compression compression() const override { return Compression::kSnappy; }

  // The stream has no end mark: a member is all chunks up to one that is none.
  bool inflate_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) override {
    while (!rest.empty()) {
      if (rest.size() < kHeaderBytes) return fail_truncated(result);
      const auto kind = static_cast<uint8_t>(rest[0]);
      const size_t size = little_endian(rest.substr(1, 3));
      if (rest.size() - kHeaderBytes < size) return fail_truncated(result);
      const std::string_view chunk = rest.substr(kHeaderBytes, size);
      if (kind == kStreamIdentifier) {
        if (chunk != "sNaPpY")
          return fail(result, InflateResult::Status::kCorrupt, "snappy: bad stream identifier");
      } else if (kind == kCompressedChunk || kind == kRawChunk) {
        if (!append_chunk(kind, chunk, raw, result)) return false;
      } else if (kind < kFirstSkippable) {
        return fail(result, InflateResult::Status::kCorrupt,
                    fmt::format("snappy: unknown chunk 0x{:02x}", kind));
      }
      rest.remove_prefix(kHeaderBytes + size);
    }
    return true;
  }

  bool append_chunk(uint8_t kind, std::string_view chunk, ByteBuffer& raw, InflateResult& result) {
    const auto bad = [&](std::string_view what) {
      return fail(result, InflateResult::Status::kCorrupt, fmt::format("snappy: {}", what));
    };
    if (chunk.size() < kChecksumBytes) return bad("chunk without a checksum");
    const uint32_t checksum = little_endian(chunk.substr(0, kChecksumBytes));
    const std::string_view data = chunk.substr(kChecksumBytes);
    size_t raw_size = data.size();
    if (kind == kCompressedChunk &&
        !snappy::GetUncompressedLength(data.data(), data.size(), &raw_size))
      return bad("bad data");
    if (raw_size > kMaxSnappyChunkBytes) return bad("chunk of more than 64 KiB");
    if (!make_room(raw, raw_size, result)) return false;
    char* out = raw.data() + raw.size();
    if (kind == kRawChunk) {
      data.copy(out, raw_size);
    } else if (!snappy::RawUncompress(data.data(), data.size(), out)) {
      return bad("bad data");
    }
    if (masked_checksum({out, raw_size}) != checksum) return bad("checksum is not right");
    raw.set_size(raw.size() + raw_size);
    return true;
  }

  static bool fail_truncated(InflateResult& result) {
    return fail(result, InflateResult::Status::kTruncated, "Unexpected end of snappy data");
  }
};

}  // namespace

std::unique_ptr<Inflater> new_snappy_inflater() { return std::make_unique<SnappyInflater>(); }

}  // namespace trailsql
