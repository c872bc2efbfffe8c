// Reads one file as a whole.
#pragma once

#include <string>

#include "store/byte_buffer.h"

namespace trailsql {

/// Reads the file at `path` into `bytes`, replacing what it held. Throws HIVE_CANNOT_OPEN_SPLIT
/// with the path and the reason when the file is gone, not readable or larger than
/// kMaxStoredFileBytes.
void read_file(const std::string& path, ByteBuffer& bytes);

}  // namespace trailsql
