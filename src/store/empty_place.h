// Places in buckets where somebody expects logs, and nothing is.
#pragma once

#include <string>
#include <vector>

#include "store/file_store.h"

namespace trailsql {

/// Throws INVALID_ARGUMENTS when nothing at all lies at a place in a bucket: it names the nearest
/// folder on the way there that has folders, and those that may be meant. Of a place of this
/// machine nothing is asked. Throws as FileStore::is_empty_folder does.
void throw_if_empty(const FileStore& store, const std::string& url);

/// Throws PERMISSION_DENIED when a place in a bucket is itself among what was left out for not
/// being allowed to be listed: then nothing is known of it.
void throw_if_denied(const std::vector<UnlistedPath>& unlisted, const std::string& url);

}  // namespace trailsql
