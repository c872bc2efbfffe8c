// Renames what was written to its place. The catalog says what, in the transaction that makes it
// known: a process that dies in between leaves nothing half.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace trailsql {

/// A move that could not be finished; it stays in the catalog.
struct FailedMove {
  FileMove move;
  std::string reason;
};

/// Finishes all moves that the catalog has, whoever began them, and makes them durable. Several
/// processes may do so at once.
std::vector<FailedMove> finish_moves(Catalog& catalog);

}  // namespace trailsql
