// Randomness that is the same on every machine: std's distributions are not.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql::make_logs {

/// Makes numbers from a seed (SplitMix64): the same seed gives the same numbers everywhere.
class Random {
 public:
  /// Seeds from several numbers, so that every file has its own stream whatever the threads do.
  Random(uint64_t seed, uint64_t a, uint64_t b) : state_(seed) {
    state_ = next() ^ (a * 0x9E3779B97F4A7C15U);
    state_ = next() ^ (b * 0xD1B54A32D192ED03U);
  }

  uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }

  /// Returns a number in [0, bound); bound must not be 0.
  uint32_t below(size_t bound) {
    return static_cast<uint32_t>(((next() >> 32U) * static_cast<uint64_t>(bound)) >> 32U);
  }
  bool chance_per_mille(uint32_t per_mille) { return below(1000) < per_mille; }

  template <typename Container>
  const auto& pick(const Container& values) {
    return values[below(std::size(values))];
  }
  /// Prefers the front: a few things in an account do most of the work.
  template <typename Container>
  const auto& pick_skewed(const Container& values) {
    return values[below(below(std::size(values)) + 1U)];
  }

  void append_hex(std::string& out, size_t length) { append(out, length, "0123456789abcdef"); }
  void append_upper(std::string& out, size_t length) {
    append(out, length, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
  }
  void append_mixed(std::string& out, size_t length) {
    append(out, length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  }
  std::string hex(size_t length) {
    std::string text;
    append_hex(text, length);
    return text;
  }
  std::string upper(size_t length) {
    std::string text;
    append_upper(text, length);
    return text;
  }
  std::string uuid() {
    std::string text;
    append_hex(text, 8);
    for (const size_t length : {4U, 4U, 4U, 12U}) {
      text += '-';
      append_hex(text, length);
    }
    text[14] = '4';
    text[19] = "89ab"[below(4)];
    return text;
  }

 private:
  // `alphabet` has 2, 4, 8, 16, 32 or 64 letters, so that no division is needed.
  void append(std::string& out, size_t length, std::string_view alphabet) {
    const uint64_t mask = alphabet.size() - 1;
    uint64_t bits = 0;
    for (size_t i = 0; i < length; ++i) {
      if (i % 10 == 0) bits = next();
      out += alphabet[bits & mask];
      bits >>= 6U;
    }
  }

  uint64_t state_;
};

}  // namespace trailsql::make_logs
