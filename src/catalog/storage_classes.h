// The Java classes by which Hive's catalog says how a table's files are read and written.
#pragma once

#include <string_view>

namespace trailsql {

// SerDes.
inline constexpr std::string_view kOpenXJsonSerDe = "org.openx.data.jsonserde.JsonSerDe";
inline constexpr std::string_view kHCatalogJsonSerDe = "org.apache.hive.hcatalog.data.JsonSerDe";
inline constexpr std::string_view kHiveJsonSerDe = "org.apache.hadoop.hive.serde2.JsonSerDe";
inline constexpr std::string_view kCloudTrailSerDe = "com.amazon.emr.hive.serde.CloudTrailSerde";
inline constexpr std::string_view kLazySimpleSerDe =
    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
inline constexpr std::string_view kParquetSerDe =
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

// Input and output formats.
inline constexpr std::string_view kTextInputFormat = "org.apache.hadoop.mapred.TextInputFormat";
inline constexpr std::string_view kTextOutputFormat =
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
inline constexpr std::string_view kParquetInputFormat =
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
inline constexpr std::string_view kParquetOutputFormat =
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
inline constexpr std::string_view kCloudTrailInputFormat =
    "com.amazon.emr.cloudtrail.CloudTrailInputFormat";

}  // namespace trailsql
