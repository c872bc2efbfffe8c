// Digests of sets: the smallest hashes of the values with their counts, exact up to 8,192 of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trailsql {

/// Holds the hashes that a set digest keeps. source: the bytes and answers of Trino 476.
class SetDigest {
 public:
  static constexpr size_t kMaxHashes = 8192;

  /// Reads the bytes of a value; empty when they are no digest.
  static std::optional<SetDigest> read(std::string_view bytes);
  /// Writes them as Trino does while its estimator is sparse, that is for some hundred values.
  std::string write() const;

  void add(int64_t hash, int64_t count = 1);
  void merge(const SetDigest& other);

  /// Counts the distinct values: exactly, or by how dense the smallest hashes lie.
  int64_t cardinality() const;
  /// Counts the values that are in both.
  static int64_t intersection(const SetDigest& a, const SetDigest& b);
  /// Estimates how much of both sets together is in both.
  static double jaccard_index(const SetDigest& a, const SetDigest& b);

  const std::map<int64_t, int64_t>& counts() const { return counts_; }

 private:
  bool is_exact() const { return counts_.size() < kMaxHashes; }

  std::map<int64_t, int64_t> counts_;  // by hash
};

}  // namespace trailsql
