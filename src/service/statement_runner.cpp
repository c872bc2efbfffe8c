#include "service/statement_runner.h"

#include <chrono>

#include "service/vertical_writer.h"

namespace trailsql {
namespace {

/// Tells when the first byte is about to be written, which may be long after the first row.
class AnnouncingSink : public OutputSink {
 public:
  AnnouncingSink(OutputSink& sink, const std::function<void()>& before_rows)
      : sink_(sink), before_rows_(before_rows) {}
  void write(std::string_view bytes) override {
    if (bytes.empty()) return;
    if (!announced_ && before_rows_) before_rows_();
    announced_ = true;
    sink_.write(bytes);
  }
  void flush() override { sink_.flush(); }
  bool closed() const override { return sink_.closed(); }

 private:
  OutputSink& sink_;
  const std::function<void()>& before_rows_;
  bool announced_ = false;
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
    AnnouncingSink sink(output.sink, output.before_rows);
    const bool is_for_eyes =
        output.format == ResultFormat::kTable || output.format == ResultFormat::kVertical;
    const std::unique_ptr<ResultWriter> writer =
        outcome.kind == StatementKind::kText && is_for_eyes
            ? make_text_writer(sink, output.style)
            : make_result_writer(output.format, sink, output.style);
    ColumnBatch batch;
    // The first rows come before the heading, so that a query that fails at once writes nothing.
    bool has_rows = run->next(batch);
    writer->begin(run->columns());
    while (has_rows && !sink.closed()) {
      cancellation.check();
      outcome.num_rows += batch.num_rows;
      writer->write(batch);
      has_rows = run->next(batch);
    }
    writer->end();
    outcome.notes = run->advice();
    for (const std::string& note : writer->notes()) outcome.notes.push_back(note);
  }
  outcome.seconds = seconds();
  return outcome;
}

}  // namespace trailsql
