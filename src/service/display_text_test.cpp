#include "service/display_text.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

std::string printable(std::string_view text) {
  std::string out;
  append_printable(out, text);
  return out;
}

TEST(DisplayText, CountsCells) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("äö"), 2U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // e with a combining accent
  EXPECT_EQ(display_width("😀"), 2U);
}

TEST(DisplayText, EscapesWhatCouldHarmTheTerminal) {
  EXPECT_EQ(printable("a\tb\nc"), "a\\tb\\nc");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(printable("\xC2\x9B"), "\\x9b");  // an 8-bit control sequence
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "x"),
            "\\u202ex");  // right-to-left override
  EXPECT_EQ(printable("a\xFF"), "a\xEF\xBF\xBD");
  EXPECT_EQ(printable("grün"), "grün");
}

TEST(DisplayText, CutsToFit) {
  EXPECT_EQ(cut_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to_width("abcdef", 5), "abcd…");
  EXPECT_EQ(cut_to_width("日本語", 4), "日…");  // a wide character is never halved
  EXPECT_EQ(cut_to_width("abc", 0), "");
}

TEST(DisplayText, CutsTheFrontToFit) {
  EXPECT_EQ(cut_front_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_front_to_width("abcdef", 5), "…cdef");
  EXPECT_EQ(cut_front_to_width("日本語", 4), "…語");
  EXPECT_EQ(cut_front_to_width("abc", 0), "");
}

}  // namespace
}  // namespace trailsql
