#include "engine/engine_error.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

template <typename Exception>
std::string encoded(const Exception& exception) {
  try {
    throw exception;
  } catch (...) {
    return encode_current_exception();
  }
}

TEST(EngineError, OurErrorComesBackWhole) {
  const QueryError error(ErrorCode::kInvalidCastArgument, Location{3, 14},
                         std::string("Cannot cast 'a\0]]\"ß' to BIGINT", 31), "use try_cast");
  const std::string text = "Invalid Input Error: " + encoded(error) + "\n\nLINE 1: …";
  const QueryError decoded = to_query_error(text, 0);
  EXPECT_EQ(decoded.code(), ErrorCode::kInvalidCastArgument);
  EXPECT_EQ(decoded.location(), (Location{3, 14}));
  EXPECT_EQ(std::string(decoded.what()), error.what());
  EXPECT_EQ(decoded.hint(), "use try_cast");
}

TEST(EngineError, OtherExceptionsAreInternalErrors) {
  const QueryError decoded = to_query_error(encoded(std::out_of_range("vector::at")), 0);
  EXPECT_EQ(decoded.code(), ErrorCode::kGenericInternalError);
  EXPECT_STREQ(decoded.what(), "vector::at");
  EXPECT_EQ(to_query_error(encoded(std::bad_alloc()), 0).code(), ErrorCode::kExceededMemoryLimit);
  const std::runtime_error full(
      R"({"exception_type":"Out of Memory","exception_message":"could not grow (1/2 used)\n\nSo"})");
  EXPECT_STREQ(to_query_error(encoded(full), 2'000'000).what(),
               "Query exceeded per-node memory limit [could not grow (1/2 used)]");
}

TEST(EngineError, BrokenMarksAreShownAsTheyAre) {
  for (const char* text :
       {"[[trailsql:", "[[trailsql:]]", "[[trailsql:zz]]",
        "[[trailsql:ff000000000000000000000000]]", "[[trailsql:0000000000000000000000ffff]]"}) {
    EXPECT_STREQ(to_query_error(text, 0).what(), text);
  }
}

struct Case {
  const char* message;
  ErrorCode code;
  const char* text;
};

TEST(EngineError, MapsDuckDbsOwn) {
  const Case cases[] = {
      {"INTERRUPT Error: Interrupted!", ErrorCode::kUserCanceled, "Query was canceled"},
      {"Out of Memory Error: failed to pin block (1 MiB/2 MiB used)\n\nPossible",
       ErrorCode::kExceededMemoryLimit,
       "Query exceeded per-node memory limit of 2.0 MB [failed to pin block (1 MiB/2 MiB used)]"},
      {"Invalid Input Error: More than one row returned by a subquery used as an expression",
       ErrorCode::kSubqueryMultipleRows, "Scalar sub-query has returned multiple rows"},
      {"Out of Range Error: Overflow in addition of INT64", ErrorCode::kNumericValueOutOfRange,
       "Overflow in addition of INT64"},
      {"Conversion Error: Type INT64 with value 300 can't be cast because the value is out of "
       "range for the destination type INT8",
       ErrorCode::kNumericValueOutOfRange,
       "Type INT64 with value 300 can't be cast because the value is out of range for the "
       "destination type INT8"},
      {"Conversion Error: Could not convert string 'x' to INT32\n\nLINE 1: SELECT …",
       ErrorCode::kInvalidCastArgument, "Could not convert string 'x' to INT32"},
      {"Out of Range Error: Division by zero!", ErrorCode::kDivisionByZero, "Division by zero"},
      {"IO Error: Could not write: No space left on device",
       ErrorCode::kGenericInsufficientResources, "Could not write: No space left on device"},
      {"Binder Error: x", ErrorCode::kGenericInternalError, "Binder Error: x"},
  };
  for (const Case& expected : cases) {
    const QueryError error = to_query_error(expected.message, 2'000'000);
    EXPECT_EQ(error.code(), expected.code) << expected.message;
    EXPECT_STREQ(error.what(), expected.text);
  }
}

}  // namespace
}  // namespace trailsql
