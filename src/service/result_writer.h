// Results as text: one writer per format. The last station of a query's journey in the program.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/output_sink.h"
#include "types/row_source.h"

namespace trailsql {

/// Names one column of a result.
struct ResultColumn {
  std::string name;  // as headings show it
  Type type;
};

enum class ResultFormat : uint8_t {
  kTable,
  kCsv,
  kTsv,
  kJson,
  kJsonLines,
  kMarkdown,
  kVertical,
};

/// Every format's name and one sentence about it, for --format, help and completion.
struct ResultFormatName {
  std::string_view name;
  ResultFormat format;
  std::string_view doc;
};
const std::vector<ResultFormatName>& result_formats();
/// Finds a format by its name; empty when there is none.
std::optional<ResultFormat> find_result_format(std::string_view name);
/// Finds the format that a file's extension asks for: a format's name, or ndjson, md, txt. Empty
/// when it asks for none.
std::optional<ResultFormat> result_format_of_file(std::string_view path);

/// How the formats for eyes look. Machine formats ignore it.
struct ResultStyle {
  size_t terminal_width = 0;  // cells; 0: not a terminal, nothing is cut
  bool colors = false;
};

/// Writes one result: `begin` once, `write` for every batch, `end` once. Throws what the sink
/// throws.
class ResultWriter {
 public:
  virtual ~ResultWriter() = default;
  virtual void begin(std::vector<ResultColumn> columns) = 0;
  virtual void write(const ColumnBatch& batch) = 0;
  /// Returns, of formats whose rows do not depend on each other, what makes their text, for
  /// `write_text`; empty of others. Asked before `begin`.
  virtual RenderRows renderer(const std::vector<ResultColumn>& columns) const {
    static_cast<void>(columns);
    return {};
  }
  /// Writes what the renderer made, in place of `write`.
  virtual void write_text(std::string_view text) { static_cast<void>(text); }
  virtual void end() = 0;
  /// Returns advice about how the result was shown ("values were cut …"), after `end`.
  virtual std::vector<std::string> notes() const { return {}; }
};

/// Makes a writer to `sink`, which must outlive it.
std::unique_ptr<ResultWriter> make_result_writer(ResultFormat format, OutputSink& sink,
                                                 const ResultStyle& style = {});

}  // namespace trailsql
