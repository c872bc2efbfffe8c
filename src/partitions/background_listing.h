// The files of a table in buckets: listed by threads of their own, and asked the conditions of the
// query as they are found, while others are read already.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "scan/file_source.h"
#include "store/file_store.h"

namespace trailsql {

/// Files that were listed, as they come.
struct ListedFiles {
  uint32_t partition = 0;  // of a table whose partitions are known: which
  std::vector<StoredFile> files;
  TrailPart part;        // of a ready-made table: a folder of a day or a file, with its files
  std::string location;  // of the part, as declared
};

/// A listing in the background.
class BackgroundListing : public FileSource {
 public:
  using Hand = std::function<void(ListedFiles)>;
  /// Lists everything and hands it over, from several threads; ends when `stopping` asks for it.
  using List = std::function<void(const Cancellation& stopping, const Hand& hand)>;
  /// Leaves what the query's conditions keep.
  using Choose = std::function<FoundFiles(std::vector<ListedFiles>)>;
  /// Says what is to be said after the last file.
  using Finish = std::function<void()>;
  /// Does as FileSource::again.
  using Again = std::function<std::unique_ptr<FileSource>(const std::vector<std::string>&)>;

  BackgroundListing(List list, Choose choose, Finish finish, Again again);
  ~BackgroundListing() override;
  bool next(FoundFiles& found) override;
  std::unique_ptr<FileSource> again(const std::vector<std::string>& stored_paths) override;
  void stop() override;

 private:
  void list_all();

  const List list_;
  const Choose choose_;
  const Finish finish_;
  const Again again_;
  Cancellation stopping_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<ListedFiles> listed_;
  size_t num_waiting_files_ = 0;  // in listed_
  bool has_all_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace trailsql
