// What a statement has put into a bucket and does not count yet: so that whoever comes next can
// undo it, should its process die.
//
// The journal is the file `.uploads` in the statement's hidden folder. Each line is a word and its
// fields, divided by tabs and percent-encoded:
//   folder <path>                 the hidden folder: a copy of it, in a copied home, is no journal
//   access <name>=<value> …       how the bucket is reached; nothing of credentials
//   upload <url> <upload id>      an upload in parts that was begun
//   object <url>                  an object that is there, or may be soon
// A statement counts, in the one transaction that makes its files known to the catalog, by a move
// of the journal out of its name; one that the catalog need not know of removes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/aws_access.h"
#include "store/bucket_upload.h"

namespace trailsql {

struct UploadJournal {
  AwsAccess access;
  std::vector<BegunUpload> begun;
  std::vector<std::string> urls;
};

/// Returns the path of the journal of a hidden folder.
std::string upload_journal_path(const std::string& folder);

/// Begins a journal. Throws HIVE_FILESYSTEM_ERROR, as these all do.
void begin_upload_journal(const std::string& folder, const AwsAccess& access);
void add_to_upload_journal(const std::string& folder, const BegunUpload& begun);
void add_to_upload_journal(const std::string& folder, const std::vector<std::string>& urls);

/// Returns what a folder's journal says; nothing when it has none, or one of another folder.
std::optional<UploadJournal> read_upload_journal(const std::string& folder);

}  // namespace trailsql
