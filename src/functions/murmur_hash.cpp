#include "functions/murmur_hash.h"

#include <bit>

namespace trailsql {
namespace {

class Murmur3 {
 public:
  static std::array<uint64_t, 2> hash(std::string_view bytes) {
    Murmur3 state;
    const uint64_t size = bytes.size();
    for (; bytes.size() >= kBlockBytes; bytes.remove_prefix(kBlockBytes))
      state.mix_block(word(bytes.substr(0, 8)), word(bytes.substr(8, 8)));
    if (bytes.size() > 8) state.second_ ^= scramble_second(word(bytes.substr(8)));
    if (!bytes.empty()) state.first_ ^= scramble_first(word(bytes.substr(0, 8)));
    return state.finish(size);
  }

 private:
  static constexpr size_t kBlockBytes = 16;
  static constexpr uint64_t kFirst = 0x87c37b91114253d5U;
  static constexpr uint64_t kSecond = 0x4cf5ad432745937fU;

  static uint64_t word(std::string_view bytes) {
    uint64_t value = 0;
    for (size_t i = bytes.size(); i > 0; --i)
      value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
    return value;
  }
  static uint64_t scramble_first(uint64_t value) { return std::rotl(value * kFirst, 31) * kSecond; }
  static uint64_t scramble_second(uint64_t value) {
    return std::rotl(value * kSecond, 33) * kFirst;
  }
  static uint64_t spread(uint64_t value) {
    value = (value ^ value >> 33U) * 0xff51afd7ed558ccdU;
    value = (value ^ value >> 33U) * 0xc4ceb9fe1a85ec53U;
    return value ^ value >> 33U;
  }
  void mix_block(uint64_t first, uint64_t second) {
    first_ ^= scramble_first(first);
    first_ = (std::rotl(first_, 27) + second_) * 5 + 0x52dce729U;
    second_ ^= scramble_second(second);
    second_ = (std::rotl(second_, 31) + first_) * 5 + 0x38495ab5U;
  }
  std::array<uint64_t, 2> finish(uint64_t size) {
    first_ ^= size;
    second_ ^= size;
    first_ += second_;
    second_ += first_;
    first_ = spread(first_);
    second_ = spread(second_);
    first_ += second_;
    second_ += first_;
    return {first_, second_};
  }

  uint64_t first_ = 0;
  uint64_t second_ = 0;
};

}  // namespace

std::array<uint64_t, 2> murmur3_hash(std::string_view bytes) { return Murmur3::hash(bytes); }

}  // namespace trailsql
