#define PCRE2_CODE_UNIT_WIDTH 8
#include "functions/regexp.h"

#include <fmt/core.h>
#include <pcre2.h>
#include <re2/re2.h>

#include <array>
#include <unordered_map>

#include "functions/argument_error.h"

namespace trailsql {
namespace {

class Re2Regexp final : public Regexp {
 public:
  Re2Regexp(std::unique_ptr<re2::RE2> pattern, Extent extent)
      : pattern_(std::move(pattern)),
        anchor_(extent == Extent::kWhole ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED) {}

  size_t num_groups() const override {
    return static_cast<size_t>(pattern_->NumberOfCapturingGroups());
  }
  std::optional<size_t> find_group(const std::string& name) const override {
    const auto found = pattern_->NamedCapturingGroups().find(name);
    if (found == pattern_->NamedCapturingGroups().end()) return std::nullopt;
    return static_cast<size_t>(found->second);
  }
  bool matches(std::string_view text) const override {
    return pattern_->Match(piece(text), 0, text.size(), anchor_, nullptr, 0);
  }
  bool search(std::string_view text, size_t start, RegexpMatch& match,
              std::string&) const override {
    std::vector<re2::StringPiece> groups(num_groups() + 1);
    if (!pattern_->Match(piece(text), start, text.size(), anchor_, groups.data(),
                         static_cast<int>(groups.size())))
      return false;
    match.assign(groups.size(), std::nullopt);
    const char* base = text.data() == nullptr ? "" : text.data();
    for (size_t i = 0; i < groups.size(); ++i) {
      if (groups[i].data() == nullptr) continue;
      const auto begin = static_cast<size_t>(groups[i].data() - base);
      match[i] = RegexpSpan{begin, begin + groups[i].size()};
    }
    return true;
  }

 private:
  // An empty view may have no address, but a group that matched nothing must have one.
  static re2::StringPiece piece(std::string_view text) {
    return text.data() == nullptr ? re2::StringPiece("", 0)
                                  : re2::StringPiece(text.data(), text.size());
  }
  std::unique_ptr<re2::RE2> pattern_;
  const re2::RE2::Anchor anchor_;
};

struct CodeDeleter {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct MatchContextDeleter {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

class PcreRegexp final : public Regexp {
 public:
  explicit PcreRegexp(pcre2_code* code)
      : code_(code), context_(pcre2_match_context_create(nullptr)) {
    constexpr uint32_t kMatchLimit = 1'000'000;
    constexpr uint32_t kDepthLimit = 10'000;
    pcre2_set_match_limit(context_.get(), kMatchLimit);
    pcre2_set_depth_limit(context_.get(), kDepthLimit);
    uint32_t count = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
    num_groups_ = count;
  }

  size_t num_groups() const override { return num_groups_; }
  std::optional<size_t> find_group(const std::string& name) const override {
    const int number =
        pcre2_substring_number_from_name(code_.get(), reinterpret_cast<PCRE2_SPTR>(name.c_str()));
    if (number <= 0) return std::nullopt;
    return static_cast<size_t>(number);
  }
  bool matches(std::string_view text) const override {
    RegexpMatch match;
    return find(text, 0, match);
  }
  bool search(std::string_view text, size_t start, RegexpMatch& match,
              std::string& problem) const override {
    const std::unique_ptr<pcre2_match_data, MatchDataDeleter> data(
        pcre2_match_data_create_from_pattern(code_.get(), nullptr));
    const int result = pcre2_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                   text.size(), start, 0, data.get(), context_.get());
    if (result == PCRE2_ERROR_NOMATCH) return false;
    if (result < 0) {
      std::array<PCRE2_UCHAR, 128> message{};
      pcre2_get_error_message(result, message.data(), message.size());
      problem = fmt::format("Regular expression gave up: {}",
                            reinterpret_cast<const char*>(message.data()));
      return false;
    }
    const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data.get());
    match.assign(num_groups_ + 1, std::nullopt);
    for (size_t i = 0; i < static_cast<size_t>(result); ++i) {
      if (places[2 * i] != PCRE2_UNSET) match[i] = RegexpSpan{places[2 * i], places[2 * i + 1]};
    }
    return true;
  }

 private:
  std::unique_ptr<pcre2_code, CodeDeleter> code_;
  std::unique_ptr<pcre2_match_context, MatchContextDeleter> context_;
  size_t num_groups_ = 0;
};

// Java's names of character classes, which POSIX spells [:name:].
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kClasses = {{
    {"Lower", "lower"},
    {"Upper", "upper"},
    {"Alpha", "alpha"},
    {"Digit", "digit"},
    {"Alnum", "alnum"},
    {"Punct", "punct"},
    {"Graph", "graph"},
    {"Print", "print"},
    {"Blank", "blank"},
    {"Cntrl", "cntrl"},
    {"XDigit", "xdigit"},
    {"Space", "space"},
}};

// Whether four hexadecimal digits begin the text, as in \u00e9.
bool has_hex_digits(std::string_view text) {
  return text.size() >= 4 &&
         text.substr(0, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// Rewrites what RE2 and PCRE2 spell differently from Java: (?<name>…), \p{Lower} and its kin,
// \u00e9.
std::string translate_java_pattern(std::string_view pattern, bool for_re2) {
  std::string out;
  int class_depth = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest.starts_with("\\p{") || rest.starts_with("\\P{")) {
      bool replaced = false;
      for (const auto& [java, posix] : kClasses) {
        if (!rest.substr(3).starts_with(std::string(java) + "}")) continue;
        const std::string name = fmt::format("[:{}{}:]", rest[1] == 'P' ? "^" : "", posix);
        out += class_depth > 0 ? name : "[" + name + "]";
        i += 3 + java.size();
        replaced = true;
        break;
      }
      if (replaced) continue;
    }
    if (rest.starts_with("\\u") && has_hex_digits(rest.substr(2))) {
      out += fmt::format("\\x{{{}}}", rest.substr(2, 4));
      i += 5;
      continue;
    }
    if (rest[0] == '\\' && rest.size() > 1) {
      out += rest.substr(0, 2);
      ++i;
      continue;
    }
    if (rest[0] == '[') ++class_depth;
    if (rest[0] == ']' && class_depth > 0) --class_depth;
    if (for_re2 && class_depth == 0 && rest.starts_with("(?<") && rest.size() > 3 &&
        rest[3] != '=' && rest[3] != '!') {
      out += "(?P<";
      i += 2;
      continue;
    }
    out += rest[0];
  }
  return out;
}

// What PCRE2 refuses, in the words of Joni, which Trino runs.
std::string pattern_problem(int error, std::string_view pattern) {
  switch (error) {
    case 101: return "end pattern at escape";
    case 104: return "upper is smaller than lower in repeat range";
    case 105: return "too big number for repeat range";
    case 106: return pattern.ends_with("[]") ? "empty char-class" : "premature end of char-class";
    case 108: return "empty range in char class";
    case 109: return "target of repeat operator is not specified";
    case 111: return "undefined group option";
    case 114:
    case 142: return "end pattern with unmatched parenthesis";
    case 115: return "invalid backref number/name";
    case 122: return "unmatched close parenthesis";
    case 125: return "invalid pattern in look-behind";
    case 130: return "invalid POSIX bracket type";
    default: break;
  }
  constexpr int kUnknownProperty = 147;
  const size_t property = pattern.find("p{");
  if (error == kUnknownProperty && property != std::string_view::npos) {
    const std::string_view name = pattern.substr(property + 2);
    return fmt::format("invalid character property name <{}>", name.substr(0, name.find('}')));
  }
  std::array<PCRE2_UCHAR, 256> message{};
  pcre2_get_error_message(error, message.data(), message.size());
  return fmt::format("{} (in the regular expression '{}')",
                     reinterpret_cast<const char*>(message.data()), pattern);
}

}  // namespace

bool Regexp::find(std::string_view text, size_t start, RegexpMatch& match) const {
  std::string problem;
  const bool found = search(text, start, match, problem);
  if (!problem.empty()) fail_argument(problem);
  return found;
}

std::shared_ptr<const Regexp> Regexp::compile(std::string_view pattern, Extent extent) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto fast = std::make_unique<re2::RE2>(translate_java_pattern(pattern, true), options);
  if (fast->ok()) return std::make_shared<Re2Regexp>(std::move(fast), extent);
  const std::string translated = translate_java_pattern(pattern, false);
  int error = 0;
  PCRE2_SIZE place = 0;
  const uint32_t anchors = extent == Extent::kWhole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
  pcre2_code* code =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(),
                    PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | anchors, &error, &place, nullptr);
  if (code == nullptr) {
    fail_argument(pattern_problem(error, pattern));
  }
  return std::make_shared<PcreRegexp>(code);
}

const Regexp& Regexp::of(std::string_view pattern) {
  constexpr size_t kMaxKept = 64;
  thread_local std::unordered_map<std::string, std::shared_ptr<const Regexp>> kept;
  thread_local std::string last_pattern;
  thread_local std::shared_ptr<const Regexp> last;
  if (last && last_pattern == pattern) return *last;
  if (kept.size() >= kMaxKept) kept.clear();
  std::string key(pattern);
  std::shared_ptr<const Regexp>& entry = kept[key];
  if (!entry) {
    try {
      entry = compile(pattern);
    } catch (...) {
      kept.erase(key);
      throw;
    }
  }
  last = entry;
  last_pattern = std::move(key);
  return *last;
}

}  // namespace trailsql
