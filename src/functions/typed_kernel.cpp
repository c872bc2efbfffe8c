#include "functions/typed_kernel.h"

#include <fmt/core.h>

namespace trailsql {
namespace {

uint64_t seeded_hash(std::string_view text, uint64_t seed) {
  uint64_t hash = 0xcbf29ce484222325U ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::string kernel_name(std::string_view prefix, std::span<const Type> types) {
  // Long and nested types go in as a hash: their readable form would not be unique.
  constexpr size_t kMaxReadable = 48;
  std::string exact;
  std::string readable;
  bool nested = false;
  for (const Type& type : types) {
    exact += type.display() + ";";
    readable += "_";
    for (const char c : type.display()) {
      const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (word) {
        readable += c;
      } else if (c != ')') {
        readable += '_';
      }
    }
    nested = nested || type.is_nested();
  }
  std::string name = "k_";
  for (const char c : prefix) {
    if (c != '$') name += c;
  }
  if (!nested && readable.size() <= kMaxReadable) return name + readable;
  return fmt::format("{}_{:016x}{:016x}", name, seeded_hash(exact, 0),
                     seeded_hash(exact, 0x9e3779b9U));
}

std::string kernel_name(const BoundFunction& function) {
  std::vector<Type> types = function.argument_types;
  types.push_back(function.result_type);
  return kernel_name(function.entry->name, types);
}

KernelPtr new_kernel(const BoundFunction& function, KernelFunction run) {
  auto kernel = std::make_shared<Kernel>();
  kernel->sql_name = kernel_name(function);
  kernel->argument_types = function.argument_types;
  kernel->result_type = function.result_type;
  kernel->called_on_null = function.entry->called_on_null;
  kernel->run = std::move(run);
  return kernel;
}

}  // namespace trailsql
