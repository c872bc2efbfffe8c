#include "store/byte_buffer.h"

#include <cassert>
#include <cstring>

namespace trailsql {

void ByteBuffer::reserve(size_t capacity) {
  if (capacity <= capacity_ && bytes_) return;
  auto larger = std::make_unique_for_overwrite<char[]>(capacity + kPaddingBytes);
  if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
  bytes_ = std::move(larger);
  capacity_ = capacity;
  std::memset(bytes_.get() + size_, 0, kPaddingBytes);
}

void ByteBuffer::set_size(size_t size) {
  reserve(size);
  size_ = size;
  std::memset(bytes_.get() + size_, 0, kPaddingBytes);
}

void ByteBuffer::shrink_to(size_t capacity) {
  if (capacity_ <= capacity) return;
  bytes_.reset();
  size_ = 0;
  capacity_ = 0;
}

}  // namespace trailsql
