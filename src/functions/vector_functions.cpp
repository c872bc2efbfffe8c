// Arrays of doubles as vectors.
#include <cmath>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

bool has_null(const Column& values, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    if (values.is_null(i)) return true;
  }
  return false;
}

void check_lengths(const ListView& a, const ListView& b) {
  if (a.size() != b.size()) fail_argument("The arguments must have the same length");
}

// NULL counts as 0: that is what stands in its place.
double component(const ListView& vector, size_t i) {
  return vector.elements().double_at(vector.begin + i);
}

double dot_product(ListView a, ListView b) {
  check_lengths(a, b);
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += component(a, i) * component(b, i);
  return sum;
}

double euclidean_distance(ListView a, ListView b) {
  check_lengths(a, b);
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = component(a, i) - component(b, i);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}

std::optional<double> cosine_similarity(ListView a, ListView b) {
  check_lengths(a, b);
  if (has_null(a.elements(), a.begin, a.end) || has_null(b.elements(), b.begin, b.end))
    return std::nullopt;
  const double a_square = dot_product(a, a);
  const double b_square = dot_product(b, b);
  if (a_square == 0 || b_square == 0) fail_argument("Vector magnitude cannot be zero");
  return dot_product(a, b) / std::sqrt(a_square * b_square);
}
std::optional<double> cosine_distance(ListView a, ListView b) {
  const std::optional<double> similarity = cosine_similarity(a, b);
  return similarity ? std::optional(1 - *similarity) : std::nullopt;
}

double magnitude(const ListView& map) {
  double sum = 0;
  for (size_t i = map.begin; i < map.end; ++i)
    sum += map.values().double_at(i) * map.values().double_at(i);
  return std::sqrt(sum);
}
// Of sparse vectors: a component that is not there is 0.
std::optional<double> cosine_similarity_of_maps(ListView a, ListView b) {
  if (has_null(a.values(), a.begin, a.end) || has_null(b.values(), b.begin, b.end))
    return std::nullopt;
  double sum = 0;
  for (size_t i = a.begin; i < a.end; ++i) {
    const size_t entry = find_entry(b.keys(), b.begin, b.end, a.keys(), i);
    if (entry != b.end) sum += a.values().double_at(i) * b.values().double_at(entry);
  }
  return sum / (magnitude(a) * magnitude(b));
}

constexpr FunctionEntry kVectorFunctions[] = {
    fallible("dot_product", "(array(double), array(double)) -> double",
             "Returns the dot product of vectors.", kernel_of<dot_product>),
    fallible("euclidean_distance", "(array(double), array(double)) -> double",
             "Returns the distance of points.", kernel_of<euclidean_distance>),
    fallible("cosine_similarity", "(array(double), array(double)) -> double",
             "Returns the cosine of the angle between vectors.", kernel_of<cosine_similarity>),
    total("cosine_similarity", "(map(varchar, double), map(varchar, double)) -> double",
          "Returns the cosine of the angle between sparse vectors.",
          kernel_of<cosine_similarity_of_maps>),
    fallible("cosine_distance", "(array(double), array(double)) -> double",
             "Returns 1 minus the cosine of the angle between vectors.",
             kernel_of<cosine_distance>),
};

}  // namespace

std::span<const FunctionEntry> vector_functions() { return kVectorFunctions; }

}  // namespace trailsql
