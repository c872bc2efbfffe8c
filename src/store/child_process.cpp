#include "store/child_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <thread>

namespace trailsql {
namespace {

using ChildClock = std::chrono::steady_clock;
constexpr int kChildStepMs = 20;

class ChildPipe {
 public:
  ChildPipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ChildPipe(const ChildPipe&) = delete;
  ChildPipe& operator=(const ChildPipe&) = delete;
  ~ChildPipe() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    close_write_end();
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_write_end() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

/// What the child begins with: its files, and signals as a shell gives them, whatever this thread
/// blocks and ignores.
class SpawnSettings {
 public:
  explicit SpawnSettings(int output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGINT);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  /// Returns the error, 0 when the program was started.
  int start(const std::vector<std::string>& words, pid_t& child) const {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    return ::posix_spawnp(&child, arguments[0], &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

/// A child that runs. It does not outlive this.
class RunningChild {
 public:
  explicit RunningChild(pid_t id) : id_(id) {}
  RunningChild(const RunningChild&) = delete;
  RunningChild& operator=(const RunningChild&) = delete;
  ~RunningChild() {
    if (has_ended_) return;
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  bool has_ended() {
    if (has_ended_) return true;
    const pid_t ended = ::waitpid(id_, &status_, WNOHANG);
    // There is no such child any more where SIGCHLD is ignored.
    has_ended_ = ended == id_ || (ended < 0 && errno == ECHILD);
    return has_ended_;
  }

  /// Of one that has ended.
  std::string problem() const {
    if (WIFSIGNALED(status_)) return fmt::format("was ended by the signal {}", WTERMSIG(status_));
    if (WEXITSTATUS(status_) != 0) return fmt::format("ended with status {}", WEXITSTATUS(status_));
    return {};
  }

 private:
  pid_t id_;
  int status_ = 0;
  bool has_ended_ = false;
};

enum class PipeStep : uint8_t { kText, kNothing, kEnd };

/// Appends what can be read within a step.
PipeStep read_step(int file, std::string& text) {
  pollfd waited{file, POLLIN, 0};
  if (::poll(&waited, 1, kChildStepMs) <= 0) return PipeStep::kNothing;
  std::array<char, 4096> bytes{};
  const ssize_t num_read = ::read(file, bytes.data(), bytes.size());
  if (num_read < 0) return errno == EINTR ? PipeStep::kNothing : PipeStep::kEnd;
  text.append(bytes.data(), static_cast<size_t>(num_read));
  return num_read > 0 ? PipeStep::kText : PipeStep::kEnd;
}

}  // namespace

ChildOutput run_child_process(const std::vector<std::string>& words, int timeout_ms,
                              size_t max_output_bytes, const Cancellation& cancellation) {
  ChildPipe pipe;
  if (pipe.read_end() < 0) return {{}, fmt::format("cannot be started: {}", std::strerror(errno))};
  pid_t id = 0;
  const int error = SpawnSettings(pipe.write_end()).start(words, id);
  if (error != 0) return {{}, fmt::format("cannot be started: {}", std::strerror(error))};
  RunningChild child(id);
  pipe.close_write_end();
  const auto deadline = ChildClock::now() + std::chrono::milliseconds(timeout_ms);
  const std::string too_late = fmt::format("did not end within {} s", timeout_ms / 1000);
  ChildOutput output;
  while (true) {
    cancellation.check();
    // Asked before reading: what it wrote can be read by then. What it has started may hold the
    // pipe open for longer than it lives.
    const bool has_ended = child.has_ended();
    const PipeStep step = read_step(pipe.read_end(), output.text);
    if (step == PipeStep::kEnd || (step == PipeStep::kNothing && has_ended)) break;
    if (output.text.size() > max_output_bytes) return {{}, "writes too much"};
    if (ChildClock::now() > deadline) return {{}, too_late};
  }
  while (!child.has_ended()) {
    cancellation.check();
    std::this_thread::sleep_for(std::chrono::milliseconds(kChildStepMs));
    if (ChildClock::now() > deadline) return {{}, too_late};
  }
  output.problem = child.problem();
  return output;
}

}  // namespace trailsql
