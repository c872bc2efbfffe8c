#include "service/output_sink.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace trailsql {
namespace {

QueryError write_error(const std::string& name) {
  return QueryError(ErrorCode::kGenericExternalError,
                    fmt::format("Cannot write {}: {}", name, std::strerror(errno)));
}

}  // namespace

void StreamSink::write(std::string_view bytes) {
  if (closed_ || bytes.empty()) return;
  if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) fail();
}

void StreamSink::flush() {
  if (!closed_ && std::fflush(stream_) != 0) fail();
}

void StreamSink::fail() {
  if (errno != EPIPE) throw write_error(name_);
  closed_ = true;
}

AtomicFileSink::AtomicFileSink(std::string path)
    : path_(std::move(path)), file_(nullptr, &std::fclose) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  // A device or a pipe must never be replaced by a file, and a link keeps pointing where it does.
  const bool is_special = std::filesystem::exists(status) && !is_regular_file(status);
  if (std::filesystem::is_symlink(path_, ignored) && is_regular_file(status)) {
    path_ = std::filesystem::canonical(path_, ignored).string();
  }
  // Hidden, so that no query over the folder reads it.
  const std::filesystem::path target(path_);
  if (!is_special) {
    temporary_path_ =
        (target.parent_path() / fmt::format(".{}.{}.part", target.filename().string(), ::getpid()))
            .string();
  }
  file_.reset(std::fopen((is_special ? path_ : temporary_path_).c_str(), "wb"));
  if (!file_) {
    throw QueryError(ErrorCode::kHiveWriterOpenError,
                     fmt::format("Cannot create {}: {}", path_, std::strerror(errno)));
  }
}

AtomicFileSink::~AtomicFileSink() {
  if (!file_ || temporary_path_.empty()) return;
  file_.reset();
  ::unlink(temporary_path_.c_str());
}

void AtomicFileSink::write(std::string_view bytes) {
  if (bytes.empty()) return;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
    throw write_error(path_);
  }
}

void AtomicFileSink::flush() {
  if (std::fflush(file_.get()) != 0) throw write_error(path_);
}

void AtomicFileSink::commit() {
  flush();
  if (temporary_path_.empty()) return file_.reset();
  if (::fsync(::fileno(file_.get())) != 0) throw write_error(path_);
  file_.reset();
  if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) {
    const QueryError error = write_error(path_);
    ::unlink(temporary_path_.c_str());
    throw error;
  }
}

}  // namespace trailsql
