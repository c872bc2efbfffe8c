// Distributions: normal, beta, Student's t, and Wilson's interval.
#include <cmath>
#include <numbers>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// The continued fraction of the incomplete beta function (Lentz's method); converges fast for
// x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr int kMaxSteps = 10'000;
  constexpr double kPrecision = 1e-16;
  constexpr double kNearZero = 1e-300;
  const auto away_from_zero = [](double value) {
    return std::abs(value) < kNearZero ? kNearZero : value;
  };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int step = 1; step <= kMaxSteps; ++step) {
    const double m = step;
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < kPrecision) break;
  }
  return fraction;
}

// lgamma writes a global variable that says the sign, which is not needed here.
double log_gamma(double value) {
  int sign = 0;
  return lgamma_r(value, &sign);
}

// The regularized incomplete beta function for 0 ≤ x ≤ 1.
double incomplete_beta(double a, double b, double x) {
  if (std::isnan(x) || std::isnan(a) || std::isnan(b)) return std::nan("");
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) +
                                b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

// Returns where a rising function reaches `target` between the two ends.
template <typename Function>
double find_argument(Function&& function, double target, double low, double high) {
  constexpr int kMaxSteps = 200;
  for (int step = 0; step < kMaxSteps; ++step) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    (function(middle) < target ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Far from the mean these lose digits as Trino's do, since both are written with erf.
double normal_cdf(double mean, double deviation, double value) {
  if (!(deviation > 0)) fail_argument("standardDeviation must be > 0");
  return (1 + std::erf((value - mean) / (deviation * std::numbers::sqrt2))) / 2;
}

double inverse_normal_cdf(double mean, double deviation, double probability) {
  if (!(probability > 0 && probability < 1)) fail_argument("p must be 0 > p > 1");
  if (!(deviation > 0)) fail_argument("sd must be > 0");
  const double target = 2 * probability - 1;
  if (std::abs(target) >= 1) return std::copysign(HUGE_VAL, target);
  if (target == 0) return mean;
  constexpr double kFarthest = 10;  // beyond it erf is 1
  const auto error_function = [](double value) { return std::erf(value); };
  const double place = find_argument(error_function, target, -kFarthest, kFarthest);
  return mean + deviation * std::numbers::sqrt2 * place;
}

void check_beta_shape(double a, double b) {
  if (!(a > 0 && b > 0)) fail_argument("a, b must be > 0");
}

double beta_cdf(double a, double b, double value) {
  if (!(value >= 0 && value <= 1)) fail_argument("value must be 0 >= v >= 1");
  check_beta_shape(a, b);
  return incomplete_beta(a, b, value);
}

double inverse_beta_cdf(double a, double b, double probability) {
  if (!(probability >= 0 && probability <= 1)) fail_argument("p must be 0 >= p >= 1");
  check_beta_shape(a, b);
  if (probability == 0 || probability == 1) return probability;
  return find_argument([a, b](double value) { return incomplete_beta(a, b, value); }, probability,
                       0, 1);
}

void check_degrees(double degrees) {
  if (degrees < 1) fail_argument("degrees of freedom must be greater than or equal to 1");
}

double t_cdf(double value, double degrees) {
  check_degrees(degrees);
  if (std::isinf(value)) return value > 0 ? 1 : 0;
  const double tail = incomplete_beta(degrees / 2, 0.5, degrees / (degrees + value * value)) / 2;
  return value < 0 ? tail : 1 - tail;
}

double t_pdf(double value, double degrees) {
  check_degrees(degrees);
  const double half = (degrees + 1) / 2;
  return std::exp(log_gamma(half) - log_gamma(degrees / 2) -
                  std::log(degrees * std::numbers::pi) / 2 -
                  half * std::log1p(value * value / degrees));
}

// The end of Wilson's interval; `side` is -1 for the lower one, 1 for the upper one.
double wilson_end(int64_t successes, int64_t trials, double z, int side) {
  if (successes < 0) fail_argument("number of successes must not be negative");
  if (trials <= 0) fail_argument("number of trials must be positive");
  if (successes > trials)
    fail_argument("number of successes must not be larger than number of trials");
  if (!(z >= 0)) fail_argument("z-score must not be negative");
  const auto n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double square = z * z;
  const double middle = p + square / (2 * n);
  const double reach = z * std::sqrt(p * (1 - p) / n + square / (4 * n * n));
  return (middle + side * reach) / (1 + square / n);
}
double wilson_lower(int64_t successes, int64_t trials, double z) {
  return wilson_end(successes, trials, z, -1);
}
double wilson_upper(int64_t successes, int64_t trials, double z) {
  return wilson_end(successes, trials, z, 1);
}

constexpr std::string_view kThree = "(double, double, double) -> double";
constexpr std::string_view kTwo = "(double, double) -> double";
constexpr std::string_view kInterval = "(bigint, bigint, double) -> double";

constexpr FunctionEntry kProbabilityFunctions[] = {
    fallible("normal_cdf", kThree, "Returns the normal distribution's probability up to a value.",
             kernel_of<normal_cdf>),
    fallible("inverse_normal_cdf", kThree, "Returns the normal distribution's quantile.",
             kernel_of<inverse_normal_cdf>),
    fallible("beta_cdf", kThree, "Returns the beta distribution's probability up to a value.",
             kernel_of<beta_cdf>),
    fallible("inverse_beta_cdf", kThree, "Returns the beta distribution's quantile.",
             kernel_of<inverse_beta_cdf>),
    fallible("t_cdf", kTwo, "Returns Student's distribution's probability up to a value.",
             kernel_of<t_cdf>),
    fallible("t_pdf", kTwo, "Returns the density of Student's distribution.", kernel_of<t_pdf>),
    fallible("wilson_interval_lower", kInterval,
             "Returns the lower end of Wilson's interval for a share of successes.",
             kernel_of<wilson_lower>),
    fallible("wilson_interval_upper", kInterval,
             "Returns the upper end of Wilson's interval for a share of successes.",
             kernel_of<wilson_upper>),
};

}  // namespace

std::span<const FunctionEntry> probability_functions() { return kProbabilityFunctions; }

}  // namespace trailsql
