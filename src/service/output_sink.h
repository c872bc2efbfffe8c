// Where the bytes of a result go: standard output, a file that appears only when whole, a pager, a
// string.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace trailsql {

/// Takes the bytes of a result. Use from one thread.
class OutputSink {
 public:
  virtual ~OutputSink() = default;
  /// Writes `bytes`. Throws GENERIC_EXTERNAL naming the target when it cannot be written (disk
  /// full); a reader that went away (`| head`) is no error, see `closed`.
  virtual void write(std::string_view bytes) = 0;
  virtual void flush() {}
  /// Returns whether the reader went away, so that further work is of no use.
  virtual bool closed() const { return false; }
};

/// Writes to an open stream that somebody else closes. SIGPIPE must be ignored by the process.
class StreamSink : public OutputSink {
 public:
  /// `name` stands in errors.
  StreamSink(std::FILE* stream, std::string name) : stream_(stream), name_(std::move(name)) {}
  void write(std::string_view bytes) override;
  void flush() override;
  bool closed() const override { return closed_; }

 private:
  void fail();
  std::FILE* stream_;
  std::string name_;
  bool closed_ = false;
};

/// Writes a file that appears under its name only when `commit` is called; until then, and when it
/// never is, nothing that stood there is touched.
class AtomicFileSink : public OutputSink {
 public:
  /// Opens a temporary file beside `path`. Throws HIVE_WRITER_OPEN_ERROR naming the path.
  explicit AtomicFileSink(std::string path);
  ~AtomicFileSink() override;
  AtomicFileSink(const AtomicFileSink&) = delete;
  AtomicFileSink& operator=(const AtomicFileSink&) = delete;

  void write(std::string_view bytes) override;
  void flush() override;
  /// Returns where the bytes lie until then: another may write them there instead.
  const std::string& path_until_commit() const {
    return temporary_path_.empty() ? path_ : temporary_path_;
  }
  /// Makes the contents durable and gives the file its name. Throws like `write`.
  void commit();

 private:
  std::string path_;
  std::string temporary_path_;  // empty: the target is a device or pipe and is written directly
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// Collects the bytes in memory.
class StringSink : public OutputSink {
 public:
  void write(std::string_view bytes) override { text_ += bytes; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace trailsql
