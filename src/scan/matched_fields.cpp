#include "scan/matched_fields.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace trailsql {
namespace {

class MatchedFields final : public LineFields {
 public:
  MatchedFields(std::shared_ptr<const Regexp> regexp, ColumnGroups groups,
                std::string_view property)
      : regexp_(std::move(regexp)),
        groups_(std::move(groups)),
        mismatch_(fmt::format("does not match {}: a row of NULLs", property)) {}

  std::string_view read(std::string_view line, Fields& fields) override {
    std::fill(fields.begin(), fields.end(), std::nullopt);
    problem_.clear();
    if (!regexp_->search(line, 0, match_, problem_)) {
      if (problem_.empty()) return mismatch_;
      problem_ += ": a row of NULLs";
      return problem_;
    }
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!groups_[i] || *groups_[i] >= match_.size()) continue;
      if (const std::optional<RegexpSpan>& span = match_[*groups_[i]])
        fields[i] = line.substr(span->begin, span->end - span->begin);
    }
    return {};
  }

 private:
  const std::shared_ptr<const Regexp> regexp_;
  const ColumnGroups groups_;
  const std::string mismatch_;
  std::string problem_;
  RegexpMatch match_;
};

}  // namespace

std::unique_ptr<LineFields> new_matched_fields(std::shared_ptr<const Regexp> regexp,
                                               ColumnGroups groups, std::string_view property) {
  return std::make_unique<MatchedFields>(std::move(regexp), std::move(groups), property);
}

}  // namespace trailsql
