#include "store/gzip_for_test.h"

#include <isa-l.h>

#include <stdexcept>

namespace trailsql {

std::string gzip_for_test(std::string_view text) {
  std::string input(text);
  std::string out(input.size() + 4096, '\0');
  isal_zstream stream{};
  ::isal_deflate_stateless_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.next_in = reinterpret_cast<uint8_t*>(input.data());
  stream.avail_in = static_cast<uint32_t>(input.size());
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = static_cast<uint32_t>(out.size());
  if (::isal_deflate_stateless(&stream) != COMP_OK) throw std::runtime_error("cannot compress");
  out.resize(out.size() - stream.avail_out);
  return out;
}

std::string json_lines_for_test(size_t num_lines) {
  std::string text;
  for (size_t i = 0; i < num_lines; ++i) text += "{\"line\":" + std::to_string(i * 7919) + "}\n";
  return text;
}

}  // namespace trailsql
