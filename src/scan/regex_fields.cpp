// Lines of RegexSerDe: the groups of a regular expression, which has to match the whole line.
#include <algorithm>
#include <string>

#include "functions/regexp.h"
#include "scan/line_fields.h"
#include "scan/text_format.h"

namespace trailsql {
namespace {

class RegexFields final : public LineFields {
 public:
  explicit RegexFields(const ScanSpec& spec) : regexp_(Regexp::compile(line_regex(spec.format))) {}

  std::string_view read(std::string_view line, Fields& fields) override {
    std::fill(fields.begin(), fields.end(), std::nullopt);
    if (!regexp_->find(line, 0, match_)) return "does not match input.regex: a row of NULLs";
    for (size_t i = 0; i < fields.size() && i + 1 < match_.size(); ++i) {
      if (const std::optional<RegexpSpan>& span = match_[i + 1])
        fields[i] = line.substr(span->begin, span->end - span->begin);
    }
    return {};
  }

 private:
  const std::shared_ptr<const Regexp> regexp_;
  RegexpMatch match_;
};

}  // namespace

std::unique_ptr<LineFields> new_regex_fields(const ScanSpec& spec) {
  return std::make_unique<RegexFields>(spec);
}

}  // namespace trailsql
