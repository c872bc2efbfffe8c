// Reads one file as a whole.
#pragma once

#include <string>

#include "store/byte_buffer.h"
#include "store/store_limits.h"

namespace trailsql {

/// Reads the file at `path` into `bytes`, replacing what it held. Returns why it could not be read
/// as a whole: it is gone, may not be read, or is larger than `max_size_bytes`; empty when it was.
std::string read_file(const std::string& path, ByteBuffer& bytes,
                      uint64_t max_size_bytes = kMaxStoredFileBytes);

}  // namespace trailsql
