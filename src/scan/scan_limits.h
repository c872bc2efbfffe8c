// The limits of this module, in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trailsql {

constexpr size_t kMaxNestingDepth = 500;  // objects and arrays within a document; deeper: malformed
constexpr size_t kMaxQuotedTextBytes = 200;    // of a bad document, in messages
constexpr size_t kKeptBufferBytes = 64 << 20;  // a worker's buffers shrink to this after huge files
/// Strings of files smaller than this are copied, so that one batch may span many small files;
/// those of larger ones are borrowed from the file's buffer.
constexpr size_t kBorrowFromBytes = 256 << 10;
/// Elements of one array or map that becomes a value; those that UNNEST makes rows of are not
/// counted.
constexpr size_t kMaxValueElements = 1 << 22;
/// Records of other forms than log files are rewritten in pieces of this size (one record more at
/// most), so that a huge export costs no more memory than its own text.
constexpr size_t kUnwrappedBytes = 4 << 20;
constexpr size_t kMaxEnvelopeDepth = 8;  // envelopes within envelopes
/// Every attempt to read a malformed text as a document over several lines may cost the whole file:
/// all of them together cost as much as this many passes over it, and one more.
constexpr uint64_t kMaxFailedPasses = 16;

/// Of a bucket's files, as stored: what is read ahead of the workers, whatever the number of files.
constexpr uint64_t kReadAheadBytes = 128ull << 20;
/// Of files of this machine, as stored and as text: what is read before the workers begin.
constexpr size_t kFilesAheadBytes = 64 << 20;

}  // namespace trailsql
