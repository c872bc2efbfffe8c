#include "functions/murmur_hash.h"

#include <bit>
#include <cstring>

namespace trailsql {
namespace {

constexpr uint64_t kFirstFactor = 0x87c37b91114253d5;
constexpr uint64_t kSecondFactor = 0x4cf5ad432745937f;
constexpr size_t kBlock = 16;

uint64_t scrambled_first(uint64_t value) {
  return std::rotl(value * kFirstFactor, 31) * kSecondFactor;
}
uint64_t scrambled_second(uint64_t value) {
  return std::rotl(value * kSecondFactor, 33) * kFirstFactor;
}

uint64_t finished(uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccd;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53;
  return value ^ value >> 33;
}

}  // namespace

uint64_t murmur_hash(std::string_view bytes) {
  uint64_t first = 0;
  uint64_t second = 0;
  const size_t size = bytes.size();
  uint64_t words[2];
  for (; bytes.size() >= kBlock; bytes.remove_prefix(kBlock)) {
    std::memcpy(words, bytes.data(), kBlock);
    first ^= scrambled_first(words[0]);
    first = (std::rotl(first, 27) + second) * 5 + 0x52dce729;
    second ^= scrambled_second(words[1]);
    second = (std::rotl(second, 31) + first) * 5 + 0x38495ab5;
  }
  words[0] = words[1] = 0;
  std::memcpy(words, bytes.data(), bytes.size());
  second ^= scrambled_second(words[1]);
  first ^= scrambled_first(words[0]);
  first ^= size;
  second ^= size;
  first += second;
  second += first;
  return finished(first) + finished(second);
}

}  // namespace trailsql
