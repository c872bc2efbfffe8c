#include "service/statement_runner.h"

#include <chrono>
#include <utility>

#include "service/vertical_writer.h"

namespace trailsql {
namespace {

/// Holds back what is written at first, so that a query that fails soon writes nothing; and tells
/// when the first byte is about to be written, which may be long after the first row.
class HoldingSink : public OutputSink {
 public:
  HoldingSink(OutputSink& sink, const std::function<void()>& before_rows)
      : sink_(sink), before_rows_(before_rows) {}

  void write(std::string_view bytes) override {
    if (is_open_) return sink_.write(bytes);
    held_ += bytes;
    if (held_.size() >= kHeldBytes || Clock::now() - start_ >= kHeldTime) open();
  }
  void flush() override {
    if (is_open_) sink_.flush();
  }
  bool closed() const override { return sink_.closed(); }

  /// Writes what is held, and everything else at once.
  void open() {
    if (std::exchange(is_open_, true)) return;
    if (!held_.empty() && before_rows_) before_rows_();
    sink_.write(std::exchange(held_, {}));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kHeldBytes = 1 << 20;
  static constexpr std::chrono::milliseconds kHeldTime{500};  // who waits sees what there is

  OutputSink& sink_;
  const std::function<void()>& before_rows_;
  std::string held_;
  Clock::time_point start_ = Clock::now();
  bool is_open_ = false;
};

// What Athena's result files hold goes where it is read as such.
ListingForm listing_form_of(ResultFormat format) {
  const bool is_delimited = format == ResultFormat::kCsv || format == ResultFormat::kTsv;
  return is_delimited ? ListingForm::kLines : ListingForm::kColumns;
}

// Returns the number in the only row of a run.
uint64_t count_of(QueryRun& run) {
  ColumnBatch batch;
  return run.next(batch) ? static_cast<uint64_t>(batch.columns[0].int64_at(0)) : 0;
}

// Writes the rows of a run, and returns their number. The first ones come before the heading, so
// that a query that fails at once writes nothing.
uint64_t write_rows(QueryRun& run, ResultWriter& writer, const OutputSink& sink,
                    const Cancellation& cancellation) {
  const RenderRows render = writer.renderer(run.columns());
  ColumnBatch batch;
  RowsText rows;
  const auto next = [&] {
    if (render) return run.next_text(render, rows);
    const bool has_rows = run.next(batch);
    rows.num_rows = batch.num_rows;
    return has_rows;
  };
  uint64_t num_rows = 0;
  bool has_rows = next();
  writer.begin(run.columns());
  while (has_rows && !sink.closed()) {
    cancellation.check();
    num_rows += rows.num_rows;
    render ? writer.write_text(rows.text) : writer.write(batch);
    has_rows = next();
  }
  writer.end();
  return num_rows;
}

}  // namespace

RunOutcome run_statement(QueryService& service, std::string_view statement, const Session& session,
                         const Cancellation& cancellation, ScanReport& report,
                         const RunOutput& output) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  Session session_of_format = session;
  session_of_format.listing_form = listing_form_of(output.format);
  RunOutcome outcome;
  if (!output.parquet_file.empty()) {
    outcome.num_rows = count_of(
        *service.run_to_parquet(statement, session, cancellation, report, output.parquet_file));
    outcome.seconds = seconds();
    return outcome;
  }
  const std::unique_ptr<QueryRun> run =
      service.run(statement, session_of_format, cancellation, report);
  outcome.kind = run->kind();
  outcome.message = run->message();
  if (outcome.kind != StatementKind::kChange) {
    HoldingSink sink(output.sink, output.before_rows);
    const bool is_for_eyes =
        output.format == ResultFormat::kTable || output.format == ResultFormat::kVertical;
    const std::unique_ptr<ResultWriter> writer =
        outcome.kind == StatementKind::kText && is_for_eyes
            ? make_text_writer(sink, output.style)
            : make_result_writer(output.format, sink, output.style);
    outcome.num_rows = write_rows(*run, *writer, sink, cancellation);
    sink.open();
    sink.flush();
    outcome.notes = run->advice();
    for (const std::string& note : writer->notes()) outcome.notes.push_back(note);
  }
  outcome.seconds = seconds();
  return outcome;
}

}  // namespace trailsql
