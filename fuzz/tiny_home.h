// A home folder with tiny tables of every kind, and a service over it: where fuzzers run
// statements.
#pragma once

#include <filesystem>
#include <memory>

#include "service/query_service.h"

namespace trailsql {

/// The home, in a temporary folder that goes with the object. Tables: my_table_name, accounts and
/// the view events, as in the tests' files; t (partitions in the catalog), p (projected), csv,
/// written (managed), cloudtrail and the others of a trail.
class TinyHome {
 public:
  TinyHome();
  ~TinyHome();
  TinyHome(const TinyHome&) = delete;
  TinyHome& operator=(const TinyHome&) = delete;

  QueryService& service() { return *service_; }
  /// Makes everything as it was at first, after a statement that may have changed it.
  void restore();

 private:
  std::filesystem::path now() const { return folder_ / "now"; }
  std::filesystem::path at_first() const { return folder_ / "at_first"; }
  void open();
  void write_logs() const;
  void make_tables();

  std::filesystem::path folder_;
  std::unique_ptr<QueryService> service_;
};

}  // namespace trailsql
