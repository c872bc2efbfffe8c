#include "store/child_process.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "store/command_words.h"

namespace trailsql {
namespace {

using Words = std::vector<std::string>;

// source: Python's shlex.split
TEST(CommandWords, AsAShellSplits) {
  EXPECT_EQ(split_command_line(""), Words());
  EXPECT_EQ(split_command_line("  a \t b\n"), (Words{"a", "b"}));
  EXPECT_EQ(split_command_line(R"(a'b c'"d e"f '' "")"), (Words{"ab cd ef", "", ""}));
  EXPECT_EQ(split_command_line(R"("\"\\\n\$" '\"' \ \'\a)"), (Words{R"("\\n\$)", R"(\")", " 'a"}));
  EXPECT_EQ(split_command_line("$HOME ~ * ; # |"), (Words{"$HOME", "~", "*", ";", "#", "|"}));
  EXPECT_EQ(split_command_line("'a"), std::nullopt);
  EXPECT_EQ(split_command_line("\"a\\\""), std::nullopt);
  EXPECT_EQ(split_command_line("a\\"), std::nullopt);
}

TEST(ChildProcess, WhatItWrites) {
  const Cancellation cancellation;
  const ChildOutput output =
      run_child_process({"sh", "-c", "cat; echo $0; echo x >&2", "a b"}, 10'000, 100, cancellation);
  EXPECT_EQ(output.text, "a b\n");
  EXPECT_EQ(output.problem, "");
}

TEST(ChildProcess, ThatDoesNotEnd) {
  const Cancellation cancellation;
  EXPECT_EQ(run_child_process({"sleep", "60"}, 1000, 100, cancellation).problem,
            "did not end within 1 s");
  EXPECT_EQ(run_child_process({"sh", "-c", "exec >&-; sleep 60"}, 1000, 100, cancellation).problem,
            "did not end within 1 s");
}

TEST(ChildProcess, Canceled) {
  Cancellation cancellation;
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancellation.request();
  });
  EXPECT_THROW(run_child_process({"sleep", "60"}, 30'000, 100, cancellation), QueryError);
  other.join();
}

}  // namespace
}  // namespace trailsql
