#include "service/listing_run.h"

namespace trailsql {
namespace {

class ListingRun : public QueryRun {
 public:
  ListingRun(StatementKind kind, const std::vector<std::string>& names, TextRows rows,
             std::string message = {}, std::vector<std::string> advice = {})
      : kind_(kind),
        rows_(std::move(rows)),
        message_(std::move(message)),
        advice_(std::move(advice)) {
    for (const std::string& name : names) columns_.push_back({name, Type::varchar()});
  }
  StatementKind kind() const override { return kind_; }
  const std::vector<ResultColumn>& columns() const override { return columns_; }
  std::string message() const override { return message_; }
  std::vector<std::string> advice() const override { return advice_; }

  bool next(ColumnBatch& batch) override {
    batch = ColumnBatch();
    if (next_row_ == rows_.size()) return false;
    for (const ResultColumn& column : columns_) batch.columns.emplace_back(column.type);
    while (next_row_ < rows_.size() && batch.num_rows < kRowsPerBatch) {
      for (size_t i = 0; i < columns_.size(); ++i) {
        const std::optional<std::string>& value = rows_[next_row_][i];
        value ? batch.columns[i].append_string(*value) : batch.columns[i].append_null();
      }
      ++batch.num_rows;
      ++next_row_;
    }
    return true;
  }

 private:
  static constexpr size_t kRowsPerBatch = 1024;
  StatementKind kind_;
  std::vector<ResultColumn> columns_;
  TextRows rows_;
  size_t next_row_ = 0;
  std::string message_;
  std::vector<std::string> advice_;
};

class CountRun : public QueryRun {
 public:
  CountRun(std::string message, uint64_t num_rows)
      : columns_{{"rows", TypeKind::kBigint}}, message_(std::move(message)), num_rows_(num_rows) {}
  StatementKind kind() const override { return StatementKind::kChange; }
  const std::vector<ResultColumn>& columns() const override { return columns_; }
  std::string message() const override { return message_; }

  bool next(ColumnBatch& batch) override {
    batch = ColumnBatch();
    batch.columns.emplace_back(columns_[0].type);
    if (done_) return false;
    done_ = true;
    batch.columns[0].append_int64(static_cast<int64_t>(num_rows_));
    batch.num_rows = 1;
    return true;
  }

 private:
  std::vector<ResultColumn> columns_;
  std::string message_;
  uint64_t num_rows_;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<QueryRun> make_listing_run(const std::vector<std::string>& names, TextRows rows) {
  return std::make_unique<ListingRun>(StatementKind::kListing, names, std::move(rows));
}

std::unique_ptr<QueryRun> make_text_run(const std::string& name, const std::string& text,
                                        std::vector<std::string> advice) {
  TextRows rows;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    rows.push_back({text.substr(start, end - start)});
    start = end + 1;
  }
  return std::make_unique<ListingRun>(StatementKind::kText, std::vector{name}, std::move(rows),
                                      std::string(), std::move(advice));
}

std::unique_ptr<QueryRun> make_count_run(std::string message, uint64_t num_rows) {
  return std::make_unique<CountRun>(std::move(message), num_rows);
}

std::unique_ptr<QueryRun> make_message_run(std::string message) {
  return std::make_unique<ListingRun>(StatementKind::kChange, std::vector<std::string>{},
                                      TextRows{}, std::move(message));
}

}  // namespace trailsql
