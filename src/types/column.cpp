#include "types/column.h"

#include <algorithm>
#include <cstring>

namespace trailsql {

std::string_view StringArena::add(std::string_view text) {
  if (text.empty()) return {};
  char* bytes = allocate(text.size());
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

char* StringArena::allocate(size_t size_bytes) {
  while (current_ < blocks_.size()) {
    Block& block = blocks_[current_];
    if (block.used + size_bytes <= block.bytes.size()) {
      char* result = block.bytes.data() + block.used;
      block.used += size_bytes;
      return result;
    }
    ++current_;
  }
  blocks_.push_back({std::vector<char>(std::max(kBlockBytes, size_bytes)), size_bytes});
  return blocks_.back().bytes.data();
}

void StringArena::clear() {
  for (Block& block : blocks_) block.used = 0;
  current_ = 0;
}

Storage storage_of(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kUnknown:
    case TypeKind::kFunction: return Storage::kNone;
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalYearToMonth:
    case TypeKind::kIntervalDayToSecond: return Storage::kInt64;
    case TypeKind::kTimestamp: return type.has_picoseconds() ? Storage::kRow : Storage::kInt64;
    case TypeKind::kReal:
    case TypeKind::kDouble: return Storage::kDouble;
    case TypeKind::kDecimal: return Storage::kInt128;
    case TypeKind::kVarchar:
    case TypeKind::kChar:
    case TypeKind::kVarbinary:
    case TypeKind::kJson:
    case TypeKind::kUuid:
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kIpAddress: return Storage::kString;
    case TypeKind::kArray:
    case TypeKind::kMap: return Storage::kList;
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kTimestampWithTimeZone:
    case TypeKind::kRow: return Storage::kRow;
  }
  return Storage::kNone;
}

std::vector<Type> child_types(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kArray: return {type.element()};
    case TypeKind::kMap: return {type.key(), type.value()};
    case TypeKind::kRow: {
      std::vector<Type> types;
      for (const RowField& field : type.fields()) types.push_back(field.type);
      return types;
    }
    case TypeKind::kTimeWithTimeZone: return {TypeKind::kBigint, TypeKind::kInteger};
    case TypeKind::kTimestamp:
      if (!type.has_picoseconds()) return {};
      return {TypeKind::kBigint, TypeKind::kInteger};
    case TypeKind::kTimestampWithTimeZone:
      if (!type.has_picoseconds()) return {TypeKind::kBigint, Type::varchar()};
      return {TypeKind::kBigint, TypeKind::kInteger, Type::varchar()};
    default: return {};
  }
}

Column::Column(Type type) : type_(std::move(type)), storage_(storage_of(type_)) {
  for (Type& child : child_types(type_)) children_.emplace_back(std::move(child));
  if (storage_ == Storage::kList) offsets_.push_back(0);
}

void Column::append_other_null() {
  valid_.push_back(0);
  switch (storage_) {
    case Storage::kNone: break;
    case Storage::kInt64: int64s_.push_back(0); break;
    case Storage::kDouble: doubles_.push_back(0); break;
    case Storage::kInt128: int128s_.push_back(0); break;
    case Storage::kString: strings_.emplace_back(); break;
    case Storage::kList: offsets_.push_back(children_[0].size()); break;
    case Storage::kRow:
      for (Column& child : children_) child.append_null();
      break;
  }
}

void Column::append_int64(int64_t value) {
  valid_.push_back(1);
  int64s_.push_back(value);
}

void Column::append_double(double value) {
  valid_.push_back(1);
  doubles_.push_back(value);
}

void Column::append_int128(int128_t value) {
  valid_.push_back(1);
  int128s_.push_back(value);
}

void Column::append_string(std::string_view value) { append_borrowed_string(arena_.add(value)); }

void Column::append_list() {
  valid_.push_back(1);
  offsets_.push_back(children_[0].size());
}

void Column::append_from(const Column& source, size_t i) {
  if (source.is_null(i)) return append_null();
  switch (storage_) {
    case Storage::kNone: return append_null();
    case Storage::kInt64: return append_int64(source.int64_at(i));
    case Storage::kDouble: return append_double(source.double_at(i));
    case Storage::kInt128: return append_int128(source.int128_at(i));
    case Storage::kString: return append_string(source.string_at(i));
    case Storage::kList:
      for (size_t child = 0; child < children_.size(); ++child) {
        for (size_t j = source.offset(i); j < source.offset(i + 1); ++j) {
          children_[child].append_from(source.children_[child], j);
        }
      }
      return append_list();
    case Storage::kRow:
      for (size_t child = 0; child < children_.size(); ++child) {
        children_[child].append_from(source.children_[child], i);
      }
      return append_row();
  }
}

void Column::clear() {
  valid_.clear();
  int64s_.clear();
  doubles_.clear();
  int128s_.clear();
  strings_.clear();
  if (!offsets_.empty()) offsets_.assign(1, 0);
  for (Column& child : children_) child.clear();
  arena_.clear();
}

void ColumnBatch::clear() {
  for (Column& column : columns) column.clear();
  num_rows = 0;
}

void ColumnBatch::reset(const std::vector<Type>& types) {
  if (!std::ranges::equal(columns, types, {}, &Column::type)) {
    columns.clear();
    for (const Type& type : types) columns.emplace_back(type);
  }
  clear();
}

}  // namespace trailsql
