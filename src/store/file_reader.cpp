#include "store/file_reader.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace trailsql {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(const std::string& path)
      // A pipe that took a file's place since it was listed would have us wait for ever.
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string too_large(uint64_t max_size_bytes) {
  return fmt::format("larger than {} bytes", max_size_bytes);
}

}  // namespace

std::string read_file(const std::string& path, ByteBuffer& bytes, uint64_t max_size_bytes) {
  constexpr size_t kGrowBytes = 64 * 1024;
  bytes.set_size(0);
  const FileDescriptor file(path);
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return std::strerror(errno);
  if (!S_ISREG(status.st_mode)) return "not a regular file";
  if (static_cast<uint64_t>(status.st_size) > max_size_bytes) return too_large(max_size_bytes);
  // One byte more than expected, so that the end of an unchanged file shows in one short read.
  bytes.reserve(static_cast<size_t>(status.st_size) + 1);
  size_t size = 0;
  while (true) {
    if (size == bytes.capacity()) {
      bytes.set_size(size);
      bytes.reserve(size + std::max(size / 2, kGrowBytes));
    }
    const ssize_t num_read = ::read(file.get(), bytes.data() + size, bytes.capacity() - size);
    if (num_read < 0 && errno == EINTR) continue;
    if (num_read < 0) return std::strerror(errno);
    if (num_read == 0) break;
    size += static_cast<size_t>(num_read);
    if (size > max_size_bytes) return too_large(max_size_bytes);
  }
  bytes.set_size(size);
  return {};
}

}  // namespace trailsql
