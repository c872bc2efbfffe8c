#include "functions/spooky_hash.h"

#include <array>
#include <bit>
#include <cstring>

namespace trailsql {
namespace {

constexpr uint64_t kFiller = 0xdeadbeefdeadbeefU;
constexpr size_t kNumWords = 12;
constexpr size_t kBlockBytes = kNumWords * sizeof(uint64_t);
using State = std::array<uint64_t, kNumWords>;
using ShortState = std::array<uint64_t, 4>;

// Reads `size` ≤ 8 bytes as a little-endian number.
uint64_t read_word(const char* bytes, size_t size = sizeof(uint64_t)) {
  uint64_t word = 0;
  for (size_t i = size; i > 0; --i) word = word << 8U | static_cast<unsigned char>(bytes[i - 1]);
  return word;
}

void mix_short(ShortState& h) {
  constexpr std::array<int, 12> kTurns = {50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36};
  for (size_t i = 0; i < kTurns.size(); ++i) {
    uint64_t& word = h[(i + 2) % 4];
    word = std::rotl(word, kTurns[i]);
    word += h[(i + 3) % 4];
    h[i % 4] ^= word;
  }
}

void end_short(ShortState& h) {
  constexpr std::array<int, 11> kTurns = {15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63};
  for (size_t i = 0; i < kTurns.size(); ++i) {
    uint64_t& turned = h[(i + 2) % 4];
    uint64_t& word = h[(i + 3) % 4];
    word ^= turned;
    turned = std::rotl(turned, kTurns[i]);
    word += turned;
  }
}

// For texts below 192 bytes.
uint64_t hash_short(std::string_view bytes) {
  ShortState h = {0, 0, kFiller, kFiller};
  const char* at = bytes.data();
  size_t rest = bytes.size();
  for (; rest >= 32; rest -= 32, at += 32) {
    h[2] += read_word(at);
    h[3] += read_word(at + 8);
    mix_short(h);
    h[0] += read_word(at + 16);
    h[1] += read_word(at + 24);
  }
  if (rest >= 16) {
    h[2] += read_word(at);
    h[3] += read_word(at + 8);
    mix_short(h);
    at += 16;
    rest -= 16;
  }
  h[3] += static_cast<uint64_t>(bytes.size()) << 56U;
  if (rest == 0) {
    h[2] += kFiller;
    h[3] += kFiller;
  } else {
    h[2] += read_word(at, rest < 8 ? rest : 8);
    if (rest > 8) h[3] += read_word(at + 8, rest - 8);
  }
  end_short(h);
  return h[0];
}

void mix_block(State& s, const char* block) {
  constexpr std::array<int, kNumWords> kTurns = {11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46};
  for (size_t i = 0; i < kNumWords; ++i) {
    s[i] += read_word(block + i * sizeof(uint64_t));
    s[(i + 2) % kNumWords] ^= s[(i + 10) % kNumWords];
    s[(i + 11) % kNumWords] ^= s[i];
    s[i] = std::rotl(s[i], kTurns[i]);
    s[(i + 11) % kNumWords] += s[(i + 1) % kNumWords];
  }
}

void end_block(State& s) {
  constexpr std::array<int, kNumWords> kTurns = {44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54};
  for (size_t i = 0; i < kNumWords; ++i) {
    s[(i + 11) % kNumWords] += s[(i + 1) % kNumWords];
    s[(i + 2) % kNumWords] ^= s[(i + 11) % kNumWords];
    s[(i + 1) % kNumWords] = std::rotl(s[(i + 1) % kNumWords], kTurns[i]);
  }
}

}  // namespace

uint64_t spooky_hash(std::string_view bytes) {
  if (bytes.size() < 2 * kBlockBytes) return hash_short(bytes);
  State state = {};
  for (size_t i = 2; i < kNumWords; i += 3) state[i] = kFiller;
  while (bytes.size() >= kBlockBytes) {
    mix_block(state, bytes.data());
    bytes.remove_prefix(kBlockBytes);
  }
  std::array<char, kBlockBytes> last = {};
  std::memcpy(last.data(), bytes.data(), bytes.size());
  last.back() = static_cast<char>(bytes.size());
  for (size_t i = 0; i < kNumWords; ++i) state[i] += read_word(last.data() + i * sizeof(uint64_t));
  constexpr int kNumEndRounds = 3;
  for (int round = 0; round < kNumEndRounds; ++round) end_block(state);
  return state[0];
}

}  // namespace trailsql
