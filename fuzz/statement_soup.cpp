// statement_soup SECONDS SEED FILE…: mutates the statements in the files (one a file) for some time
// and prints what is wrong with the program, each kind of finding once. For compilers without
// libFuzzer, and to see many findings at once. Exits with 1 when there is one.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "statement_check.h"
#include "statement_mutator.h"

namespace {

constexpr size_t kMaxKeptBytes = 2000;
constexpr size_t kMaxKept = 20'000;

// Findings that differ in numbers and quoted names only are one kind.
std::string kind_of(const std::string& finding) {
  std::string kind;
  for (char c : finding.substr(0, finding.find('\n')).substr(0, 90)) {
    if (c < '0' || c > '9') kind += c;
  }
  return kind;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s SECONDS SEED FILE...\n", argv[0]);
    return 2;
  }
  std::vector<std::string> statements;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    statements.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds(std::strtol(argv[1], nullptr, 10));
  std::mt19937_64 random(std::strtoull(argv[2], nullptr, 10));
  std::set<std::string> kinds;
  size_t num_runs = 0;
  size_t num_ran = 0;
  const auto check = [&](const std::string& statement) {
    ++num_runs;
    bool ran = false;
    const std::string finding = trailsql::check_statement(statement, &ran);
    num_ran += ran ? 1 : 0;
    if (finding.empty() || !kinds.insert(kind_of(finding)).second) return ran;
    std::printf("%s\n    %s\n\n", statement.c_str(), finding.c_str());
    std::fflush(stdout);
    return false;
  };
  // Mutations of what runs are worth most; mutations that run are mutated further.
  std::vector<std::string> running;
  for (const std::string& statement : statements) {
    if (std::chrono::steady_clock::now() >= end) break;
    if (check(statement)) running.push_back(statement);
  }
  const auto any_of = [&](const std::vector<std::string>& from) -> const std::string& {
    return from[random() % from.size()];
  };
  while (std::chrono::steady_clock::now() < end) {
    const std::string& start =
        running.empty() || random() % 8 == 0 ? any_of(statements) : any_of(running);
    std::string mutated = trailsql::mutate_statement(start, any_of(statements), random);
    if (check(mutated) && mutated.size() < kMaxKeptBytes && running.size() < kMaxKept)
      running.push_back(std::move(mutated));
  }
  std::printf("%zu statements, %zu of them ran, %zu kinds of finding\n", num_runs, num_ran,
              kinds.size());
  return kinds.empty() ? 0 : 1;
}
