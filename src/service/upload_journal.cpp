#include "service/upload_journal.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/text.h"
#include "service/local_path.h"
#include "store/aws_signature.h"

namespace trailsql {
namespace {

constexpr std::string_view kJournalName = ".uploads";

std::string journal_line(std::string_view word, const std::vector<std::string>& fields) {
  std::string line(word);
  for (const std::string& field : fields) line += "\t" + aws_encoded(field, true);
  return line + "\n";
}

// The lines are on the disk before anything happens that they tell of.
void append_lines(const std::string& folder, const std::string& lines) {
  const std::string path = upload_journal_path(folder);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) throw_file_error("create", path, std::strerror(errno));
  size_t done = 0;
  while (done < lines.size()) {
    const ssize_t written = ::write(file, lines.data() + done, lines.size() - done);
    if (written < 0 && errno != EINTR) break;
    if (written > 0) done += static_cast<size_t>(written);
  }
  const bool failed = done < lines.size() || ::fsync(file) != 0;
  const int reason = errno;
  ::close(file);
  if (failed) throw_file_error("write", path, std::strerror(reason));
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  for (size_t start = 0; start <= line.size();) {
    const size_t end = std::min(line.find('\t', start), line.size());
    fields.push_back(percent_decoded(line.substr(start, end - start)));
    start = end + 1;
  }
  return fields;
}

std::vector<std::string> access_fields(const AwsAccess& access) {
  std::vector<std::string> fields;
  if (access.profile) fields.push_back("profile=" + *access.profile);
  if (access.region) fields.push_back("region=" + *access.region);
  if (access.endpoint) fields.push_back("endpoint=" + *access.endpoint);
  if (access.path_style) fields.push_back(*access.path_style ? "path_style=1" : "path_style=0");
  if (access.is_anonymous) fields.push_back("anonymous=1");
  if (access.requester_pays) fields.push_back("requester_pays=1");
  return fields;
}

AwsAccess access_of_fields(const std::vector<std::string>& fields) {
  AwsAccess access;
  for (const std::string& field : fields) {
    const size_t equals = field.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = field.substr(0, equals);
    const std::string value = field.substr(equals + 1);
    if (name == "profile") access.profile = value;
    if (name == "region") access.region = value;
    if (name == "endpoint") access.endpoint = value;
    if (name == "path_style") access.path_style = value == "1";
    if (name == "anonymous") access.is_anonymous = true;
    if (name == "requester_pays") access.requester_pays = true;
  }
  return access;
}

}  // namespace

std::string upload_journal_path(const std::string& folder) {
  return fmt::format("{}/{}", folder, kJournalName);
}

void begin_upload_journal(const std::string& folder, const AwsAccess& access) {
  append_lines(folder,
               journal_line("folder", {folder}) + journal_line("access", access_fields(access)));
  make_durable(folder);
}

void add_to_upload_journal(const std::string& folder, const BegunUpload& begun) {
  append_lines(folder, journal_line("upload", {begun.url, begun.upload_id}));
}

void add_to_upload_journal(const std::string& folder, const std::vector<std::string>& urls) {
  std::string lines;
  for (const std::string& url : urls) lines += journal_line("object", {url});
  append_lines(folder, lines);
}

std::optional<UploadJournal> read_upload_journal(const std::string& folder) {
  std::ifstream file(upload_journal_path(folder));
  if (!file) return std::nullopt;
  UploadJournal journal;
  bool is_of_folder = false;
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // cut off when the machine died: it tells of nothing that happened
    const std::vector<std::string> fields = fields_of(line);
    if (fields[0] == "folder" && fields.size() == 2) is_of_folder = fields[1] == folder;
    if (fields[0] == "access") journal.access = access_of_fields(fields);
    if (fields[0] == "upload" && fields.size() == 3)
      journal.begun.push_back({fields[1], fields[2]});
    if (fields[0] == "object" && fields.size() == 2) journal.urls.push_back(fields[1]);
  }
  if (!is_of_folder) return std::nullopt;
  return journal;
}

}  // namespace trailsql
