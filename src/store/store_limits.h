// The limits of this module, in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trailsql {

constexpr size_t kMaxFolderDepth = 128;               // nested folders below a location
constexpr size_t kMaxListedFiles = 50'000'000;        // files of one location
constexpr uint64_t kMaxStoredFileBytes = 1ull << 36;  // 64 GiB, as stored
constexpr uint64_t kMaxRawFileBytes = 1ull << 36;     // 64 GiB, after gunzip
constexpr uint64_t kMaxRawMemoryShare = 4;            // and this part of the usable memory
constexpr uint64_t kMaxRawTogetherShare = 2;  // of which all files read at once may take this part

// A page of 1,000 keys of 1,024 bytes, of which XML may make six each, is within it.
constexpr uint64_t kMaxS3AnswerBytes = 8ull << 20;       // in XML
constexpr uint64_t kMaxObjectGrowthBytes = 16ull << 20;  // read of an object that has grown
constexpr size_t kMaxObjectKeyBytes = 4096;              // S3 itself allows 1,024
constexpr size_t kMaxEmptyPages = 1'000;  // of a listing, one after the other: much was deleted
constexpr uint64_t kMaxKeptObjectBytes = 4ull << 30;     // on disk, of objects read twice
constexpr uint64_t kTransferBytes = 128ull
                                    << 20;  // of memory, for what one statement uploads or copies

constexpr uint64_t kMaxAwsFileBytes = 1ull << 20;        // of ~/.aws, and tokens in files
constexpr size_t kMaxAwsSections = 10'000;               // of one file of settings
constexpr size_t kMaxRoleChain = 10;                     // roles assumed for one another
constexpr uint64_t kMaxAwsAnswerBytes = 1ull << 20;      // of whoever hands out credentials
constexpr size_t kMaxCredentialOutputBytes = 64 * 1024;  // of a credential_process

}  // namespace trailsql
