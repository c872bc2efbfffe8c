// Reusable memory for whole files: what store reads into and what scan parses.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace trailsql {

/// Holds bytes in memory that grows and is reused from file to file. Behind the last byte lie
/// `kPaddingBytes` zero bytes, so that readers may load whole vector registers. Not safe for
/// several threads.
class ByteBuffer {
 public:
  static constexpr size_t kPaddingBytes = 64;

  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept { *this = std::move(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {bytes_.get(), size_}; }

  /// Makes room for `capacity` bytes and keeps the contents; pointers into the old memory end.
  void reserve(size_t capacity);
  /// Sets the size, which must not exceed the capacity, and clears the padding behind it.
  void set_size(size_t size);
  /// Frees memory above `capacity`, losing the contents: one huge file must not pin its size.
  void shrink_to(size_t capacity);

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace trailsql
