// Line editing with history and completion, on top of libedit.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// What Tab offers: the part of the text before the cursor that is replaced, and what may replace
/// it.
struct Completion {
  size_t num_bytes_replaced = 0;
  std::vector<std::string> candidates;  // sorted, distinct
};
/// Returns what may complete `text_before_cursor` of the current line.
using CompletionFunction = std::function<Completion(std::string_view text_before_cursor)>;

enum class LineStatus : uint8_t {
  kLine,
  kInterrupted,  // Ctrl-C: the line is thrown away
  kEnd,          // Ctrl-D on an empty line
};

struct EditorState;

/// Reads lines from the terminal. One object at a time.
class LineEditor {
 public:
  static constexpr size_t kMaxHistoryEntries = 10'000;

  /// History is kept in `history_file`, one JSON string a line, appended to by every shell.
  LineEditor(std::string history_file, CompletionFunction complete);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// Reads one line, without its end, into `line`.
  LineStatus read(const std::string& prompt, std::string& line);
  /// Adds an entry to the history and its file. It may have several lines; they become one.
  void remember(std::string_view entry);

 private:
  std::unique_ptr<EditorState> state_;
};

}  // namespace trailsql
