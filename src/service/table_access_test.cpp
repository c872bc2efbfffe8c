#include "service/table_access.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// What `trail add` is told, every query of the trail must know.
TEST(TableAccess, PropertiesSayAllOfIt) {
  AwsAccess access;
  EXPECT_TRUE(properties_of(access).empty());
  for (const bool flag : {true, false}) {
    access = {"dev", "eu-west-1", "http://s3.test", flag, flag, flag};
    const AwsAccess same = access_of(properties_of(access), "Trail t", AwsAccess{});
    EXPECT_EQ(same, access);
  }
}

}  // namespace
}  // namespace trailsql
