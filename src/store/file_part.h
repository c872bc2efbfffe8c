// Reads and writes parts of files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/byte_buffer.h"

namespace trailsql {

/// Reads `size` bytes from `offset` on into `bytes`, replacing what it held. Returns why it could
/// not, also when the file is shorter; empty when it did.
std::string read_file_part(const std::string& path, uint64_t offset, size_t size,
                           ByteBuffer& bytes);

/// Writes bytes at `offset` of a file, which is made, for its owner alone, when it is not there.
/// Returns why it could not.
std::string write_file_part(const std::string& path, uint64_t offset, std::string_view bytes);

}  // namespace trailsql
