// Digests as values: HyperLogLog (approx_set) and SetDigest (make_set_digest). Here they are sorted
// hashes in bytes, so their text is not Trino's; what functions tell of them is.
#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <map>

#include "functions/distinct_estimate.h"
#include "functions/families.h"
#include "functions/murmur_hash.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// Trino's default standard error of approx_set makes as many.
constexpr size_t kNumBuckets = 4096;

uint64_t murmur_of(int64_t value) {
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  return murmur3_hash({bytes, sizeof(bytes)})[0];
}

// Returns the hash of a value as Trino holds it: a number of 64 bits, or bytes.
uint64_t digest_hash(const Column& column, size_t row) {
  const Type& type = column.type();
  switch (storage_of(type)) {
    case Storage::kString: return murmur3_hash(column.string_at(row))[0];
    case Storage::kDouble: {
      const double value = column.double_at(row);
      if (type.is(TypeKind::kReal))
        return murmur_of(std::bit_cast<int32_t>(static_cast<float>(value)));
      return murmur_of(std::bit_cast<int64_t>(value));
    }
    case Storage::kInt128: return murmur_of(static_cast<int64_t>(column.int128_at(row)));
    default: return murmur_of(column.int64_at(row));
  }
}

// A digest: how often each hash was met. HyperLogLog forgets how often.
using Hashes = std::map<int64_t, int64_t>;

void append_raw(std::string& bytes, int64_t value) {
  char raw[sizeof(value)];
  std::memcpy(raw, &value, sizeof(value));
  bytes.append(raw, sizeof(raw));
}

std::string to_bytes(const Hashes& hashes) {
  std::string bytes;
  for (const auto& [hash, count] : hashes) {
    append_raw(bytes, hash);
    append_raw(bytes, count);
  }
  return bytes;
}

void merge_bytes(Hashes& hashes, std::string_view bytes) {
  int64_t entry[2];
  for (; bytes.size() >= sizeof(entry); bytes.remove_prefix(sizeof(entry))) {
    std::memcpy(entry, bytes.data(), sizeof(entry));
    hashes[entry[0]] += entry[1];
  }
}

Hashes to_hashes(std::string_view bytes) {
  Hashes hashes;
  merge_bytes(hashes, bytes);
  return hashes;
}

std::optional<std::string> digest_values(ListView values) {
  Hashes hashes;
  for (size_t i = values.begin; i < values.end; ++i) {
    if (!values.elements().is_null(i))
      ++hashes[static_cast<int64_t>(digest_hash(values.elements(), i))];
  }
  if (hashes.empty()) return std::nullopt;
  return to_bytes(hashes);
}

std::optional<std::string> merge_digests(ListView digests) {
  Hashes hashes;
  bool is_empty = true;
  for (size_t i = digests.begin; i < digests.end; ++i) {
    if (digests.elements().is_null(i)) continue;
    merge_bytes(hashes, digests.elements().string_at(i));
    is_empty = false;
  }
  if (is_empty) return std::nullopt;
  return to_bytes(hashes);
}

template <auto Function>
KernelPtr make_of_list(const BoundFunction& bound) {
  return finish_kernel<Function>(bound, {Type::array(bound.argument_types[0])});
}

// Trino has digests of what it holds in 64 bits or as bytes, but for doubles.
KernelPtr make_set_digest(const BoundFunction& bound) {
  const Type& type = bound.argument_types[0];
  const Storage storage = storage_of(type);
  const bool digestible =
      storage == Storage::kString || (storage == Storage::kInt64 && !type.is(TypeKind::kBoolean)) ||
      type.is(TypeKind::kReal) ||
      (type.is(TypeKind::kDecimal) && type.precision() <= Type::kMaxShortDecimalPrecision);
  if (!digestible) {
    throw QueryError(
        ErrorCode::kFunctionImplementationMissing,
        fmt::format("Unsupported type parameters (system.builtin.make_set_digest({}):SetDigest) "
                    "for <T>(t):setdigest",
                    type.display()));
  }
  return make_of_list<digest_values>(bound);
}

int64_t estimate(std::string_view bytes) {
  std::vector<uint64_t> hashes;
  for (const auto& [hash, count] : to_hashes(bytes)) hashes.push_back(static_cast<uint64_t>(hash));
  return estimate_distinct(hashes, kNumBuckets);
}
int64_t count_hashes(std::string_view bytes) {
  return static_cast<int64_t>(to_hashes(bytes).size());
}

int64_t count_common(std::string_view left, std::string_view right) {
  const Hashes others = to_hashes(right);
  int64_t count = 0;
  for (const auto& [hash, times] : to_hashes(left)) count += others.contains(hash) ? 1 : 0;
  return count;
}

// Looks at as many of the lowest hashes of both as the smaller one has, as Trino does.
double jaccard_index(std::string_view left, std::string_view right) {
  const Hashes a = to_hashes(left);
  const Hashes b = to_hashes(right);
  Hashes both = a;
  both.insert(b.begin(), b.end());
  const size_t smaller = std::min(a.size(), b.size());
  size_t num_seen = 0;
  size_t num_common = 0;
  for (const auto& [hash, count] : both) {
    if (num_seen++ == smaller) break;
    num_common += a.contains(hash) && b.contains(hash) ? 1 : 0;
  }
  return static_cast<double>(num_common) / static_cast<double>(smaller);
}

void append_hash_counts(Column& result, std::string_view bytes) {
  for (const auto& [hash, count] : to_hashes(bytes)) {
    result.children()[0].append_int64(hash);
    result.children()[1].append_int64(
        std::min<int64_t>(count, std::numeric_limits<int16_t>::max()));
  }
  result.append_list();
}

constexpr std::string_view kList = "{kernel}(list({distinct}{0}{order}){tail})";
constexpr std::string_view kDistinctList = "{kernel}(list(DISTINCT {0}{order}){tail})";
constexpr std::string_view kApproxSet = "Makes a HyperLogLog of values.";

constexpr FunctionEntry kDigestFunctions[] = {
    aggregate("approx_set", "(bigint) -> HyperLogLog", kDistinctList, kApproxSet,
              make_of_list<digest_values>),
    aggregate("approx_set", "(double) -> HyperLogLog", kDistinctList, kApproxSet,
              make_of_list<digest_values>),
    aggregate("approx_set", "(varchar(x)) -> HyperLogLog", kDistinctList, kApproxSet,
              make_of_list<digest_values>),
    aggregate("merge", "(HyperLogLog) -> HyperLogLog", kList, "Joins HyperLogLogs.",
              make_of_list<merge_digests>),
    plain("empty_approx_set", "() -> HyperLogLog", "CAST('' AS BLOB)",
          "Returns a HyperLogLog of nothing."),
    total("cardinality", "(HyperLogLog) -> bigint", "Estimates the number of distinct values.",
          kernel_of<estimate>),
    aggregate("make_set_digest", "(T) -> SetDigest", kList, "Makes a digest of values.",
              make_set_digest),
    aggregate("merge_set_digest", "(SetDigest) -> SetDigest", kList, "Joins digests.",
              make_of_list<merge_digests>),
    total("cardinality", "(SetDigest) -> bigint", "Counts the distinct values of a digest.",
          kernel_of<count_hashes>),
    total("intersection_cardinality", "(SetDigest, SetDigest) -> bigint",
          "Counts the values that both digests have.", kernel_of<count_common>),
    total("jaccard_index", "(SetDigest, SetDigest) -> double",
          "Estimates how alike two digests are, from 0 to 1.", kernel_of<jaccard_index>),
    total("hash_counts", "(SetDigest) -> map(bigint, smallint)",
          "Returns the hashes of a digest and how often each was met.",
          kernel_of<append_hash_counts>),
};

}  // namespace

std::span<const FunctionEntry> digest_functions() { return kDigestFunctions; }

}  // namespace trailsql
