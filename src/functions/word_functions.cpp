// Functions on words: stems, sounds, distances, check digits, Unicode forms.
#include <fmt/core.h>
#include <libstemmer.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"

namespace trailsql {
namespace {

int64_t hamming_distance(std::string_view a, std::string_view b) {
  const std::u32string left = code_points(a);
  const std::u32string right = code_points(b);
  if (left.size() != right.size())
    fail_argument("The input strings to hamming_distance function must have the same length");
  int64_t distance = 0;
  for (size_t i = 0; i < left.size(); ++i) distance += left[i] != right[i] ? 1 : 0;
  return distance;
}

int64_t levenshtein_distance(std::string_view a, std::string_view b) {
  const std::u32string left = code_points(a);
  const std::u32string right = code_points(b);
  constexpr size_t kMaxWork = 1'000'000;
  if (left.size() * right.size() > kMaxWork)
    fail_argument("The combined inputs for Levenshtein distance are too large");
  std::vector<int64_t> costs(right.size() + 1);
  for (size_t j = 0; j <= right.size(); ++j) costs[j] = static_cast<int64_t>(j);
  for (size_t i = 0; i < left.size(); ++i) {
    int64_t diagonal = costs[0];
    costs[0] = static_cast<int64_t>(i) + 1;
    for (size_t j = 0; j < right.size(); ++j) {
      const int64_t substitute = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = costs[j + 1];
      costs[j + 1] = std::min({substitute, costs[j] + 1, diagonal + 1});
    }
  }
  return costs.back();
}

bool luhn_check(std::string_view text) {
  if (text.empty()) return false;
  int sum = 0;
  bool doubled = false;
  for (size_t i = text.size(); i > 0; --i) {
    const char c = text[i - 1];
    if (c < '0' || c > '9') fail_argument("Input contains non-digit character");
    const int digit = (c - '0') * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
    doubled = !doubled;
  }
  return sum % 10 == 0;
}

// The classic code: a letter and three digits. H and W do not part equal digits, vowels do.
std::string soundex(std::string_view text) {
  constexpr std::string_view kCodes = "01230120022455012623010202";  // of A … Z
  std::string out;
  char last = '0';
  for (size_t i = 0; i < text.size() && out.size() < 4;) {
    const char32_t original = decode_character(text, i);
    if (u_isalpha(static_cast<UChar32>(original)) == 0) continue;
    const auto c = static_cast<char32_t>(u_toupper(static_cast<UChar32>(original)));
    if (c < 'A' || c > 'Z') {
      std::string letter;
      append_utf8(letter, c);
      fail_argument(fmt::format("The character is not mapped: {} (index={})", letter,
                                static_cast<int64_t>(c) - 'A'));
    }
    const char code = kCodes[c - 'A'];
    if (out.empty()) {
      out += static_cast<char>(c);
    } else if (code != '0' && code != last) {
      out += code;
    }
    if (c != 'H' && c != 'W') last = code;
  }
  if (!out.empty()) out.resize(4, '0');
  return out;
}

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

// Each thread keeps its stemmers, which are no good for several at once.
sb_stemmer& stemmer_of(std::string_view language) {
  static const std::map<std::string_view, const char*> kNames = {
      {"ca", "catalan"},    {"da", "danish"},   {"de", "german"},    {"en", "english"},
      {"es", "spanish"},    {"eu", "basque"},   {"fi", "finnish"},   {"fr", "french"},
      {"hu", "hungarian"},  {"hy", "armenian"}, {"ir", "irish"},     {"it", "italian"},
      {"lt", "lithuanian"}, {"nl", "dutch"},    {"no", "norwegian"}, {"pt", "portuguese"},
      {"ro", "romanian"},   {"ru", "russian"},  {"sv", "swedish"},   {"tr", "turkish"}};
  thread_local std::map<std::string, std::unique_ptr<sb_stemmer, StemmerDeleter>, std::less<>> kept;
  const auto found = kept.find(language);
  if (found != kept.end()) return *found->second;
  const auto name = kNames.find(language);
  sb_stemmer* stemmer = name == kNames.end() ? nullptr : sb_stemmer_new(name->second, "UTF_8");
  if (stemmer == nullptr) fail_argument(fmt::format("Unknown stemmer language: {}", language));
  return *kept.emplace(language, stemmer).first->second;
}

std::string word_stem_of_language(std::string_view word, std::string_view language) {
  sb_stemmer& stemmer = stemmer_of(language);
  const sb_symbol* stem = sb_stemmer_stem(&stemmer, reinterpret_cast<const sb_symbol*>(word.data()),
                                          static_cast<int>(word.size()));
  if (stem == nullptr) return std::string(word);
  return {reinterpret_cast<const char*>(stem), static_cast<size_t>(sb_stemmer_length(&stemmer))};
}
std::string word_stem(std::string_view word) { return word_stem_of_language(word, "en"); }

std::string normalize(std::string_view text, std::string_view form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form == "NFC"    ? icu::Normalizer2::getNFCInstance(status)
                                       : form == "NFD"  ? icu::Normalizer2::getNFDInstance(status)
                                       : form == "NFKC" ? icu::Normalizer2::getNFKCInstance(status)
                                       : form == "NFKD" ? icu::Normalizer2::getNFKDInstance(status)
                                                        : nullptr;
  if (normalizer == nullptr || U_FAILURE(status) != 0)
    fail_argument("Normalization form must be one of [NFD, NFC, NFKD, NFKC]");
  const icu::UnicodeString source = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::string out;
  normalizer->normalize(source, status).toUTF8String(out);
  if (U_FAILURE(status) != 0) fail_argument("Text cannot be normalized");
  return out;
}

constexpr FunctionEntry kWordFunctions[] = {
    fallible("hamming_distance", "(varchar(x), varchar(y)) -> bigint",
             "Counts the places where two texts differ.", kernel_of<hamming_distance>),
    fallible("levenshtein_distance", "(varchar(x), varchar(y)) -> bigint",
             "Counts the edits between two texts.", kernel_of<levenshtein_distance>),
    fallible("luhn_check", "(varchar) -> boolean",
             "Returns whether a number's last digit fits by Luhn's rule.", kernel_of<luhn_check>),
    fallible("soundex", "(varchar) -> varchar(4)", "Returns how a name sounds in English.",
             kernel_of<soundex>),
    total("word_stem", "(varchar(x)) -> varchar(x)", "Returns the stem of an English word.",
          kernel_of<word_stem>),
    fallible("word_stem", "(varchar(x), varchar(2)) -> varchar(x)",
             "Returns the stem of a word of a language.", kernel_of<word_stem_of_language>),
    fallible("normalize", "(varchar(x), varchar(y)) -> varchar",
             "Brings a text to one of Unicode's normal forms.", kernel_of<normalize>),
};

}  // namespace

std::span<const FunctionEntry> word_functions() { return kWordFunctions; }

}  // namespace trailsql
