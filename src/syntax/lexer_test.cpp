#include "syntax/lexer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "syntax/keywords.h"
#include "syntax/string_literal.h"

namespace trailsql {
namespace {

TokenKind kind_of(std::string_view text, Dialect dialect = Dialect::kTrino) {
  const auto tokens = tokenize(text, dialect);
  EXPECT_EQ(tokens.size(), 2U) << text;
  return tokens[0].kind;
}

std::string text_of(std::string_view text, Dialect dialect) {
  return unquoted_text(tokenize(text, dialect)[0], dialect);
}

TEST(Lexer, TellsNumbersApart) {
  for (std::string_view text : {"12", "1_000", "0x1F", "0b1_0", "0o17"}) {
    EXPECT_EQ(kind_of(text), TokenKind::kInteger) << text;
  }
  EXPECT_EQ(tokenize("1_0.5e3", Dialect::kTrino)[0].text, "1_0.5");  // e3 is a name
  for (std::string_view text : {"1.5", ".5", "1.", "1_0.5"}) {
    EXPECT_EQ(kind_of(text), TokenKind::kDecimal) << text;
  }
  for (std::string_view text : {"1e3", "1.5E-3", ".5e+1"}) {
    EXPECT_EQ(kind_of(text), TokenKind::kDouble) << text;
  }
  for (std::string_view text : {"1a", "1_", "1__0", "0xg", "1_0e3", "0b1e3"}) {
    EXPECT_EQ(kind_of(text), TokenKind::kDigitWord) << text;
  }
}

TEST(Lexer, ReadsQuotes) {
  EXPECT_EQ(text_of("'it''s'", Dialect::kTrino), "it's");
  EXPECT_EQ(text_of("\"a\"\"b\"", Dialect::kTrino), "a\"b");
  EXPECT_EQ(text_of("`a``b`", Dialect::kHive), "a`b");
  EXPECT_EQ(text_of("'a\\'b\\n\\u0041\\\\'", Dialect::kHive), "a'b\nA\\");
  EXPECT_EQ(text_of("'\\001'", Dialect::kHive), "\x01");
  EXPECT_EQ(kind_of("\"a\"", Dialect::kTrino), TokenKind::kQuotedWord);
  EXPECT_EQ(kind_of("\"a\"", Dialect::kHive), TokenKind::kString);
  EXPECT_EQ(kind_of("X'00'"), TokenKind::kBinaryString);
  EXPECT_EQ(kind_of("U&'x'"), TokenKind::kUnicodeString);
}

TEST(Lexer, ClosesNestedTypesOneByOneInHive) {
  EXPECT_EQ(tokenize(">>>=", Dialect::kHive).size(), 5U);
  EXPECT_EQ(tokenize(">=", Dialect::kTrino).size(), 2U);
}

TEST(Lexer, CountsLinesAndCodePoints) {
  const auto tokens = tokenize("'é' /* x\n */ b", Dialect::kTrino);
  EXPECT_EQ(tokens[1].location, (Location{2, 5}));
  EXPECT_EQ(tokenize("'é' b", Dialect::kTrino)[1].location, (Location{1, 5}));
}

TEST(Keywords, AreSorted) {
  EXPECT_TRUE(std::is_sorted(reserved_words().begin(), reserved_words().end()));
  EXPECT_TRUE(std::is_sorted(non_reserved_words().begin(), non_reserved_words().end()));
  EXPECT_TRUE(is_reserved_word("select"));
  EXPECT_FALSE(is_reserved_word("type"));
}

}  // namespace
}  // namespace trailsql
