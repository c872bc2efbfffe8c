#include "apps/line_editor.h"

#include <fmt/core.h>
#include <histedit.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "service/display_text.h"
#include "service/progress_bar.h"

namespace trailsql {

struct EditorState {
  std::string history_file;
  CompletionFunction complete;
  std::string prompt;
  bool interrupted = false;
  std::unique_ptr<EditLine, void (*)(EditLine*)> editor{nullptr, &el_end};
  std::unique_ptr<History, void (*)(History*)> history{nullptr, &history_end};
};

namespace {

EditorState& state_of(EditLine* editor) {
  void* data = nullptr;
  el_get(editor, EL_CLIENTDATA, &data);
  return *static_cast<EditorState*>(data);
}

char* prompt_of(EditLine* editor) { return state_of(editor).prompt.data(); }

// Ctrl-C: makes el_gets return; what was typed stays on the screen and is forgotten.
unsigned char handle_interrupt_key(EditLine* editor, int) {
  state_of(editor).interrupted = true;
  return CC_NEWLINE;
}

std::string common_beginning(const std::vector<std::string>& texts) {
  std::string common = texts.front();
  for (const std::string& text : texts) {
    size_t length = 0;
    while (length < common.size() && length < text.size() && common[length] == text[length]) {
      ++length;
    }
    common.resize(length);
  }
  return common;
}

void print_candidates(const std::vector<std::string>& candidates) {
  constexpr size_t kMaxShown = 200;
  size_t width = 0;
  for (const std::string& candidate : candidates) width = std::max(width, candidate.size());
  const size_t per_line = std::max<size_t>(1, terminal_width(1) / (width + 2));
  std::string out = "\n";
  const size_t num_shown = std::min(kMaxShown, candidates.size());
  for (size_t i = 0; i < num_shown; ++i) {
    append_printable(out, candidates[i]);
    const bool is_last = (i + 1) % per_line == 0 || i + 1 == num_shown;
    if (is_last) {
      out.push_back('\n');
    } else {
      out.append(width + 2 - candidates[i].size(), ' ');
    }
  }
  if (num_shown < candidates.size()) {
    out += fmt::format("… and {} more\n", candidates.size() - num_shown);
  }
  std::fputs(out.c_str(), stdout);
  std::fflush(stdout);
}

unsigned char handle_completion_key(EditLine* editor, int) {
  const LineInfo* line = el_line(editor);
  const std::string_view before(line->buffer, static_cast<size_t>(line->cursor - line->buffer));
  Completion completion;
  try {
    completion = state_of(editor).complete(before);
  } catch (const std::exception&) {
    return CC_ERROR;  // a catalog that cannot be read now must not end the line
  }
  if (completion.candidates.empty()) return CC_ERROR;
  const std::string common = common_beginning(completion.candidates);
  const std::string typed(before.substr(before.size() - completion.num_bytes_replaced));
  if (common.size() >= typed.size() && common != typed) {
    el_deletestr(editor, static_cast<int>(typed.size()));
    el_insertstr(editor, common.c_str());
    return CC_REFRESH;
  }
  if (completion.candidates.size() == 1) return CC_REFRESH;
  print_candidates(completion.candidates);
  return CC_REDISPLAY;
}

// An entry of the history file: a JSON string with only the escapes that append_json_string writes.
std::string unescaped(std::string_view line) {
  std::string out;
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') return out;
  line = line.substr(1, line.size() - 2);
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      out.push_back(line[i]);
      continue;
    }
    const char escape = line[++i];
    if (escape == '"' || escape == '\\') {
      out.push_back(escape);
    } else if (escape == 'n') {
      out.push_back('\n');
    } else {
      out.push_back(' ');  // tabs and control characters, which would confuse the editor
      if (escape == 'u') i = std::min(i + 4, line.size());
    }
  }
  return out;
}

// The editor has one line for an entry. Comments to the end of a line would swallow what follows,
// so they become bracketed ones.
std::string in_one_line(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view rest = text.substr(i);
    size_t length = 1;
    if (c == '\'' || c == '"' || c == '`') {
      length = std::min(rest.find(c, 1), rest.size() - 1) + 1;
    } else if (rest.starts_with("/*")) {
      length = std::min(rest.find("*/", 2), rest.size() - 2) + 2;
    } else if (rest.starts_with("--") && rest.find('\n') != std::string_view::npos) {
      length = rest.find('\n');
      const std::string_view comment = rest.substr(2, length - 2);
      if (comment.find("*/") == std::string_view::npos) out += fmt::format("/*{} */", comment);
      i += length - 1;
      continue;
    }
    out += rest.substr(0, length);
    i += length - 1;
  }
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

// Leaves only `lines` in the file, which otherwise grows for ever. Failing is harmless.
void shorten_history(const EditorState& state, const std::deque<std::string>& lines) {
  const std::string fresh = state.history_file + ".new";
  std::ofstream file(fresh);
  for (const std::string& line : lines) file << line << '\n';
  file.close();
  std::error_code ignored;
  if (file) std::filesystem::rename(fresh, state.history_file, ignored);
}

void load_history(EditorState& state) {
  std::ifstream file(state.history_file);
  std::deque<std::string> entries;
  std::string line;
  size_t num_lines = 0;
  while (std::getline(file, line)) {
    ++num_lines;
    entries.push_back(std::move(line));
    if (entries.size() > LineEditor::kMaxHistoryEntries) entries.pop_front();
  }
  if (num_lines > 2 * LineEditor::kMaxHistoryEntries) shorten_history(state, entries);
  HistEvent event{};
  for (const std::string& entry : entries) {
    if (entry.empty()) continue;
    history(state.history.get(), &event, H_ENTER, in_one_line(unescaped(entry)).c_str());
  }
}

}  // namespace

LineEditor::LineEditor(std::string history_file, CompletionFunction complete)
    : state_(std::make_unique<EditorState>()) {
  state_->history_file = std::move(history_file);
  state_->complete = std::move(complete);
  state_->history.reset(history_init());
  HistEvent event{};
  history(state_->history.get(), &event, H_SETSIZE, static_cast<int>(kMaxHistoryEntries));
  history(state_->history.get(), &event, H_SETUNIQUE, 1);
  load_history(*state_);

  EditLine* editor = el_init("trailsql", stdin, stdout, stderr);
  state_->editor.reset(editor);
  el_set(editor, EL_CLIENTDATA, state_.get());
  el_set(editor, EL_PROMPT, &prompt_of);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, &history, state_->history.get());
  el_set(editor, EL_ADDFN, "trailsql-complete", "Completes the word", &handle_completion_key);
  el_set(editor, EL_ADDFN, "trailsql-interrupt", "Forgets the line", &handle_interrupt_key);
  el_source(editor, nullptr);  // the user's ~/.editrc
  el_set(editor, EL_BIND, "^I", "trailsql-complete", nullptr);
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  // While a line is edited Ctrl-C is a key like others; while a query runs it is a signal.
  el_set(editor, EL_SETTY, "-d", "-isig", nullptr);
  el_set(editor, EL_BIND, "^C", "trailsql-interrupt", nullptr);
}

LineEditor::~LineEditor() = default;

LineStatus LineEditor::read(const std::string& prompt, std::string& line) {
  state_->prompt = prompt;
  el_resize(state_->editor.get());  // the window may have another width now
  state_->interrupted = false;
  int count = 0;
  const char* text = el_gets(state_->editor.get(), &count);
  if (state_->interrupted) {
    std::fputs("^C\n", stdout);
    std::fflush(stdout);
    return LineStatus::kInterrupted;
  }
  if (text == nullptr || count <= 0) return LineStatus::kEnd;
  line.assign(text, static_cast<size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  return LineStatus::kLine;
}

void LineEditor::remember(std::string_view entry) {
  std::string escaped = json_string(entry);
  HistEvent event{};
  history(state_->history.get(), &event, H_ENTER, in_one_line(unescaped(escaped)).c_str());
  std::ofstream file(state_->history_file, std::ios::app);
  file << escaped + "\n";  // one write, so that entries of several shells do not mix
}

}  // namespace trailsql
