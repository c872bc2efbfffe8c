// Lines of OpenCSVSerde. source: asked from Trino 476, whose reader answers as opencsv 2.3 does,
// with its oddities.
#include <algorithm>
#include <string>

#include "scan/line_fields.h"
#include "scan/text_format.h"

namespace trailsql {
namespace {

bool is_blank(std::string_view text) {
  // What Java's Character.isWhitespace knows of ASCII.
  return text.find_first_not_of(" \t\n\v\f\r\x1c\x1d\x1e\x1f") == std::string_view::npos;
}

class CsvFields final : public LineFields {
 public:
  explicit CsvFields(const ScanSpec& spec) : rules_(csv_rules(spec.format)) {}

  std::string_view read(std::string_view line, Fields& fields) override {
    std::fill(fields.begin(), fields.end(), std::nullopt);
    if (line.empty() || fields.empty()) return {};
    // No two fields are longer together than the line, so that views into it stay good.
    text_.clear();
    text_.reserve(line.size());
    field_start_ = 0;
    in_quotes_ = false;
    in_field_ = false;
    size_t field = 0;
    for (size_t i = 0; i < line.size() && field < fields.size(); ++i) {
      const char c = line[i];
      if (c == rules_.escape) {
        if ((in_quotes_ || in_field_) && is_next(line, i, rules_.quote, rules_.escape))
          text_ += line[++i];
      } else if (c == rules_.quote) {
        i = read_quote(line, i);
      } else if (c == rules_.separator && !in_quotes_) {
        fields[field++] = std::string_view(text_).substr(field_start_);
        field_start_ = text_.size();
        in_field_ = false;
      } else {
        text_ += c;
        in_field_ = true;
      }
    }
    // A value whose quote is not closed is none.
    if (field == fields.size()) return {};
    if (in_quotes_) return "a quote is not closed on its line: NULL from there on";
    fields[field] = std::string_view(text_).substr(field_start_);
    return {};
  }

 private:
  static bool is_next(std::string_view line, size_t i, char a, char b) {
    return i + 1 < line.size() && (line[i + 1] == a || line[i + 1] == b);
  }

  // Reads the quote at `i`; returns the place of the last character that it took.
  size_t read_quote(std::string_view line, size_t i) {
    if ((in_quotes_ || in_field_) && is_next(line, i, rules_.quote, rules_.quote)) {
      text_ += rules_.quote;
      in_field_ = !in_field_;
      return i + 1;
    }
    // A quote within a value, neither at its beginning nor at its end: a,bc"d"ef,g. The first
    // three characters of a line are never taken so.
    const bool embedded = i > 2 && line[i - 1] != rules_.separator && i + 1 < line.size() &&
                          line[i + 1] != rules_.separator;
    if (embedded) {
      const bool has_text = text_.size() > field_start_;
      if (has_text && is_blank(std::string_view(text_).substr(field_start_))) {
        text_.resize(field_start_);
      } else {
        text_ += rules_.quote;
      }
    }
    in_quotes_ = !in_quotes_;
    in_field_ = !in_field_;
    return i;
  }

  const CsvRules rules_;
  std::string text_;  // the fields so far, one behind the other
  size_t field_start_ = 0;
  bool in_quotes_ = false;
  bool in_field_ = false;
};

}  // namespace

std::unique_ptr<LineFields> new_csv_fields(const ScanSpec& spec) {
  return std::make_unique<CsvFields>(spec);
}

}  // namespace trailsql
