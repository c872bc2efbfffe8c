// Fuzz target: arbitrary bytes as the content of a log file. Both paths of the scan read it and
// must agree; neither may crash.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "same_value.h"
#include "scan/fast_rows.h"
#include "scan/tree_rows.h"
#include "scan/utf8_check.h"
#include "store/byte_buffer.h"
#include "store/inflater.h"

namespace {

using namespace trailsql;

// The columns that a scan of the two wanted trees delivers, every kind of conversion among them.
Projection make_fuzz_projection() {
  ScanSpec spec;
  spec.table_columns = {
      {"records",
       parse_type("array<struct<a:string,b:struct<c:string,d:bigint>,e:array<string>,"
                  "f:map<string,double>,g:timestamp,h:decimal(10,2),i:date,j:boolean>>")},
      {"x", parse_type("string")}};
  spec.unnest_column = 0;
  const Type record = spec.table_columns[0].type.element();
  const std::vector<std::vector<uint32_t>> paths{{0}, {1}, {1, 0}, {1, 1}, {2}, {3},
                                                 {4}, {5}, {6},    {7},    {}};
  std::vector<uint32_t> all;
  for (const std::vector<uint32_t>& fields : paths) {
    Type type = record;
    for (const uint32_t field : fields) type = Type(type.fields()[field].type);
    spec.columns.push_back({ScanColumn::Source::kElement, 0, fields, type});
  }
  spec.columns.push_back({ScanColumn::Source::kTable, 1, {}, Type::varchar()});
  for (uint32_t i = 0; i < spec.columns.size(); ++i) all.push_back(i);
  return make_projection(spec, OpenXOptions(), all);
}

std::vector<Column> make_columns(const Projection& projection) {
  std::vector<Column> columns;
  for (const Projection::Delivered& delivered : projection.columns)
    columns.emplace_back(delivered.type);
  return columns;
}

// Runs `step`; returns whether it failed as queries fail.
template <typename Step>
bool fails(Step&& step) {
  try {
    step();
    return false;
  } catch (const QueryError& error) {
    if (error.code() != ErrorCode::kHiveCursorError) std::abort();
    return true;
  }
}

void compare(std::string_view text, bool one_line) {
  static const Projection projection = make_fuzz_projection();
  static ValueConverter converter(projection.options);
  static FastRows fast(projection, converter);
  static TreeRows tree(projection, converter);
  const bool claimed =
      fast.read(text, one_line) && is_clean_utf8(text.substr(0, fast.consumed_bytes()));
  const std::string_view line = one_line ? text.substr(0, text.find_first_of("\r\n")) : text;
  bool well_formed = false;
  std::vector<Column> tree_columns = make_columns(projection);
  const bool tree_failed = fails([&] {
    well_formed = is_clean_utf8(line) && tree.read(line);
    if (well_formed) tree.append(0, tree.num_rows(), tree_columns);
  });
  if (!claimed || !is_clean_utf8(line)) return;
  std::vector<Column> fast_columns = make_columns(projection);
  const bool fast_failed = fails([&] { fast.append(0, fast.num_rows(), true, fast_columns); });
  if (fast_failed != tree_failed) std::abort();
  if (fast_failed) return;
  if (!well_formed || fast.num_rows() != tree.num_rows()) std::abort();
  if (fast.consumed_bytes() != tree.document().consumed_bytes()) std::abort();
  for (size_t i = 0; i < fast_columns.size(); ++i) {
    for (size_t row = 0; row < fast.num_rows(); ++row) {
      if (!same_value(fast_columns[i], row, tree_columns[i], row)) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (can_inflate(compression_of(bytes))) {
    ByteBuffer raw;
    new_inflater(compression_of(bytes))->inflate(bytes, raw);
  }
  ByteBuffer text;
  text.reserve(size);
  if (size > 0) std::memcpy(text.data(), data, size);
  text.set_size(size);
  compare(text.view(), true);
  compare(text.view(), false);
  std::string repaired;
  append_valid_utf8(repaired, bytes);
  if (!is_clean_utf8(repaired)) std::abort();
  return 0;
}
