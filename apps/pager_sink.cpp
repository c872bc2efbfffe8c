#include "apps/pager_sink.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace trailsql {
namespace {

// Returns the command that shows long results: $PAGER, else less where it is installed; empty when
// there is none.
std::string pager_command() {
  const char* pager = std::getenv("PAGER");
  if (pager != nullptr) return pager;
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "" : path;
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    if (::access((std::string(folder) + "/less").c_str(), X_OK) == 0) return "less";
  }
  return {};
}

}  // namespace

PagerSink::PagerSink(size_t max_lines)
    : max_lines_(pager_command().empty() ? 0 : max_lines), screen_(stdout, "standard output") {}

PagerSink::~PagerSink() {
  if (pipe_ != nullptr) ::pclose(pipe_);
}

void PagerSink::write(std::string_view bytes) {
  if (pager_) return pager_->write(bytes);
  if (max_lines_ == 0) return screen_.write(bytes);
  kept_ += bytes;
  num_lines_ += static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  // Two lines are left for the counts and the next prompt.
  if (num_lines_ + 2 > max_lines_) start_pager();
}

void PagerSink::start_pager() {
  std::fflush(stdout);
  // Quits when all fits, keeps colours, does not wrap, leaves the text on the screen.
  ::setenv("LESS", "FRSX", 0);
  pipe_ = ::popen(pager_command().c_str(), "w");
  if (pipe_ == nullptr) {
    max_lines_ = 0;
    screen_.write(kept_);
  } else {
    shield_.emplace();
    pager_ = std::make_unique<StreamSink>(pipe_, "the pager");
    pager_->write(kept_);
  }
  kept_.clear();
}

bool PagerSink::closed() const { return pager_ ? pager_->closed() : screen_.closed(); }

void PagerSink::finish() {
  if (pipe_ != nullptr) {
    pager_->flush();
    ::pclose(pipe_);
    pipe_ = nullptr;
    shield_.reset();
    return;
  }
  screen_.write(kept_);
  kept_.clear();
  screen_.flush();
}

}  // namespace trailsql
