// Functions and aggregates of set digests.
#include <fmt/format.h>

#include <bit>

#include "base/error.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/murmur_hash.h"
#include "functions/set_digest.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

SetDigest read_digest(std::string_view bytes) {
  std::optional<SetDigest> digest = SetDigest::read(bytes);
  if (!digest) fail_argument("Cannot read the set digest");
  return std::move(*digest);
}

int64_t hash_of_bytes(std::string_view bytes) {
  return static_cast<int64_t>(murmur3_hash(bytes)[0]);
}

// Hashes what Trino keeps of a value: a bigint, low byte first, or its bytes.
int64_t hash_of(const Column& column, size_t row) {
  if (storage_of(column.type()) == Storage::kString) return hash_of_bytes(column.string_at(row));
  uint64_t value = 0;
  if (column.type().is(TypeKind::kReal)) {
    value =
        static_cast<uint64_t>(std::bit_cast<int32_t>(static_cast<float>(column.double_at(row))));
  } else if (column.type().is(TypeKind::kDecimal)) {
    value = static_cast<uint64_t>(column.int128_at(row));
  } else {
    value = static_cast<uint64_t>(column.int64_at(row));
  }
  std::string bytes;
  for (size_t i = 0; i < sizeof(value); ++i, value >>= 8U)
    bytes += static_cast<char>(value & 0xFFU);
  return hash_of_bytes(bytes);
}

std::optional<std::string> make_digest(ListView values) {
  SetDigest digest;
  for (size_t i = values.begin; i < values.end; ++i) {
    if (!values.elements().is_null(i)) digest.add(hash_of(values.elements(), i));
  }
  return digest.counts().empty() ? std::nullopt : std::optional(digest.write());
}

std::optional<std::string> merge_digests(ListView digests) {
  SetDigest merged;
  bool has_any = false;
  for (size_t i = digests.begin; i < digests.end; ++i) {
    if (digests.elements().is_null(i)) continue;
    merged.merge(read_digest(digests.elements().string_at(i)));
    has_any = true;
  }
  return has_any ? std::optional(merged.write()) : std::nullopt;
}

bool is_hashable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kReal:
    case TypeKind::kVarchar:
    case TypeKind::kChar:
    case TypeKind::kVarbinary:
    case TypeKind::kJson:
    case TypeKind::kUuid:
    case TypeKind::kIpAddress:
    case TypeKind::kDate: return true;
    case TypeKind::kDecimal: return type.precision() <= 18;
    case TypeKind::kTimestamp: return type.precision() <= 6;
    default: return type.is_integral();
  }
}

// The kernel takes the list of what the aggregate was given.
template <auto Function>
KernelPtr kernel_of_list(const BoundFunction& bound) {
  const Type& value = bound.argument_types[0];
  if (!is_hashable(value) && !value.is(TypeKind::kSetDigest)) {
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("Set digests of {} are not supported", value.display()));
  }
  BoundFunction inner = bound;
  inner.argument_types = {Type::array(value)};
  return kernel_of<Function>(inner);
}

int64_t cardinality(std::string_view digest) { return read_digest(digest).cardinality(); }
int64_t intersection(std::string_view a, std::string_view b) {
  return SetDigest::intersection(read_digest(a), read_digest(b));
}
double jaccard_index(std::string_view a, std::string_view b) {
  return SetDigest::jaccard_index(read_digest(a), read_digest(b));
}
void hash_counts(Column& result, std::string_view bytes) {
  const SetDigest digest = read_digest(bytes);
  for (const auto& [hash, count] : digest.counts()) {
    result.children()[0].append_int64(hash);
    result.children()[1].append_int64(count);
  }
  result.append_list();
}

constexpr std::string_view kOfList = "{kernel}(list({distinct}{0}{order}){tail})";

constexpr FunctionEntry kEntries[] = {
    aggregate("make_set_digest", "(T) -> SetDigest", kOfList, "Makes a digest of the values.",
              kernel_of_list<make_digest>),
    aggregate("merge_set_digest", "(SetDigest) -> SetDigest", kOfList, "Merges digests.",
              kernel_of_list<merge_digests>),
    fallible("cardinality", "(SetDigest) -> bigint", "Counts a digest's distinct values.",
             kernel_of<cardinality>),
    fallible("intersection_cardinality", "(SetDigest, SetDigest) -> bigint",
             "Counts the values that are in both digests.", kernel_of<intersection>),
    fallible("jaccard_index", "(SetDigest, SetDigest) -> double",
             "Estimates how alike two sets are, from 0 to 1.", kernel_of<jaccard_index>),
    fallible("hash_counts", "(SetDigest) -> map(bigint, smallint)",
             "Returns a digest's hashes and how often each came.", kernel_of<hash_counts>),
};

}  // namespace

std::span<const FunctionEntry> set_digest_functions() { return kEntries; }

}  // namespace trailsql
