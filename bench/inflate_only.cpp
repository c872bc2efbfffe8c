// inflate_only: decompresses every .gz file of a folder and does nothing with the bytes. This is
// the limit that ./dev bench compares queries with: no reader of gzipped logs can be faster.
#include <fcntl.h>
#include <fmt/core.h>
#include <isa-l.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

struct InputFile {
  std::string path;
  uint64_t size_bytes;
};

std::vector<InputFile> list_files(const std::filesystem::path& folder) {
  std::vector<InputFile> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".gz") {
      files.push_back({entry.path().string(), entry.file_size()});
    }
  }
  // Largest first, so that the threads finish together.
  std::sort(files.begin(), files.end(), [](const InputFile& a, const InputFile& b) {
    return a.size_bytes != b.size_bytes ? a.size_bytes > b.size_bytes : a.path < b.path;
  });
  return files;
}

void read_file(const InputFile& file, std::vector<uint8_t>& bytes) {
  bytes.resize(file.size_bytes);
  const int descriptor = open(file.path.c_str(), O_RDONLY);
  const ssize_t num_read = descriptor < 0 ? -1 : read(descriptor, bytes.data(), bytes.size());
  if (descriptor >= 0) close(descriptor);
  if (num_read != static_cast<ssize_t>(bytes.size()) || bytes.size() < 18) {
    throw std::runtime_error("cannot read " + file.path);
  }
}

// Inflates one gzip member, checking its sum; its last four bytes tell the size.
uint64_t inflate(const InputFile& file, std::vector<uint8_t>& compressed,
                 std::vector<uint8_t>& raw) {
  uint32_t raw_size = 0;
  std::memcpy(&raw_size, compressed.data() + compressed.size() - 4, 4);
  if (raw.size() < raw_size) raw.resize(raw_size);
  inflate_state state;
  isal_inflate_init(&state);
  state.crc_flag = ISAL_GZIP;
  state.next_in = compressed.data();
  state.avail_in = static_cast<uint32_t>(compressed.size());
  state.next_out = raw.data();
  state.avail_out = raw_size;
  if (isal_inflate(&state) != ISAL_DECOMP_OK || state.total_out != raw_size) {
    throw std::runtime_error("cannot inflate " + file.path);
  }
  return raw_size;
}

uint64_t inflate_all(const std::vector<InputFile>& files, unsigned num_threads) {
  std::atomic<size_t> next_file = 0;
  std::atomic<uint64_t> raw_bytes = 0;
  std::atomic<bool> failed = false;
  const auto work = [&] {
    try {
      std::vector<uint8_t> compressed;
      std::vector<uint8_t> raw;
      for (size_t i = next_file++; i < files.size(); i = next_file++) {
        read_file(files[i], compressed);
        raw_bytes += inflate(files[i], compressed, raw);
      }
    } catch (const std::exception& error) {
      fmt::print(stderr, "inflate_only: {}\n", error.what());
      failed = true;
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < num_threads; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  if (failed) std::exit(1);
  return raw_bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "Usage: inflate_only FOLDER THREADS\nPrints the number of raw bytes.\n");
    return 2;
  }
  const int num_threads = std::max(1, std::atoi(argv[2]));
  fmt::print("{}\n", inflate_all(list_files(argv[1]), static_cast<unsigned>(num_threads)));
  return 0;
}
