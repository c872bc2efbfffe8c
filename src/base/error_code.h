// Every way a query can end, by Trino's and Athena's names. See error.h for the exception that
// carries one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trailsql {

/// Says whose fault an error is, as Trino's protocol does.
enum class ErrorType : uint8_t { kUser, kInternal, kInsufficientResources, kExternal };

/// Names an error. Names and numbers are Trino 476's (StandardErrorCode, HiveErrorCode); the table
/// is in error_code.cpp.
enum class ErrorCode : uint8_t {
  kGenericUserError,
  kSyntaxError,
  kUserCanceled,
  kPermissionDenied,
  kNotFound,
  kFunctionNotFound,
  kInvalidFunctionArgument,
  kDivisionByZero,
  kInvalidCastArgument,
  kOperatorNotFound,
  kInvalidView,
  kAlreadyExists,
  kNotSupported,
  kInvalidSessionProperty,
  kInvalidWindowFrame,
  kConstraintViolation,
  kInvalidTableProperty,
  kNumericValueOutOfRange,
  kUnknownTransaction,
  kInvalidProcedureArgument,
  kSubqueryMultipleRows,
  kInvalidLiteral,
  kColumnNotFound,
  kTableNotFound,
  kSchemaNotFound,
  kCatalogNotFound,
  kMissingTable,
  kMissingColumnName,
  kMissingSchemaName,
  kMissingCatalogName,
  kTypeMismatch,
  kColumnAlreadyExists,
  kTableAlreadyExists,
  kSchemaAlreadyExists,
  kSchemaNotEmpty,
  kAmbiguousName,
  kDuplicateNamedQuery,
  kDuplicateColumnName,
  kDuplicateParameterName,
  kDuplicateWindowName,
  kMismatchedColumnAliases,
  kMissingColumnAliases,
  kExpressionNotAggregate,
  kExpressionNotScalar,
  kExpressionNotConstant,
  kExpressionNotInDistinct,
  kTooManyGroupingSets,
  kNestedAggregation,
  kNestedWindow,
  kNestedRecursive,
  kMissingGroupBy,
  kMissingOrderBy,
  kMissingOver,
  kInvalidOrderBy,
  kInvalidLimitClause,
  kInvalidArguments,
  kInvalidColumnReference,
  kInvalidRecursiveReference,
  kInvalidParameterUsage,
  kInvalidWindowReference,
  kInvalidPartitionBy,
  kNullTreatmentNotAllowed,
  kInvalidWindowMeasure,
  kInvalidLabel,
  kInvalidProcessingMode,
  kInvalidNavigationNesting,
  kInvalidRowPattern,
  kInvalidRange,
  kInvalidPath,
  kJsonInputConversionError,
  kJsonOutputConversionError,
  kJsonValueResultError,
  kPathEvaluationError,
  kFunctionNotAggregate,
  kFunctionNotWindow,
  kAmbiguousFunctionCall,
  kFunctionImplementationMissing,
  kTypeNotFound,
  kColumnTypeUnknown,
  kDuplicateProperty,
  kInvalidAnalysis,
  kTooManyArguments,
  kQueryTextTooLarge,
  kQueryHasTooManyStages,
  kStackOverflow,
  kGenericInternalError,
  kExceededMemoryLimit,
  kExceededTimeLimit,
  kExceededFunctionMemoryLimit,
  kGenericInsufficientResources,
  kHiveMetastoreError,
  kHiveCursorError,
  kHiveBadData,
  kHiveCannotOpenSplit,
  kHivePartitionSchemaMismatch,
  kHiveUnsupportedFormat,
  kHiveInvalidMetadata,
  kHiveFilesystemError,
  kHiveFileNotFound,
  kHiveInvalidPartitionValue,
  kHiveExceededPartitionLimit,
  kHiveTooManyOpenPartitions,
  kHiveWriterOpenError,
  kHivePathAlreadyExists,
  kHiveColumnOrderMismatch,
  kHiveUnserializableJsonValue,
  kGenericExternalError,
  kViewIsStale,
  kViewIsRecursive,
};

/// Returns the name as users see it, for example "COLUMN_NOT_FOUND".
std::string_view error_name(ErrorCode code);
/// Returns Trino's number of the error.
int32_t error_number(ErrorCode code);
/// Returns whose fault it is.
ErrorType error_type(ErrorCode code);
/// Finds the code by its name; empty when no error has that name.
std::optional<ErrorCode> find_error_code(std::string_view name);

}  // namespace trailsql
