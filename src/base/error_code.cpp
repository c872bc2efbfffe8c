#include "base/error_code.h"

#include <array>

namespace trailsql {
namespace {

struct Entry {
  ErrorCode code;
  std::string_view name;
  int32_t number;
  ErrorType type;
};

// In the order of the enumeration, so a code is its index.
constexpr auto kEntries = std::to_array<Entry>({
    {ErrorCode::kGenericUserError, "GENERIC_USER_ERROR", 0, ErrorType::kUser},
    {ErrorCode::kSyntaxError, "SYNTAX_ERROR", 1, ErrorType::kUser},
    {ErrorCode::kUserCanceled, "USER_CANCELED", 3, ErrorType::kUser},
    {ErrorCode::kPermissionDenied, "PERMISSION_DENIED", 4, ErrorType::kUser},
    {ErrorCode::kNotFound, "NOT_FOUND", 5, ErrorType::kUser},
    {ErrorCode::kFunctionNotFound, "FUNCTION_NOT_FOUND", 6, ErrorType::kUser},
    {ErrorCode::kInvalidFunctionArgument, "INVALID_FUNCTION_ARGUMENT", 7, ErrorType::kUser},
    {ErrorCode::kDivisionByZero, "DIVISION_BY_ZERO", 8, ErrorType::kUser},
    {ErrorCode::kInvalidCastArgument, "INVALID_CAST_ARGUMENT", 9, ErrorType::kUser},
    {ErrorCode::kOperatorNotFound, "OPERATOR_NOT_FOUND", 10, ErrorType::kUser},
    {ErrorCode::kInvalidView, "INVALID_VIEW", 11, ErrorType::kUser},
    {ErrorCode::kAlreadyExists, "ALREADY_EXISTS", 12, ErrorType::kUser},
    {ErrorCode::kNotSupported, "NOT_SUPPORTED", 13, ErrorType::kUser},
    {ErrorCode::kInvalidSessionProperty, "INVALID_SESSION_PROPERTY", 14, ErrorType::kUser},
    {ErrorCode::kInvalidWindowFrame, "INVALID_WINDOW_FRAME", 15, ErrorType::kUser},
    {ErrorCode::kConstraintViolation, "CONSTRAINT_VIOLATION", 16, ErrorType::kUser},
    {ErrorCode::kInvalidTableProperty, "INVALID_TABLE_PROPERTY", 18, ErrorType::kUser},
    {ErrorCode::kNumericValueOutOfRange, "NUMERIC_VALUE_OUT_OF_RANGE", 19, ErrorType::kUser},
    {ErrorCode::kUnknownTransaction, "UNKNOWN_TRANSACTION", 20, ErrorType::kUser},
    {ErrorCode::kInvalidProcedureArgument, "INVALID_PROCEDURE_ARGUMENT", 30, ErrorType::kUser},
    {ErrorCode::kSubqueryMultipleRows, "SUBQUERY_MULTIPLE_ROWS", 28, ErrorType::kUser},
    {ErrorCode::kInvalidLiteral, "INVALID_LITERAL", 59, ErrorType::kUser},
    {ErrorCode::kColumnNotFound, "COLUMN_NOT_FOUND", 47, ErrorType::kUser},
    {ErrorCode::kTableNotFound, "TABLE_NOT_FOUND", 46, ErrorType::kUser},
    {ErrorCode::kSchemaNotFound, "SCHEMA_NOT_FOUND", 45, ErrorType::kUser},
    {ErrorCode::kCatalogNotFound, "CATALOG_NOT_FOUND", 44, ErrorType::kUser},
    {ErrorCode::kMissingTable, "MISSING_TABLE", 86, ErrorType::kUser},
    {ErrorCode::kMissingColumnName, "MISSING_COLUMN_NAME", 55, ErrorType::kUser},
    {ErrorCode::kMissingSchemaName, "MISSING_SCHEMA_NAME", 57, ErrorType::kUser},
    {ErrorCode::kMissingCatalogName, "MISSING_CATALOG_NAME", 56, ErrorType::kUser},
    {ErrorCode::kTypeMismatch, "TYPE_MISMATCH", 58, ErrorType::kUser},
    {ErrorCode::kColumnAlreadyExists, "COLUMN_ALREADY_EXISTS", 51, ErrorType::kUser},
    {ErrorCode::kTableAlreadyExists, "TABLE_ALREADY_EXISTS", 50, ErrorType::kUser},
    {ErrorCode::kSchemaAlreadyExists, "SCHEMA_ALREADY_EXISTS", 49, ErrorType::kUser},
    {ErrorCode::kSchemaNotEmpty, "SCHEMA_NOT_EMPTY", 34, ErrorType::kUser},
    {ErrorCode::kAmbiguousName, "AMBIGUOUS_NAME", 62, ErrorType::kUser},
    {ErrorCode::kDuplicateNamedQuery, "DUPLICATE_NAMED_QUERY", 53, ErrorType::kUser},
    {ErrorCode::kDuplicateColumnName, "DUPLICATE_COLUMN_NAME", 54, ErrorType::kUser},
    {ErrorCode::kDuplicateParameterName, "DUPLICATE_PARAMETER_NAME", 112, ErrorType::kUser},
    {ErrorCode::kDuplicateWindowName, "DUPLICATE_WINDOW_NAME", 92, ErrorType::kUser},
    {ErrorCode::kMismatchedColumnAliases, "MISMATCHED_COLUMN_ALIASES", 61, ErrorType::kUser},
    {ErrorCode::kMissingColumnAliases, "MISSING_COLUMN_ALIASES", 88, ErrorType::kUser},
    {ErrorCode::kExpressionNotAggregate, "EXPRESSION_NOT_AGGREGATE", 73, ErrorType::kUser},
    {ErrorCode::kExpressionNotScalar, "EXPRESSION_NOT_SCALAR", 74, ErrorType::kUser},
    {ErrorCode::kExpressionNotConstant, "EXPRESSION_NOT_CONSTANT", 75, ErrorType::kUser},
    {ErrorCode::kExpressionNotInDistinct, "EXPRESSION_NOT_IN_DISTINCT", 69, ErrorType::kUser},
    {ErrorCode::kTooManyGroupingSets, "TOO_MANY_GROUPING_SETS", 70, ErrorType::kUser},
    {ErrorCode::kNestedAggregation, "NESTED_AGGREGATION", 67, ErrorType::kUser},
    {ErrorCode::kNestedWindow, "NESTED_WINDOW", 68, ErrorType::kUser},
    {ErrorCode::kNestedRecursive, "NESTED_RECURSIVE", 89, ErrorType::kUser},
    {ErrorCode::kMissingGroupBy, "MISSING_GROUP_BY", 64, ErrorType::kUser},
    {ErrorCode::kMissingOrderBy, "MISSING_ORDER_BY", 65, ErrorType::kUser},
    {ErrorCode::kMissingOver, "MISSING_OVER", 66, ErrorType::kUser},
    {ErrorCode::kInvalidOrderBy, "INVALID_ORDER_BY", 91, ErrorType::kUser},
    {ErrorCode::kInvalidLimitClause, "INVALID_LIMIT_CLAUSE", 90, ErrorType::kUser},
    {ErrorCode::kInvalidArguments, "INVALID_ARGUMENTS", 76, ErrorType::kUser},
    {ErrorCode::kInvalidColumnReference, "INVALID_COLUMN_REFERENCE", 63, ErrorType::kUser},
    {ErrorCode::kInvalidRecursiveReference, "INVALID_RECURSIVE_REFERENCE", 87, ErrorType::kUser},
    {ErrorCode::kInvalidParameterUsage, "INVALID_PARAMETER_USAGE", 80, ErrorType::kUser},
    {ErrorCode::kInvalidWindowReference, "INVALID_WINDOW_REFERENCE", 93, ErrorType::kUser},
    {ErrorCode::kInvalidPartitionBy, "INVALID_PARTITION_BY", 94, ErrorType::kUser},
    {ErrorCode::kNullTreatmentNotAllowed, "NULL_TREATMENT_NOT_ALLOWED", 83, ErrorType::kUser},
    {ErrorCode::kInvalidWindowMeasure, "INVALID_WINDOW_MEASURE", 107, ErrorType::kUser},
    {ErrorCode::kInvalidLabel, "INVALID_LABEL", 96, ErrorType::kUser},
    {ErrorCode::kInvalidProcessingMode, "INVALID_PROCESSING_MODE", 97, ErrorType::kUser},
    {ErrorCode::kInvalidNavigationNesting, "INVALID_NAVIGATION_NESTING", 98, ErrorType::kUser},
    {ErrorCode::kInvalidRowPattern, "INVALID_ROW_PATTERN", 99, ErrorType::kUser},
    {ErrorCode::kInvalidRange, "INVALID_RANGE", 102, ErrorType::kUser},
    {ErrorCode::kInvalidPath, "INVALID_PATH", 113, ErrorType::kUser},
    {ErrorCode::kJsonInputConversionError, "JSON_INPUT_CONVERSION_ERROR", 114, ErrorType::kUser},
    {ErrorCode::kJsonOutputConversionError, "JSON_OUTPUT_CONVERSION_ERROR", 115, ErrorType::kUser},
    {ErrorCode::kJsonValueResultError, "JSON_VALUE_RESULT_ERROR", 118, ErrorType::kUser},
    {ErrorCode::kPathEvaluationError, "PATH_EVALUATION_ERROR", 116, ErrorType::kUser},
    {ErrorCode::kFunctionNotAggregate, "FUNCTION_NOT_AGGREGATE", 72, ErrorType::kUser},
    {ErrorCode::kFunctionNotWindow, "FUNCTION_NOT_WINDOW", 71, ErrorType::kUser},
    {ErrorCode::kAmbiguousFunctionCall, "AMBIGUOUS_FUNCTION_CALL", 32, ErrorType::kUser},
    {ErrorCode::kFunctionImplementationMissing, "FUNCTION_IMPLEMENTATION_MISSING", 0x1000a,
     ErrorType::kInternal},
    {ErrorCode::kTypeNotFound, "TYPE_NOT_FOUND", 43, ErrorType::kUser},
    {ErrorCode::kColumnTypeUnknown, "COLUMN_TYPE_UNKNOWN", 60, ErrorType::kUser},
    {ErrorCode::kDuplicateProperty, "DUPLICATE_PROPERTY", 79, ErrorType::kUser},
    {ErrorCode::kInvalidAnalysis, "INVALID_ANALYSIS", 0x10021, ErrorType::kInternal},
    {ErrorCode::kTooManyArguments, "TOO_MANY_ARGUMENTS", 77, ErrorType::kUser},
    {ErrorCode::kQueryTextTooLarge, "QUERY_TEXT_TOO_LARGE", 35, ErrorType::kUser},
    {ErrorCode::kQueryHasTooManyStages, "QUERY_HAS_TOO_MANY_STAGES", 40, ErrorType::kUser},
    {ErrorCode::kStackOverflow, "STACK_OVERFLOW", 108, ErrorType::kUser},
    {ErrorCode::kGenericInternalError, "GENERIC_INTERNAL_ERROR", 0x10000, ErrorType::kInternal},
    {ErrorCode::kExceededMemoryLimit, "EXCEEDED_MEMORY_LIMIT", 0x20007,
     ErrorType::kInsufficientResources},
    {ErrorCode::kExceededTimeLimit, "EXCEEDED_TIME_LIMIT", 0x20003,
     ErrorType::kInsufficientResources},
    {ErrorCode::kExceededFunctionMemoryLimit, "EXCEEDED_FUNCTION_MEMORY_LIMIT", 37,
     ErrorType::kUser},
    {ErrorCode::kGenericInsufficientResources, "GENERIC_INSUFFICIENT_RESOURCES", 0x20000,
     ErrorType::kInsufficientResources},
    {ErrorCode::kHiveMetastoreError, "HIVE_METASTORE_ERROR", 0x1000000, ErrorType::kExternal},
    {ErrorCode::kHiveCursorError, "HIVE_CURSOR_ERROR", 0x1000001, ErrorType::kExternal},
    {ErrorCode::kHiveBadData, "HIVE_BAD_DATA", 0x1000010, ErrorType::kExternal},
    {ErrorCode::kHiveCannotOpenSplit, "HIVE_CANNOT_OPEN_SPLIT", 0x1000007, ErrorType::kExternal},
    {ErrorCode::kHivePartitionSchemaMismatch, "HIVE_PARTITION_SCHEMA_MISMATCH", 0x1000009,
     ErrorType::kExternal},
    {ErrorCode::kHiveUnsupportedFormat, "HIVE_UNSUPPORTED_FORMAT", 0x1000013, ErrorType::kExternal},
    {ErrorCode::kHiveInvalidMetadata, "HIVE_INVALID_METADATA", 0x100000c, ErrorType::kExternal},
    {ErrorCode::kHiveFilesystemError, "HIVE_FILESYSTEM_ERROR", 0x1000006, ErrorType::kExternal},
    {ErrorCode::kHiveFileNotFound, "HIVE_FILE_NOT_FOUND", 0x1000003, ErrorType::kExternal},
    {ErrorCode::kHiveInvalidPartitionValue, "HIVE_INVALID_PARTITION_VALUE", 0x100000A,
     ErrorType::kExternal},
    {ErrorCode::kHiveExceededPartitionLimit, "HIVE_EXCEEDED_PARTITION_LIMIT", 0x100001D,
     ErrorType::kUser},
    {ErrorCode::kHiveTooManyOpenPartitions, "HIVE_TOO_MANY_OPEN_PARTITIONS", 0x1000015,
     ErrorType::kExternal},
    {ErrorCode::kHiveWriterOpenError, "HIVE_WRITER_OPEN_ERROR", 0x1000014, ErrorType::kExternal},
    {ErrorCode::kHivePathAlreadyExists, "HIVE_PATH_ALREADY_EXISTS", 0x100000f,
     ErrorType::kExternal},
    {ErrorCode::kHiveColumnOrderMismatch, "HIVE_COLUMN_ORDER_MISMATCH", 0x1000017,
     ErrorType::kUser},
    {ErrorCode::kHiveUnserializableJsonValue, "HIVE_UNSERIALIZABLE_JSON_VALUE", 0x100002c,
     ErrorType::kUser},
    {ErrorCode::kGenericExternalError, "GENERIC_EXTERNAL_ERROR", 0x30000, ErrorType::kExternal},
    {ErrorCode::kViewIsStale, "VIEW_IS_STALE", 81, ErrorType::kUser},
    {ErrorCode::kViewIsRecursive, "VIEW_IS_RECURSIVE", 82, ErrorType::kUser},
});

constexpr bool in_order() {
  for (size_t i = 0; i < kEntries.size(); ++i) {
    if (static_cast<size_t>(kEntries[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order());

const Entry& entry(ErrorCode code) { return kEntries[static_cast<size_t>(code)]; }

}  // namespace

std::string_view error_name(ErrorCode code) { return entry(code).name; }
int32_t error_number(ErrorCode code) { return entry(code).number; }
ErrorType error_type(ErrorCode code) { return entry(code).type; }

std::optional<ErrorCode> find_error_code(std::string_view name) {
  for (const Entry& candidate : kEntries) {
    if (candidate.name == name) return candidate.code;
  }
  return std::nullopt;
}

}  // namespace trailsql
