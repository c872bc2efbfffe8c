#include "make_logs/object_writer.h"

#include <libdeflate.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace trailsql::make_logs {

void ObjectWriter::Free::operator()(libdeflate_compressor* compressor) const {
  libdeflate_free_compressor(compressor);
}

ObjectWriter::ObjectWriter(std::filesystem::path folder, int compression_level)
    : folder_(std::move(folder)), compressor_(libdeflate_alloc_compressor(compression_level)) {}

void ObjectWriter::put(std::string_view key, std::string_view text, Truth& truth) {
  buffer_.resize(libdeflate_gzip_compress_bound(compressor_.get(), text.size()));
  const size_t size = libdeflate_gzip_compress(compressor_.get(), text.data(), text.size(),
                                               buffer_.data(), buffer_.size());
  const std::filesystem::path path = folder_ / key;
  if (path.parent_path() != last_parent_) {
    last_parent_ = path.parent_path();
    std::filesystem::create_directories(last_parent_);
  }
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(buffer_.data(), static_cast<std::streamsize>(size));
  file.close();
  if (!file) throw std::system_error(errno, std::generic_category(), path.string());
  ++truth.num_files;
  truth.raw_bytes += text.size();
  truth.stored_bytes += size;
}

}  // namespace trailsql::make_logs
