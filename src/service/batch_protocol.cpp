#include "service/batch_protocol.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <cctype>

#include "base/error.h"
#include "base/hive_error.h"
#include "base/text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// Returns whether `text` is a JSON number of any size. (simdjson refuses those beyond 64 bits,
// which are fine as an id.)
bool is_json_number(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t start = i;
    while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) ++i;
    return i - start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const bool leading_zero = i < text.size() && text[i] == '0';
  const size_t num_digits = digits();
  if (num_digits == 0 || (leading_zero && num_digits > 1)) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

bool is_json_value(std::string_view text) {
  if (is_json_number(text)) return true;
  simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

/// Reads the members of a request into it. Throws simdjson_error.
void read_members(simdjson::ondemand::document& document, BatchRequest& request) {
  bool has_sql = false;
  for (auto field : document.get_object()) {
    const std::string key(std::string_view(field.unescaped_key()));
    simdjson::ondemand::value value = field.value();
    if (key == "id") {
      const std::string_view raw = trimmed(simdjson::to_json_string(value));
      if (!is_json_value(raw)) throw simdjson::simdjson_error(simdjson::TAPE_ERROR);
      request.id = raw;
    } else if (key == "sql") {
      request.sql = std::string_view(value.get_string());
      has_sql = true;
    } else if (key == "schema" && !value.is_null()) {
      request.database = std::string_view(value.get_string());
    }
  }
  // At the end of the input there is no location any more.
  if (document.current_location().error() == simdjson::SUCCESS)
    request.problem = "There is text after the request's closing brace";
  if (!has_sql) request.problem = "The request has no \"sql\"";
}

std::string error_answer(const std::string& id, const QueryError& error) {
  const std::string message = has_hive_form(error) ? error.full_text() : error.what();
  std::string out = fmt::format(R"({{"id":{},"error":{},"message":{})", id,
                                json_string(error_name(error.code())), json_string(message));
  if (error.location().known()) {
    out += fmt::format(R"(,"line":{},"column":{})", error.location().line, error.location().column);
  }
  if (!error.hint().empty()) out += R"(,"hint":)" + json_string(error.hint());
  out.push_back('}');
  return out;
}

// What was skipped, malformed or odd; nothing when all was well.
void append_notes(std::string& out, const ScanReport& report) {
  const std::vector<ScanNote> notes = report.notes();
  if (notes.empty()) return;
  out += fmt::format(R"(,"num_notes":{},"notes":[)", report.num_notes());
  for (size_t i = 0; i < notes.size() && i < kMaxBatchNotes; ++i) {
    out += fmt::format(R"({}{{"kind":{},"file":{})", i > 0 ? "," : "",
                       json_string(note_kind_text(notes[i].kind)), json_string(notes[i].file));
    if (notes[i].line != 0) out += fmt::format(R"(,"line":{})", notes[i].line);
    if (!notes[i].detail.empty()) out += R"(,"detail":)" + json_string(notes[i].detail);
    out += '}';
  }
  out += ']';
}

// How the answer came about, and what else it may be taken for: sentences for people.
void append_remarks(std::string& out, const QueryRun& run, const ScanReport& report) {
  std::vector<std::string> remarks = run.advice();
  for (std::string& remark : report.remarks()) remarks.push_back(std::move(remark));
  if (remarks.empty()) return;
  out += R"(,"remarks":[)";
  for (size_t i = 0; i < remarks.size(); ++i) out += (i == 0 ? "" : ",") + json_string(remarks[i]);
  out += ']';
}

std::string run_request(QueryService& service, const BatchRequest& request, const Session& session,
                        const Cancellation& cancellation) {
  ScanReport report;
  const std::unique_ptr<QueryRun> run = service.run(request.sql, session, cancellation, report);
  std::string out = fmt::format(R"({{"id":{},"columns":[)", request.id);
  for (size_t i = 0; i < run->columns().size(); ++i) {
    const ResultColumn& column = run->columns()[i];
    out += fmt::format("{}[{},{}]", i > 0 ? "," : "", json_string(column.name),
                       json_string(column.type.protocol_name()));
  }
  out += R"(],"rows":[)";
  ColumnBatch batch;
  bool is_first = true;
  while (run->next(batch)) {
    for (size_t row = 0; row < batch.num_rows; ++row) {
      out += is_first ? "[" : ",[";
      is_first = false;
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        if (i > 0) out.push_back(',');
        append_protocol_json(out, batch.columns[i], row);
      }
      out.push_back(']');
    }
  }
  out += ']';
  append_notes(out, report);
  append_remarks(out, *run, report);
  out += '}';
  return out;
}

}  // namespace

BatchRequest parse_batch_request(std::string_view line) {
  BatchRequest request;
  if (line.size() > kMaxBatchLineBytes) {
    request.problem = fmt::format("The line is longer than {} bytes", kMaxBatchLineBytes);
    return request;
  }
  try {
    simdjson::ondemand::parser parser;
    const simdjson::padded_string padded(line);
    simdjson::ondemand::document document = parser.iterate(padded);
    read_members(document, request);
  } catch (const simdjson::simdjson_error&) {
    request.problem =
        "The line is no request: a JSON object with \"id\", \"sql\" and \"schema\" was expected";
  }
  return request;
}

std::string answer_batch_request(QueryService& service, const BatchRequest& request,
                                 const Session& default_session, const Cancellation& cancellation) {
  if (request.problem) {
    return error_answer(request.id, QueryError(ErrorCode::kInvalidArguments, *request.problem));
  }
  Session session = default_session;
  session.listing_form = ListingForm::kLines;
  if (!request.database.empty()) session.database = to_lower_ascii(request.database);
  try {
    return run_request(service, request, session, cancellation);
  } catch (const QueryError& error) {
    return error_answer(request.id, error);
  } catch (const std::exception& error) {
    return error_answer(request.id, QueryError(ErrorCode::kGenericInternalError, error.what()));
  }
}

}  // namespace trailsql
