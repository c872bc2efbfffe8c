#include "functions/set_digest.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace trailsql {
namespace {

// The bytes: a version, the estimator with its size, then the hashes. Numbers have their low byte
// first.
constexpr char kVersion = 1;
constexpr size_t kHeaderBytes = 5;
constexpr int64_t kMaxCount = 32767;

void append_number(std::string& out, uint64_t value, size_t num_bytes) {
  for (; num_bytes > 0; --num_bytes, value >>= 8U) out += static_cast<char>(value & 0xFFU);
}
uint64_t read_number(std::string_view bytes, size_t place, size_t num_bytes) {
  uint64_t value = 0;
  for (size_t i = num_bytes; i > 0; --i)
    value = value << 8U | static_cast<unsigned char>(bytes[place + i - 1]);
  return value;
}

// The sparse form of HyperLogLog: for each hash 26 bits of it, and the zeros that follow them.
std::string write_estimator(const std::map<int64_t, int64_t>& counts) {
  constexpr unsigned kIndexBits = 26;
  constexpr uint64_t kSparse = 2;
  constexpr uint64_t kBucketBits = 11;
  constexpr unsigned kValueBits = 6;
  std::vector<uint32_t> entries;
  for (const auto& [hash, count] : counts) {
    const auto bits = static_cast<uint64_t>(hash);
    const int num_zeros =
        std::min(std::countl_zero(bits << kIndexBits), 64 - static_cast<int>(kIndexBits));
    entries.push_back(static_cast<uint32_t>((bits >> (64 - kIndexBits)) << kValueBits) |
                      static_cast<uint32_t>(num_zeros));
  }
  std::sort(entries.begin(), entries.end());
  std::string out;
  append_number(out, kSparse, 1);
  append_number(out, kBucketBits, 1);
  append_number(out, entries.size(), 2);
  for (const uint32_t entry : entries) append_number(out, entry, 4);
  return out;
}

}  // namespace

std::optional<SetDigest> SetDigest::read(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || bytes[0] != kVersion) return std::nullopt;
  const size_t estimator_bytes = read_number(bytes, 1, 4);
  bytes.remove_prefix(kHeaderBytes);
  constexpr size_t kNumberBytes = 8;
  if (bytes.size() < estimator_bytes + kNumberBytes) return std::nullopt;
  const size_t num_hashes = read_number(bytes, estimator_bytes + 4, 4);
  bytes.remove_prefix(estimator_bytes + kNumberBytes);
  constexpr size_t kEntryBytes = 8 + 2;
  if (num_hashes > kMaxHashes || bytes.size() != num_hashes * kEntryBytes) return std::nullopt;
  SetDigest digest;
  for (size_t i = 0; i < num_hashes; ++i) {
    digest.counts_[static_cast<int64_t>(read_number(bytes, i * 8, 8))] =
        static_cast<int64_t>(read_number(bytes, num_hashes * 8 + i * 2, 2));
  }
  return digest;
}

std::string SetDigest::write() const {
  const std::string estimator = write_estimator(counts_);
  std::string out(1, kVersion);
  append_number(out, estimator.size(), 4);
  out += estimator;
  append_number(out, kMaxHashes, 4);
  append_number(out, counts_.size(), 4);
  for (const auto& [hash, count] : counts_) append_number(out, static_cast<uint64_t>(hash), 8);
  for (const auto& [hash, count] : counts_) append_number(out, static_cast<uint64_t>(count), 2);
  return out;
}

void SetDigest::add(int64_t hash, int64_t count) {
  int64_t& known = counts_[hash];
  known = std::min(known + count, kMaxCount);
  if (counts_.size() > kMaxHashes) counts_.erase(std::prev(counts_.end()));
}

void SetDigest::merge(const SetDigest& other) {
  for (const auto& [hash, count] : other.counts_) add(hash, count);
}

int64_t SetDigest::cardinality() const {
  if (is_exact()) return static_cast<int64_t>(counts_.size());
  const double share =
      (static_cast<double>(counts_.rbegin()->first) + std::ldexp(1.0, 63)) / std::ldexp(1.0, 64);
  return std::llround(static_cast<double>(counts_.size() - 1) / share);
}

int64_t SetDigest::intersection(const SetDigest& a, const SetDigest& b) {
  if (!a.is_exact() || !b.is_exact()) {
    SetDigest both = a;
    both.merge(b);
    return std::llround(jaccard_index(a, b) * static_cast<double>(both.cardinality()));
  }
  return std::count_if(a.counts_.begin(), a.counts_.end(),
                       [&](const auto& entry) { return b.counts_.contains(entry.first); });
}

// Looks at the smallest hashes of both together, as many as the smaller digest has.
double SetDigest::jaccard_index(const SetDigest& a, const SetDigest& b) {
  const size_t size = std::min(a.counts_.size(), b.counts_.size());
  auto in_a = a.counts_.begin();
  auto in_b = b.counts_.begin();
  int64_t num_common = 0;
  for (size_t i = 0; i < size; ++i) {
    const bool takes_a =
        in_b == b.counts_.end() || (in_a != a.counts_.end() && in_a->first <= in_b->first);
    const bool takes_b =
        in_a == a.counts_.end() || (in_b != b.counts_.end() && in_b->first <= in_a->first);
    num_common += takes_a && takes_b ? 1 : 0;
    if (takes_a) ++in_a;
    if (takes_b) ++in_b;
  }
  return static_cast<double>(num_common) / static_cast<double>(size);
}

}  // namespace trailsql
