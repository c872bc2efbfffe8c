#include "scan/row_filter.h"

#include <algorithm>
#include <numeric>

namespace trailsql {
namespace {

// What is delivered of each row, beyond which it pays to read documents twice.
constexpr size_t kManyColumns = 8;

ScanSpec spec_of_filters(const ScanSpec& spec) {
  ScanSpec filters;
  filters.table_columns = spec.table_columns;
  filters.format = spec.format;
  filters.unnest_column = spec.unnest_column;
  for (const ScanTextFilter& filter : spec.text_filters) filters.columns.push_back(filter.column);
  return filters;
}

std::vector<uint32_t> all_columns(const ScanSpec& spec) {
  std::vector<uint32_t> all(spec.columns.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

// A value of another kin than declared ends the query, whether its row is wanted or not. No value
// is of the wrong kind for a text, unless the format is strict; one may be where a row is declared.
bool may_fail(const OpenXOptions& options, const Projection& wanted) {
  if (options.strict) return true;
  return !options.null_for_invalid_data &&
         std::ranges::any_of(wanted.columns, [](const Projection::Delivered& column) {
           const bool is_below_a_row =
               column.wanted->fields.size() >
               (column.wanted->source == ScanColumn::Source::kElement ? 1 : 0);
           return is_in_document(column.wanted->source) &&
                  (is_below_a_row || !column.type.is_unbounded_varchar());
         });
}

bool passes(const ScanTextFilter& filter, std::string_view text) {
  if (!filter.values.empty()) return std::ranges::binary_search(filter.values, text);
  return (!filter.first || text >= *filter.first) && (!filter.last || text <= *filter.last);
}

}  // namespace

RowFilter::RowFilter(const ScanSpec& spec, const OpenXOptions& options, const Projection& wanted)
    : filters_(spec.text_filters),
      spec_(spec_of_filters(spec)),
      projection_(make_projection(spec_, options, all_columns(spec_))),
      converter_(projection_.options),
      rows_(projection_, converter_),
      is_usable_(!filters_.empty() && wanted.columns.size() >= kManyColumns &&
                 !may_fail(options, wanted)) {}

bool RowFilter::read(std::string_view text, bool one_line) {
  if (!rows_.read(text, one_line)) return false;
  kept_.clear();
  for (size_t row = 0; row < rows_.num_rows(); ++row) {
    if (keeps(row)) kept_.push_back(static_cast<uint32_t>(row));
  }
  num_read_ += rows_.num_rows();
  num_kept_ += kept_.size();
  return true;
}

bool RowFilter::keeps(size_t row) const {
  for (size_t i = 0; i < filters_.size(); ++i) {
    const FastRows::Text text = rows_.text_at(row, i);
    if (text.kind == FastRows::Text::Kind::kNull) return false;
    if (text.kind == FastRows::Text::Kind::kPlain && !passes(filters_[i], text.text)) return false;
  }
  return true;
}

}  // namespace trailsql
