// Aggregates that are sketches in Trino: approx_distinct, approx_percentile, … The engine collects
// the values; a kernel makes the answer.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/distinct_estimate.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/value_hash.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// ---- approx_distinct

constexpr double kDefaultError = 0.023;

// Returns how many buckets Trino's HyperLogLog has for a standard error.
size_t bucket_count(double error) {
  constexpr double kLowestError = 0.0040625;
  constexpr double kHighestError = 0.26;
  if (!(error >= kLowestError && error <= kHighestError)) {
    std::string text = "Max standard error must be in [0.0040625, 0.26]: ";
    append_java_double(text, error);
    fail_argument(text);
  }
  constexpr double kSquaredFactor = 1.0816;
  const double wanted = std::ceil(kSquaredFactor / (error * error));
  size_t count = 1;
  while (static_cast<double>(count) < wanted) count *= 2;
  return count;
}

int64_t count_distinct(ListView values, double error) {
  const size_t num_buckets = bucket_count(error);
  const Column& elements = values.elements();
  // Equal times in different zones are one value.
  const bool is_zoned_time = elements.type().is(TypeKind::kTimeWithTimeZone);
  const Column& hashed = is_zoned_time ? elements.children()[0] : elements;
  const bool hashable = is_hashable(hashed.type());
  std::unordered_set<uint64_t> hashes;
  for (size_t i = values.begin; i < values.end; ++i) {
    if (!elements.is_null(i)) hashes.insert(hashable ? hash_value(hashed, i) : i);
  }
  if (!hashable) return static_cast<int64_t>(hashes.size());
  return estimate_distinct({hashes.begin(), hashes.end()}, num_buckets);
}

int64_t count_distinct_by_default(ListView values) { return count_distinct(values, kDefaultError); }

KernelPtr make_distinct(const BoundFunction& bound) {
  const Type values = Type::array(bound.argument_types[0]);
  if (bound.argument_types.size() == 1)
    return finish_kernel<count_distinct_by_default>(bound, {values});
  return finish_kernel<count_distinct>(bound, {values, TypeKind::kDouble});
}

// ---- approx_percentile

void check_fraction(double fraction) {
  if (!(fraction >= 0 && fraction <= 1)) fail_argument("Percentile must be between 0 and 1");
}

double number_at(const Column& column, size_t row) {
  return column.type().is_integral() ? static_cast<double>(column.int64_at(row))
                                     : column.double_at(row);
}

void append_number(Column& result, double value) {
  if (result.type().is_integral()) {
    result.append_int64(static_cast<int64_t>(std::floor(value + 0.5)));
  } else {
    result.append_double(result.type().is(TypeKind::kReal) ? static_cast<float>(value) : value);
  }
}

// The sorted values of one group, with their weights: a t-digest that never had to merge.
class Digest {
 public:
  void add(double mean, double weight) {
    means_.push_back(mean);
    weights_.push_back(weight);
    total_ += weight;
  }

  // Returns the value at a fraction of the weight, as a t-digest interpolates it.
  double value_at(double fraction) const {
    check_fraction(fraction);
    const size_t last = means_.size() - 1;
    const double index = fraction * total_;
    if (last == 0 || index < 1) return means_[0];
    if (weights_[0] > 1 && index < weights_[0] / 2) return means_[0];
    if (index > total_ - 1) return means_[last];
    if (weights_[last] > 1 && total_ - index <= weights_[last] / 2) return means_[last];
    double weight_so_far = weights_[0] / 2;
    for (size_t i = 0; i < last; ++i) {
      const double step = (weights_[i] + weights_[i + 1]) / 2;
      if (weight_so_far + step > index) return between(i, index - weight_so_far, step);
      weight_so_far += step;
    }
    return means_[last];
  }

 private:
  // Returns the value `distance` of `step` behind value i. A value of weight 1 is never blended.
  double between(size_t i, double distance, double step) const {
    double left_unit = 0;
    if (weights_[i] == 1) {
      if (distance < 0.5) return means_[i];
      left_unit = 0.5;
    }
    double right_unit = 0;
    if (weights_[i + 1] == 1) {
      if (step - distance <= 0.5) return means_[i + 1];
      right_unit = 0.5;
    }
    const double to_left = distance - left_unit;
    const double to_right = step - distance - right_unit;
    const double value = (means_[i] * to_right + means_[i + 1] * to_left) / (to_left + to_right);
    return std::clamp(value, means_[i], means_[i + 1]);
  }

  std::vector<double> means_;
  std::vector<double> weights_;
  double total_ = 0;
};

// Values that have no weight of their own weigh 1 and stay exact; weighted ones are doubles.
void append_percentile(Column& result, const Column& values, const std::vector<size_t>& places,
                       double fraction) {
  check_fraction(fraction);
  const auto count = static_cast<double>(places.size());
  const size_t place = std::min(places.size() - 1, static_cast<size_t>(count * fraction));
  result.append_from(values, places[place]);
}

template <typename Append>
void append_for_each(Column& result, ListView fractions, const Append& append) {
  for (size_t i = fractions.begin; i < fractions.end; ++i) {
    if (fractions.elements().is_null(i)) fail_argument("Percentile cannot be null");
    append(result.children()[0], fractions.elements().double_at(i));
  }
  result.append_list();
}

void percentile(Column& result, ListView values, double fraction) {
  const std::vector<size_t> places = sorted_places(values.elements(), values.begin, values.end);
  if (places.empty()) return result.append_null();
  append_percentile(result, values.elements(), places, fraction);
}
void percentiles(Column& result, ListView values, ListView fractions) {
  const std::vector<size_t> places = sorted_places(values.elements(), values.begin, values.end);
  if (places.empty()) return result.append_null();
  append_for_each(result, fractions, [&](Column& target, double fraction) {
    append_percentile(target, values.elements(), places, fraction);
  });
}
KernelPtr make_percentile(const BoundFunction& bound) {
  const Type values = Type::array(bound.argument_types[0]);
  const Type& fraction = bound.argument_types[1];
  if (fraction.is(TypeKind::kArray)) return finish_kernel<percentiles>(bound, {values, fraction});
  return finish_kernel<percentile>(bound, {values, fraction});
}

// Rows are (value, weight); a row with a NULL does not count.
std::optional<Digest> digest_of(ListView rows) {
  const Column& values = rows.elements().children()[0];
  const Column& weights = rows.elements().children()[1];
  Digest digest;
  bool is_empty = true;
  for (const size_t place : sorted_places(values, rows.begin, rows.end)) {
    if (weights.is_null(place)) continue;
    const double weight = weights.double_at(place);
    if (!(weight >= 1)) {
      std::string text = "weight must be >= 1, was ";
      append_java_double(text, weight);
      fail_argument(text);
    }
    digest.add(number_at(values, place), weight);
    is_empty = false;
  }
  if (is_empty) return std::nullopt;
  return digest;
}
void weighted_percentile(Column& result, ListView rows, double fraction) {
  const std::optional<Digest> digest = digest_of(rows);
  if (!digest) return result.append_null();
  append_number(result, digest->value_at(fraction));
}
void weighted_percentile_within(Column& result, ListView rows, double fraction, double accuracy) {
  if (!(accuracy > 0 && accuracy < 1))
    fail_argument("Percentile accuracy must be strictly between 0 and 1");
  weighted_percentile(result, rows, fraction);
}
void weighted_percentiles(Column& result, ListView rows, ListView fractions) {
  const std::optional<Digest> digest = digest_of(rows);
  if (!digest) return result.append_null();
  append_for_each(result, fractions, [&](Column& target, double fraction) {
    append_number(target, digest->value_at(fraction));
  });
}
KernelPtr make_weighted_percentile(const BoundFunction& bound) {
  const std::vector<Type>& types = bound.argument_types;
  const Type rows = Type::array(Type::row({{std::nullopt, types[0]}, {std::nullopt, types[1]}}));
  if (types[2].is(TypeKind::kArray))
    return finish_kernel<weighted_percentiles>(bound, {rows, types[2]});
  if (types.size() == 3) return finish_kernel<weighted_percentile>(bound, {rows, types[2]});
  return finish_kernel<weighted_percentile_within>(bound, {rows, types[2], types[3]});
}

// ---- approx_most_frequent, numeric_histogram

// Counts values in at most `capacity` counters: one more value takes over the lowest counter.
class FrequencyCounters {
 public:
  explicit FrequencyCounters(size_t capacity) : capacity_(capacity) {}

  void add(const Column& column, size_t row) {
    for (auto& [place, count] : counters_) {
      if (values_identical(column, place, column, row)) {
        ++count;
        return;
      }
    }
    if (counters_.size() < capacity_) {
      counters_.emplace_back(row, 1);
      return;
    }
    auto lowest =
        std::min_element(counters_.begin(), counters_.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    lowest->first = row;
    ++lowest->second;
  }

  // Returns the places and counts of the most frequent values.
  std::vector<std::pair<size_t, int64_t>> most_frequent(size_t num_values) {
    std::stable_sort(counters_.begin(), counters_.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    counters_.resize(std::min(num_values, counters_.size()));
    return counters_;
  }

 private:
  size_t capacity_;
  std::vector<std::pair<size_t, int64_t>> counters_;
};

void most_frequent(Column& result, ListView values, int64_t num_buckets, int64_t capacity) {
  if (num_buckets < 2) fail_argument("approx_most_frequent bucket count must be greater than one");
  FrequencyCounters counters(static_cast<size_t>(std::max<int64_t>(capacity, 1)));
  bool is_empty = true;
  for (size_t i = values.begin; i < values.end; ++i) {
    if (values.elements().is_null(i)) continue;
    counters.add(values.elements(), i);
    is_empty = false;
  }
  if (is_empty) return result.append_null();
  auto chosen = counters.most_frequent(static_cast<size_t>(num_buckets));
  // Maps are kept sorted by key.
  std::sort(chosen.begin(), chosen.end(), [&](const auto& a, const auto& b) {
    return compare_values(values.elements(), a.first, values.elements(), b.first) < 0;
  });
  for (const auto& [place, count] : chosen) {
    result.children()[0].append_from(values.elements(), place);
    result.children()[1].append_int64(count);
  }
  result.append_list();
}
KernelPtr make_most_frequent(const BoundFunction& bound) {
  return finish_kernel<most_frequent>(
      bound, {Type::array(bound.argument_types[1]), TypeKind::kBigint, TypeKind::kBigint});
}

// One bar of a histogram.
struct Bar {
  double value;
  double weight;
};

// Returns what is lost when two neighbours become one: the variance that they have together.
double merging_loss(const Bar& a, const Bar& b) {
  const double weight = a.weight + b.weight;
  const double distance = a.value - b.value;
  return weight * (distance * distance) * (a.weight * b.weight / (weight * weight));
}

void merge_bars(std::vector<Bar>& bars, size_t num_wanted) {
  while (bars.size() > num_wanted) {
    size_t best = 0;
    for (size_t i = 1; i + 1 < bars.size(); ++i) {
      if (merging_loss(bars[i], bars[i + 1]) < merging_loss(bars[best], bars[best + 1])) best = i;
    }
    Bar& left = bars[best];
    const Bar& right = bars[best + 1];
    const double weight = left.weight + right.weight;
    left.value = (left.value * left.weight + right.value * right.weight) / weight;
    left.weight = weight;
    bars.erase(bars.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

void append_histogram(Column& result, ListView rows, int64_t num_buckets) {
  if (num_buckets < 2) fail_argument("numeric_histogram bucket count must be greater than one");
  const Column& values = rows.elements().children()[0];
  const Column& weights = rows.elements().children()[1];
  std::vector<Bar> bars;
  for (const size_t place : sorted_places(values, rows.begin, rows.end)) {
    if (weights.is_null(place)) continue;
    const Bar bar{values.double_at(place), weights.double_at(place)};
    if (!bars.empty() && bars.back().value == bar.value) {
      bars.back().weight += bar.weight;
    } else {
      bars.push_back(bar);
    }
  }
  if (bars.empty()) return result.append_null();
  merge_bars(bars, static_cast<size_t>(num_buckets));
  for (const Bar& bar : bars) {
    append_number(result.children()[0], bar.value);
    append_number(result.children()[1], bar.weight);
  }
  result.append_list();
}
KernelPtr make_numeric_histogram(const BoundFunction& bound) {
  const Type row =
      Type::row({{std::nullopt, bound.argument_types[1]}, {std::nullopt, TypeKind::kDouble}});
  return finish_kernel<append_histogram>(bound, {Type::array(row), TypeKind::kBigint});
}

// What is the same for the whole group may still come from a column: the last row's counts.
constexpr std::string_view kPercentile =
    "{kernel}(list({distinct}{0}{order}){tail}, last({1}){tail})";
constexpr std::string_view kWeighted =
    "{kernel}(list({distinct}struct_pack(f0 := {0}, f1 := {1}){order}){tail}, last({2}){tail})";
constexpr std::string_view kWeightedWithin =
    "{kernel}(list({distinct}struct_pack(f0 := {0}, f1 := {1}){order}){tail}, last({2}){tail}, "
    "last({3}){tail})";
constexpr std::string_view kHistogram =
    "{kernel}(list({distinct}struct_pack(f0 := {1}, f1 := CAST(1 AS DOUBLE)){order}){tail}, "
    "last({0}){tail})";
constexpr std::string_view kWeightedHistogram =
    "{kernel}(list({distinct}struct_pack(f0 := {1}, f1 := {2}){order}){tail}, last({0}){tail})";
constexpr std::string_view kMostFrequent =
    "{kernel}(list({distinct}{1}{order}){tail}, last({0}){tail}, last({2}){tail})";
constexpr std::string_view kAtFraction = "Returns the value at a fraction of the sorted values.";
constexpr std::string_view kAtFractions = "Returns the values at fractions of the sorted values.";

constexpr FunctionEntry kApproximateAggregates[] = {
    aggregate("approx_distinct", "(T) -> bigint",
              "coalesce({kernel}(list(DISTINCT {0}{order}){tail}), 0)",
              "Counts distinct values, within 2.3 % on average.", make_distinct),
    aggregate("approx_distinct", "(T, double) -> bigint",
              "coalesce({kernel}(list(DISTINCT {0}{order}){tail}, last({1}){tail}), 0)",
              "Counts distinct values with a standard error.", make_distinct),
    aggregate("approx_percentile", "(bigint, array(double)) -> array(bigint)", kPercentile,
              kAtFractions, make_percentile),
    aggregate("approx_percentile", "(bigint, double) -> bigint", kPercentile, kAtFraction,
              make_percentile),
    aggregate("approx_percentile", "(bigint, double, array(double)) -> array(bigint)", kWeighted,
              kAtFractions, make_weighted_percentile),
    aggregate("approx_percentile", "(bigint, double, double) -> bigint", kWeighted, kAtFraction,
              make_weighted_percentile),
    aggregate("approx_percentile", "(bigint, double, double, double) -> bigint", kWeightedWithin,
              kAtFraction, make_weighted_percentile),
    aggregate("approx_percentile", "(double, array(double)) -> array(double)", kPercentile,
              kAtFractions, make_percentile),
    aggregate("approx_percentile", "(double, double) -> double", kPercentile, kAtFraction,
              make_percentile),
    aggregate("approx_percentile", "(double, double, array(double)) -> array(double)", kWeighted,
              kAtFractions, make_weighted_percentile),
    aggregate("approx_percentile", "(double, double, double) -> double", kWeighted, kAtFraction,
              make_weighted_percentile),
    aggregate("approx_percentile", "(double, double, double, double) -> double", kWeightedWithin,
              kAtFraction, make_weighted_percentile),
    aggregate("approx_percentile", "(real, array(double)) -> array(real)", kPercentile,
              kAtFractions, make_percentile),
    aggregate("approx_percentile", "(real, double) -> real", kPercentile, kAtFraction,
              make_percentile),
    aggregate("approx_percentile", "(real, double, array(double)) -> array(real)", kWeighted,
              kAtFractions, make_weighted_percentile),
    aggregate("approx_percentile", "(real, double, double) -> real", kWeighted, kAtFraction,
              make_weighted_percentile),
    aggregate("approx_percentile", "(real, double, double, double) -> real", kWeightedWithin,
              kAtFraction, make_weighted_percentile),
    aggregate("approx_most_frequent", "(bigint, bigint, bigint) -> map(bigint, bigint)",
              kMostFrequent, "Counts the most frequent values.", make_most_frequent),
    aggregate("approx_most_frequent", "(bigint, varchar, bigint) -> map(varchar, bigint)",
              kMostFrequent, "Counts the most frequent values.", make_most_frequent),
    aggregate("numeric_histogram", "(bigint, double) -> map(double, double)", kHistogram,
              "Counts values in as many buckets.", make_numeric_histogram),
    aggregate("numeric_histogram", "(bigint, double, double) -> map(double, double)",
              kWeightedHistogram, "Adds up weights in as many buckets.", make_numeric_histogram),
    aggregate("numeric_histogram", "(bigint, real) -> map(real, real)", kHistogram,
              "Counts values in as many buckets.", make_numeric_histogram),
    aggregate("numeric_histogram", "(bigint, real, double) -> map(real, real)", kWeightedHistogram,
              "Adds up weights in as many buckets.", make_numeric_histogram),
};

}  // namespace

std::span<const FunctionEntry> approximate_aggregates() { return kApproximateAggregates; }

}  // namespace trailsql
