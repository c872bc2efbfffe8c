#include "statement_check.h"

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "base/error.h"
#include "syntax/parser.h"
#include "tiny_home.h"

namespace trailsql {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);

// Asks the query to stop when it takes too long: mutations write cross joins.
class Watchdog {
 public:
  explicit Watchdog(Cancellation& cancellation)
      : thread_([this, &cancellation] {
          const auto end = std::chrono::steady_clock::now() + kPatience;
          while (!done_ && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          if (!done_) cancellation.request();
        }) {}
  ~Watchdog() {
    done_ = true;
    thread_.join();
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

// Statements name folders as they like: only those that the tiny home maps may be touched.
bool names_local_folder(std::string_view text) {
  return text.find("file:") != std::string_view::npos || text.find("'/") != std::string_view::npos;
}

void run(std::string_view statement) {
  static TinyHome home;
  Cancellation cancellation;
  ScanReport report;
  bool is_change = true;
  try {
    const Watchdog watchdog(cancellation);
    const auto run = home.service().run(statement, Session{}, cancellation, report);
    is_change = run->kind() == StatementKind::kChange;
    ColumnBatch batch;
    while (run->next(batch)) cancellation.check();
  } catch (...) {
    if (is_change) home.restore();
    throw;
  }
  if (is_change) home.restore();
}

// What one step says is wrong; empty when the statement was refused, or went through.
template <typename Step>
std::string finding_of(const Step& step) {
  try {
    return step();
  } catch (const QueryError& error) {
    const bool is_ours = error.code() == ErrorCode::kGenericInternalError;
    return is_ours ? error.full_text() : std::string();
  } catch (const std::exception& error) {
    return fmt::format("an exception: {}", error.what());
  }
}

// The prints are Trino's, where a query that is negated stands in two pairs of parentheses and in
// three when printed again: those, and blanks, do not count.
std::string without_parentheses(std::string text) {
  std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == ' ' || c == '\n'; });
  return text;
}

}  // namespace

std::string check_statement(std::string_view text, bool* ran) {
  std::unique_ptr<const Statement> statement;
  std::string finding = finding_of([&] {
    statement = parse_statement(text);
    return std::string();
  });
  if (!statement) return finding;
  const std::string printed = print_statement(*statement);
  try {
    const std::string again = print_statement(*parse_statement(printed));
    if (without_parentheses(again) != without_parentheses(printed))
      return fmt::format("prints as\n{}\nand that as\n{}", printed, again);
  } catch (const QueryError& error) {
    // Printing adds parentheses, so a tree near a limit may print as one beyond it.
    if (error.code() == ErrorCode::kSyntaxError)
      return fmt::format("prints as\n{}\n{}", printed, error.full_text());
  }
  if (names_local_folder(text)) return {};
  return finding_of([&] {
    run(text);
    if (ran) *ran = true;
    return std::string();
  });
}

}  // namespace trailsql
