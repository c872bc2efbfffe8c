#include "store/file_part.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace trailsql {
namespace {

/// An open file.
class PartFile {
 public:
  PartFile(const std::string& path, int flags)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~PartFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

std::string read_file_part(const std::string& path, uint64_t offset, size_t size,
                           ByteBuffer& bytes) {
  bytes.set_size(0);
  bytes.reserve(size);
  const PartFile file(path, O_RDONLY);
  if (file.get() < 0) return std::strerror(errno);
  for (size_t done = 0; done < size;) {
    const ssize_t num_read =
        ::pread(file.get(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (num_read < 0 && errno == EINTR) continue;
    if (num_read < 0) return std::strerror(errno);
    if (num_read == 0) return "it is shorter than it was";
    done += static_cast<size_t>(num_read);
  }
  bytes.set_size(size);
  return {};
}

std::string write_file_part(const std::string& path, uint64_t offset, std::string_view bytes) {
  const PartFile file(path, O_WRONLY | O_CREAT);
  if (file.get() < 0) return std::strerror(errno);
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t num_written = ::pwrite(file.get(), bytes.data() + done, bytes.size() - done,
                                         static_cast<off_t>(offset + done));
    if (num_written < 0 && errno == EINTR) continue;
    if (num_written < 0) return std::strerror(errno);
    done += static_cast<size_t>(num_written);
  }
  return {};
}

}  // namespace trailsql
