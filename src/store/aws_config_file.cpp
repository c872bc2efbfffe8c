#include "store/aws_config_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "store/file_reader.h"

namespace trailsql {
namespace {

constexpr std::string_view kSettingBlanks = " \t\r\f\v";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(kSettingBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSettingBlanks) - first + 1);
}

std::string unquoted(std::string_view name) {
  const bool is_quoted = name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
                         name.back() == name.front();
  return std::string(is_quoted ? name.substr(1, name.size() - 2) : name);
}

// inih cannot read these files: it cuts names of sections at 49 bytes, so that two profiles with
// long names, as single sign-on makes them, become one and have each other's keys; it does not tell
// of sections without settings; and it hands a nested "a = b" to its handler as a value, without
// the indentation that tells it from a setting.
class AwsSectionParser {
 public:
  explicit AwsSectionParser(const std::string& path) : path_(path) {}

  std::vector<AwsSection> parse(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (text.find('\0') != std::string_view::npos)
      throw problem("holds zero bytes, so it is no file of settings");
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size());
      ++line_number_;
      add_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(sections_);
  }

 private:
  void add_line(std::string_view line) {
    const std::string_view content = without_blanks(line);
    // Only whole lines are comments: '#' and ';' are good in values.
    if (content.empty() || content.front() == '#' || content.front() == ';') return;
    const size_t indentation = line.find_first_not_of(kSettingBlanks);
    if (setting_ != nullptr && indentation > setting_indentation_) {
      add_nested(content);
    } else if (content.front() == '[') {
      open_section(content);
    } else {
      add_setting(content, indentation);
    }
  }

  void open_section(std::string_view heading) {
    const size_t end = heading.find(']');
    if (end == std::string_view::npos) throw problem_here("a heading without its ']'");
    if (sections_.size() == kMaxAwsSections)
      throw problem(fmt::format("has more than {} sections", kMaxAwsSections));
    const std::string_view title = without_blanks(heading.substr(1, end - 1));
    const size_t blank = title.find_first_of(kSettingBlanks);
    AwsSection& section = sections_.emplace_back();
    if (blank == std::string_view::npos) {
      section.name = title;
    } else {
      section.kind = title.substr(0, blank);
      section.name = unquoted(without_blanks(title.substr(blank)));
    }
    setting_ = nullptr;
  }

  void add_setting(std::string_view content, size_t indentation) {
    if (sections_.empty()) throw problem_here("a setting before the first [section]");
    const size_t sign = content.find_first_of("=:");
    if (sign == std::string_view::npos || sign == 0)
      throw problem_here("neither [section] nor \"name = value\"");
    setting_name_ = to_lower_ascii(without_blanks(content.substr(0, sign)));
    setting_ = &sections_.back().settings[setting_name_];
    *setting_ = without_blanks(content.substr(sign + 1));
    setting_indentation_ = indentation;
  }

  // What stands deeper than a setting is nested in it when it has no value of its own, else it
  // goes on with the value.
  void add_nested(std::string_view content) {
    if (!setting_->empty()) {
      *setting_ += '\n';
      *setting_ += content;
      return;
    }
    const size_t sign = content.find('=');
    if (sign == std::string_view::npos || sign == 0)
      throw problem_here("no nested \"name = value\"");
    const std::string name = to_lower_ascii(without_blanks(content.substr(0, sign)));
    sections_.back().settings[setting_name_ + "." + name] =
        without_blanks(content.substr(sign + 1));
  }

  QueryError problem(std::string_view what) const {
    return {ErrorCode::kHiveFilesystemError, fmt::format("{} {}", path_, what)};
  }
  QueryError problem_here(std::string_view what) const {
    return problem(fmt::format("cannot be understood: line {} is {}", line_number_, what));
  }

  const std::string& path_;
  size_t line_number_ = 0;
  std::vector<AwsSection> sections_;
  std::string setting_name_;
  std::string* setting_ = nullptr;  // the last one of the last section
  size_t setting_indentation_ = 0;
};

}  // namespace

std::vector<AwsSection> parse_aws_sections(std::string_view text, const std::string& path) {
  return AwsSectionParser(path).parse(text);
}

std::optional<std::string> read_aws_file(const std::string& path) {
  // As with the AWS CLI, a folder or a device is no file: AWS_CONFIG_FILE=/dev/null means none.
  std::error_code ignored;
  if (path.empty() || !std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  ByteBuffer bytes;
  const std::string problem = read_file(path, bytes, kMaxAwsFileBytes);
  if (!problem.empty()) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Cannot read {}: {}", path, problem));
  }
  return std::string(bytes.view());
}

}  // namespace trailsql
