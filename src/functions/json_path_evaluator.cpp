#include "functions/json_path_evaluator.h"

#include <fmt/core.h>

#include <cmath>

#include "functions/caster.h"
#include "functions/compare.h"
#include "functions/function.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

using NodeKind = PathNode::Kind;

// Casts a scalar; empty when it cannot be.
std::optional<Column> cast_scalar(const Column& value, const Type& to) {
  Column result(to);
  CastProblem problem;
  const Caster caster = make_caster(value.type(), to);
  if (!caster || !append_cast(caster, value, 0, result, problem)) return std::nullopt;
  return result;
}

double double_of(const JsonItem& number) {
  const std::optional<Column> value = cast_scalar(*number.scalar, TypeKind::kDouble);
  return value ? value->double_at(0) : 0;
}

// Calls a function of SQL that has a kernel; empty where it fails.
std::optional<JsonItem> call_function(std::string_view name, std::vector<const Column*> values) {
  std::vector<Type> types;
  for (const Column* value : values) types.push_back(value->type());
  const std::optional<BoundFunction> function = resolve_function(name, types);
  if (!function || function->entry->make_kernel == nullptr) return std::nullopt;
  std::vector<Column> converted;
  converted.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    std::optional<Column> value = cast_scalar(*values[i], function->argument_types[i]);
    if (!value) return std::nullopt;
    converted.push_back(std::move(*value));
    values[i] = &converted.back();
  }
  Column result(function->result_type);
  try {
    function->entry->make_kernel(*function)->run({values, 1, result});
  } catch (const QueryError&) {
    return std::nullopt;
  }
  return JsonItem::of_scalar(std::move(result));
}

// Returns the order of two scalars: empty when they have none. NULL items are not scalars.
std::optional<int> compare_scalars(const JsonItem& a, const JsonItem& b) {
  const std::optional<Type> common = common_super_type(a.type(), b.type());
  if (!common || !is_orderable(*common)) return std::nullopt;
  const std::optional<Column> left = cast_scalar(*a.scalar, *common);
  const std::optional<Column> right = cast_scalar(*b.scalar, *common);
  if (!left || !right) return std::nullopt;
  return compare_values(*left, 0, *right, 0);
}

// Compares two items; empty (an error) for arrays, objects and types without a common one.
std::optional<bool> compare_items(const std::string& operation, const JsonItem& a,
                                  const JsonItem& b) {
  const auto is_nested = [](const JsonItem& item) {
    return item.kind == JsonItem::Kind::kArray || item.kind == JsonItem::Kind::kObject;
  };
  if (is_nested(a) || is_nested(b)) return std::nullopt;
  if (!a.is_scalar() || !b.is_scalar()) {
    const bool both = !a.is_scalar() && !b.is_scalar();
    if (operation == "==" || operation == "<=" || operation == ">=") return both;
    return operation == "<>" && !both;
  }
  const std::optional<int> order = compare_scalars(a, b);
  if (!order) return std::nullopt;
  if (operation == "==") return *order == 0;
  if (operation == "<>") return *order != 0;
  if (operation == "<") return *order < 0;
  if (operation == ">") return *order > 0;
  return operation == "<=" ? *order <= 0 : *order >= 0;
}

class PathEvaluator {
 public:
  PathEvaluator(bool is_lax, const JsonItem& context, std::span<const JsonItem> parameters)
      : is_lax_(is_lax), context_(context), parameters_(parameters) {}

  // Appends what the node finds. False, and the problem, where that is an error.
  bool evaluate(const PathNode& node, JsonItems& found) {
    switch (node.kind) {
      case NodeKind::kLiteral: found.push_back(node.literal); return true;
      case NodeKind::kContext: found.push_back(context_); return true;
      case NodeKind::kVariable: found.push_back(parameters_[node.parameter]); return true;
      case NodeKind::kCurrent:
        if (current_ == nullptr) return fail("");
        found.push_back(*current_);
        return true;
      case NodeKind::kLast:
        if (!last_) return fail("");
        found.push_back(JsonItem::of_integer(*last_));
        return true;
      case NodeKind::kMember: return evaluate_member(node, found);
      case NodeKind::kAllMembers: return evaluate_all_members(node, found);
      case NodeKind::kDescendantMember: return evaluate_descendants(node, found);
      case NodeKind::kElements: return evaluate_elements(node, found);
      case NodeKind::kAllElements: return evaluate_all_elements(node, found);
      case NodeKind::kFilter: return evaluate_filter(node, found);
      case NodeKind::kType:
      case NodeKind::kSize: return evaluate_of_whole(node, found);
      case NodeKind::kDouble:
      case NodeKind::kCeiling:
      case NodeKind::kFloor:
      case NodeKind::kAbs: return evaluate_of_number(node, found);
      case NodeKind::kKeyValue: return evaluate_key_value(node, found);
      case NodeKind::kArithmetic: return evaluate_arithmetic(node, found);
      case NodeKind::kNegate:
      case NodeKind::kPlus: return evaluate_sign(node, found);
      default: return fail("");  // predicates stand in filters only
    }
  }

  std::string take_problem() { return std::move(problem_); }

 private:
  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool fail_type(std::string_view expected, const JsonItem& actual) {
    return fail(fmt::format("invalid item type. Expected: {}, actual: {}", expected,
                            item_kind_name(actual)));
  }

  // What a step works on: in lax mode arrays stand for their elements.
  bool evaluate_unwrapped(const PathNode& node, JsonItems& items) {
    JsonItems whole;
    if (!evaluate(node, whole)) return false;
    for (JsonItem& item : whole) {
      if (is_lax_ && item.kind == JsonItem::Kind::kArray) {
        items.insert(items.end(), item.elements->begin(), item.elements->end());
      } else {
        items.push_back(std::move(item));
      }
    }
    return true;
  }

  bool evaluate_member(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate_unwrapped(*node.base, items)) return false;
    for (const JsonItem& item : items) {
      if (item.kind != JsonItem::Kind::kObject) {
        if (!is_lax_) return fail_type("OBJECT", item);
        continue;
      }
      const JsonItem* member = find_member(item, node.text);
      if (member != nullptr) {
        found.push_back(*member);
      } else if (!is_lax_) {
        return fail(fmt::format("structural error: missing member '{}' in JSON object", node.text));
      }
    }
    return true;
  }

  static const JsonItem* find_member(const JsonItem& object, const std::string& name) {
    for (const auto& [key, value] : *object.members) {
      if (key == name) return &value;
    }
    return nullptr;
  }

  bool evaluate_all_members(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate_unwrapped(*node.base, items)) return false;
    for (const JsonItem& item : items) {
      if (item.kind == JsonItem::Kind::kObject) {
        for (const auto& [key, value] : *item.members) found.push_back(value);
      } else if (!is_lax_) {
        return fail_type("OBJECT", item);
      }
    }
    return true;
  }

  bool evaluate_descendants(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate(*node.base, items)) return false;
    for (const JsonItem& item : items) append_descendants(item, node.text, found);
    return true;
  }
  // An object's own member comes before those further down.
  static void append_descendants(const JsonItem& item, const std::string& name, JsonItems& found) {
    if (item.kind == JsonItem::Kind::kArray) {
      for (const JsonItem& element : *item.elements) append_descendants(element, name, found);
    }
    if (item.kind != JsonItem::Kind::kObject) return;
    const JsonItem* member = find_member(item, name);
    if (member != nullptr) found.push_back(*member);
    for (const auto& [key, value] : *item.members) append_descendants(value, name, found);
  }

  // Evaluates to an array's elements; anything else is its own only element in lax mode.
  bool evaluate_arrays(const PathNode& node, std::vector<JsonItem>& arrays) {
    JsonItems items;
    if (!evaluate(node, items)) return false;
    for (JsonItem& item : items) {
      if (item.kind == JsonItem::Kind::kArray) {
        arrays.push_back(std::move(item));
      } else if (is_lax_) {
        arrays.push_back(JsonItem::of_array({item}));
      } else {
        return fail_type("ARRAY", item);
      }
    }
    return true;
  }

  bool evaluate_all_elements(const PathNode& node, JsonItems& found) {
    std::vector<JsonItem> arrays;
    if (!evaluate_arrays(*node.base, arrays)) return false;
    for (const JsonItem& array : arrays)
      found.insert(found.end(), array.elements->begin(), array.elements->end());
    return true;
  }

  bool evaluate_elements(const PathNode& node, JsonItems& found) {
    std::vector<JsonItem> arrays;
    if (!evaluate_arrays(*node.base, arrays)) return false;
    for (const JsonItem& array : arrays) {
      const auto size = static_cast<int64_t>(array.elements->size());
      const std::optional<int64_t> outer_last = last_;
      last_ = size - 1;
      for (const PathNode::Subscript& subscript : node.subscripts) {
        int64_t from = 0;
        if (!evaluate_index(*subscript.from, from)) return false;
        int64_t to = from;
        if (subscript.to && !evaluate_index(*subscript.to, to)) return false;
        if (!is_lax_ && (from < 0 || to >= size || from > to)) {
          return fail(fmt::format(
              "structural error: invalid array subscript: [{}, {}] for array of size {}", from, to,
              size));
        }
        for (int64_t i = std::max<int64_t>(from, 0); i <= std::min(to, size - 1); ++i)
          found.push_back((*array.elements)[static_cast<size_t>(i)]);
      }
      last_ = outer_last;
    }
    return true;
  }

  bool evaluate_index(const PathNode& node, int64_t& index) {
    JsonItems items;
    if (!evaluate(node, items)) return false;
    if (items.size() != 1) return fail("array subscript must be a singleton numeric value");
    if (!items[0].is_number()) return fail_type("NUMBER", items[0]);
    // Rounds as a cast to bigint does.
    const std::optional<Column> value = cast_scalar(*items[0].scalar, TypeKind::kBigint);
    if (!value) return fail("array subscript is out of range");
    index = value->int64_at(0);
    return true;
  }

  bool evaluate_filter(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate_unwrapped(*node.base, items)) return false;
    const JsonItem* const outer = current_;
    for (const JsonItem& item : items) {
      current_ = &item;
      if (test(*node.left).value_or(false)) found.push_back(item);
    }
    current_ = outer;
    return true;
  }

  bool evaluate_of_whole(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate(*node.base, items)) return false;
    for (const JsonItem& item : items) {
      if (node.kind == NodeKind::kType) {
        found.push_back(JsonItem::of_text(item_type_name(item)));
      } else if (item.kind == JsonItem::Kind::kArray) {
        found.push_back(JsonItem::of_integer(static_cast<int64_t>(item.elements->size())));
      } else if (is_lax_) {
        found.push_back(JsonItem::of_integer(1));
      } else {
        return fail_type("ARRAY", item);
      }
    }
    return true;
  }

  bool evaluate_of_number(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate_unwrapped(*node.base, items)) return false;
    for (const JsonItem& item : items) {
      std::optional<JsonItem> result;
      if (node.kind == NodeKind::kDouble) {
        if (!item.is_number() && !item.is_text()) return fail_type("NUMBER or TEXT", item);
        const std::optional<Column> value = cast_scalar(*item.scalar, TypeKind::kDouble);
        if (value) result = JsonItem::of_double(value->double_at(0));
      } else {
        if (!item.is_number()) return fail_type("NUMBER", item);
        result = computed(node.kind, item);
      }
      if (!result) return fail("");
      found.push_back(std::move(*result));
    }
    return true;
  }

  static std::optional<JsonItem> computed(NodeKind kind, const JsonItem& item) {
    if (!item.type().is_floating()) {
      const std::string_view name = kind == NodeKind::kAbs       ? "abs"
                                    : kind == NodeKind::kCeiling ? "ceiling"
                                    : kind == NodeKind::kFloor   ? "floor"
                                                                 : "$negate";
      return call_function(name, {item.scalar.get()});
    }
    const double value = item.scalar->double_at(0);
    const double result = kind == NodeKind::kAbs       ? std::abs(value)
                          : kind == NodeKind::kCeiling ? std::ceil(value)
                          : kind == NodeKind::kFloor   ? std::floor(value)
                                                       : -value;
    Column column(item.type());
    column.append_double(result);
    return JsonItem::of_scalar(std::move(column));
  }

  bool evaluate_key_value(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate_unwrapped(*node.base, items)) return false;
    for (const JsonItem& item : items) {
      if (item.kind != JsonItem::Kind::kObject) return fail_type("OBJECT", item);
      for (const auto& [key, value] : *item.members) {
        auto members = std::make_shared<std::vector<std::pair<std::string, JsonItem>>>();
        members->emplace_back("name", JsonItem::of_text(key));
        members->emplace_back("value", value);
        members->emplace_back("id", JsonItem::of_integer(num_objects_));
        JsonItem pair;
        pair.kind = JsonItem::Kind::kObject;
        pair.members = std::move(members);
        found.push_back(std::move(pair));
      }
      ++num_objects_;
    }
    return true;
  }

  bool evaluate_sign(const PathNode& node, JsonItems& found) {
    JsonItems items;
    if (!evaluate_unwrapped(*node.left, items)) return false;
    for (const JsonItem& item : items) {
      if (!item.is_number()) return fail_type("NUMBER", item);
      std::optional<JsonItem> result =
          node.kind == NodeKind::kPlus ? item : computed(NodeKind::kNegate, item);
      if (!result) return fail("");
      found.push_back(std::move(*result));
    }
    return true;
  }

  bool evaluate_arithmetic(const PathNode& node, JsonItems& found) {
    JsonItems left;
    JsonItems right;
    if (!evaluate_unwrapped(*node.left, left) || !evaluate_unwrapped(*node.right, right))
      return false;
    if (left.size() != 1 || right.size() != 1)
      return fail("arithmetic binary expression requires singleton operands");
    for (const JsonItem* operand : {&left[0], &right[0]}) {
      if (!operand->is_number()) return fail_type("NUMBER", *operand);
    }
    const char operation = node.text[0];
    if (left[0].type().is_floating() || right[0].type().is_floating()) {
      const double a = double_of(left[0]);
      const double b = double_of(right[0]);
      found.push_back(JsonItem::of_double(operation == '+'   ? a + b
                                          : operation == '-' ? a - b
                                          : operation == '*' ? a * b
                                          : operation == '/' ? a / b
                                                             : std::fmod(a, b)));
      return true;
    }
    const std::string_view name = operation == '+'   ? "$add"
                                  : operation == '-' ? "$subtract"
                                  : operation == '*' ? "$multiply"
                                  : operation == '/' ? "$divide"
                                                     : "$modulus";
    std::optional<JsonItem> result =
        call_function(name, {left[0].scalar.get(), right[0].scalar.get()});
    if (!result) return fail("");
    found.push_back(std::move(*result));
    return true;
  }

  // Tests a predicate; empty means unknown, which every error inside is.
  std::optional<bool> test(const PathNode& node) {
    switch (node.kind) {
      case NodeKind::kAnd:
      case NodeKind::kOr: {
        const bool decides = node.kind == NodeKind::kOr;
        const std::optional<bool> left = test(*node.left);
        const std::optional<bool> right = test(*node.right);
        if (left == decides || right == decides) return decides;
        if (!left || !right) return std::nullopt;
        return !decides;
      }
      case NodeKind::kNot: {
        const std::optional<bool> value = test(*node.left);
        return value ? std::optional(!*value) : std::nullopt;
      }
      case NodeKind::kIsUnknown: return !test(*node.left).has_value();
      case NodeKind::kExists: {
        JsonItems items;
        if (!evaluate(*node.left, items)) return std::nullopt;
        return !items.empty();
      }
      case NodeKind::kComparison:
      case NodeKind::kStartsWith: return test_pairs(node);
      default: return std::nullopt;
    }
  }

  // Whether any pair fits; in lax mode the first pair that fits, or has no answer, decides.
  std::optional<bool> test_pairs(const PathNode& node) {
    JsonItems left;
    JsonItems right;
    if (!evaluate_unwrapped(*node.left, left) || !evaluate_unwrapped(*node.right, right))
      return std::nullopt;
    bool fits = false;
    for (const JsonItem& a : left) {
      for (const JsonItem& b : right) {
        const std::optional<bool> pair =
            node.kind == NodeKind::kStartsWith ? starts_with(a, b) : compare_items(node.text, a, b);
        if (!pair) return std::nullopt;
        if (*pair && is_lax_) return true;
        fits = fits || *pair;
      }
    }
    return fits;
  }

  static std::optional<bool> starts_with(const JsonItem& text, const JsonItem& start) {
    if (!text.is_text() || !start.is_text()) return std::nullopt;
    return item_text(text).starts_with(item_text(start));
  }

  bool is_lax_;
  const JsonItem& context_;
  std::span<const JsonItem> parameters_;
  const JsonItem* current_ = nullptr;  // of the innermost filter
  std::optional<int64_t> last_;        // of the innermost array whose subscripts are evaluated
  int64_t num_objects_ = 0;            // that keyvalue() has seen
  std::string problem_;
};

}  // namespace

PathResult evaluate_path(const JsonPath& path, const JsonItem& context,
                         std::span<const JsonItem> parameters) {
  PathResult result;
  PathEvaluator evaluator(path.is_lax, context, parameters);
  if (!evaluator.evaluate(*path.root, result.items)) result.problem = evaluator.take_problem();
  return result;
}

}  // namespace trailsql
