// Runs the golden files of tests/syntax: a statement, a line `--`, then the printed tree or
// `ERROR NAME [at line:column] text`; a line `==` parts the cases. TRAILSQL_ACCEPT=1 rewrites them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// CTest runs unit tests in the root of the sources.
fs::path source_root() { return fs::current_path(); }

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream buffer;
  buffer << in.rdbuf();
  return buffer.str();
}

struct GoldenCase {
  std::string statement;
  std::string expected;
};

std::vector<GoldenCase> read_cases(const fs::path& path) {
  std::vector<GoldenCase> cases;
  std::istringstream in(read_file(path));
  GoldenCase current;
  bool in_statement = true;
  const auto finish = [&] {
    if (!current.statement.empty()) cases.push_back(std::move(current));
    current = {};
    in_statement = true;
  };
  for (std::string line; std::getline(in, line);) {
    if (line == "==") {
      finish();
    } else if (line == "--" && in_statement) {
      in_statement = false;
    } else {
      std::string& part = in_statement ? current.statement : current.expected;
      part += line;
      part += '\n';
    }
  }
  finish();
  return cases;
}

std::vector<fs::path> golden_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(source_root() / "tests" / "syntax")) {
    if (entry.path().extension() == ".test") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string outcome_of(std::string statement) {
  if (!statement.empty() && statement.back() == '\n') statement.pop_back();
  try {
    return print_statement(*parse_statement(statement)) + "\n";
  } catch (const QueryError& error) {
    std::string place;
    if (error.location().known()) {
      place = fmt::format(" at {}:{}", error.location().line, error.location().column);
    }
    return fmt::format("ERROR {}{} {}\n", error_name(error.code()), place, error.what());
  }
}

TEST(Golden, StatementsPrintAsAccepted) {
  const bool accept = std::getenv("TRAILSQL_ACCEPT") != nullptr;
  size_t num_cases = 0;
  for (const fs::path& file : golden_files()) {
    std::string rewritten;
    for (const GoldenCase& golden : read_cases(file)) {
      ++num_cases;
      const std::string outcome = outcome_of(golden.statement);
      if (!accept) {
        EXPECT_EQ(outcome, golden.expected) << file << "\n" << golden.statement;
      }
      rewritten += (rewritten.empty() ? "" : "==\n") + golden.statement + "--\n" + outcome;
    }
    if (accept) std::ofstream(file, std::ios::binary) << rewritten;
  }
  EXPECT_GT(num_cases, 100U);
}

/// Checks that a printed tree parses, and prints the same again.
void expect_round_trip(const std::string& statement) {
  std::string printed;
  try {
    printed = print_statement(*parse_statement(statement));
  } catch (const QueryError&) {
    return;  // errors are the business of the other tests
  }
  try {
    EXPECT_EQ(print_statement(*parse_statement(printed)), printed) << statement;
  } catch (const QueryError& error) {
    ADD_FAILURE() << error.full_text() << "\n" << printed << "\nof\n" << statement;
  }
}

TEST(RoundTrip, GoldenStatements) {
  for (const fs::path& file : golden_files()) {
    for (const GoldenCase& golden : read_cases(file)) expect_round_trip(golden.statement);
  }
}

/// Returns the text of a string member of a one-line JSON object; enough for the oracle's cases.
std::string json_member(const std::string& line, const std::string& name) {
  const std::string key = "\"" + name + "\": \"";
  size_t i = line.find(key);
  if (i == std::string::npos) return {};
  i += key.size();
  std::string out;
  for (; i < line.size() && line[i] != '"'; ++i) {
    if (line[i] != '\\') {
      out += line[i];
      continue;
    }
    ++i;
    switch (line[i]) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'u':
        out += '?';
        i += 4;
        break;
      default: out += line[i]; break;
    }
  }
  return out;
}

TEST(Conformance, TrinoStatementsParseAsInTrino) {
  const char* shared = std::getenv("TRAILSQL_SHARED");
  const fs::path folder = shared != nullptr ? fs::path(shared) : source_root() / ".." / "shared";
  const fs::path path = folder / "oracle" / "conformance" / "trino.jsonl";
  if (!fs::exists(path)) GTEST_SKIP() << "no conformance cases in " << folder;
  std::istringstream in(read_file(path));
  size_t num_unsupported = 0;
  for (std::string line; std::getline(in, line);) {
    const std::string sql = json_member(line, "sql");
    const std::string expected = json_member(line, "error");
    expect_round_trip(sql);
    std::string outcome;
    try {
      parse_statement(sql);
    } catch (const QueryError& error) {
      outcome = error.full_text();
      if (error.code() == ErrorCode::kNotSupported) {
        ++num_unsupported;  // README, Known gaps
        continue;
      }
    }
    if (expected == "SYNTAX_ERROR") {
      EXPECT_EQ(outcome, "SYNTAX_ERROR: " + json_member(line, "message")) << sql;
    } else {
      EXPECT_EQ(outcome, "") << sql;
    }
  }
  EXPECT_LT(num_unsupported, 80U);
}

}  // namespace
}  // namespace trailsql
