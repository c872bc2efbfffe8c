// Takes any text through the whole journey of a statement, under libFuzzer; its mutations are made
// of tokens.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include "statement_check.h"
#include "statement_mutator.h"

namespace {

std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

size_t write(const std::string& text, uint8_t* out, size_t max_size) {
  const size_t size = std::min(text.size(), max_size);
  std::memcpy(out, text.data(), size);
  return size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string finding = trailsql::check_statement(text_of(data, size));
  if (finding.empty()) return 0;
  std::fprintf(stderr, "%.*s\n%s\n", static_cast<int>(size), reinterpret_cast<const char*>(data),
               finding.c_str());
  std::abort();
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  std::mt19937_64 random(seed);
  return write(trailsql::mutate_statement(text_of(data, size), {}, random), data, max_size);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data, size_t size, const uint8_t* other,
                                            size_t other_size, uint8_t* out, size_t max_size,
                                            unsigned int seed) {
  std::mt19937_64 random(seed);
  return write(trailsql::mutate_statement(text_of(data, size), text_of(other, other_size), random),
               out, max_size);
}
