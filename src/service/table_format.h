// What files of a table are written as: from properties to a table of the catalog, and back.
#pragma once

#include "analysis/write_properties.h"
#include "catalog/metadata.h"
#include "scan/text_format.h"

namespace trailsql {

/// How files are written.
struct FileForm {
  FileFormat format = FileFormat::kParquet;
  FileCompression compression = FileCompression::kGzip;
  DelimitedRules text;  // of kText
};

/// Returns the form that the properties ask for. Text escapes with a backslash, line ends
/// too, so that every value can be read again.
FileForm form_of(const WriteProperties& properties);

/// Gives a table the SerDe, the formats and the properties of files with these properties.
void set_format(CatalogTable& table, const WriteProperties& properties);

/// Returns what INSERT writes into a table: its own format; gzip, where no property
/// (write.compression, parquet.compression) says otherwise. Throws NOT_SUPPORTED for tables of logs
/// and for those that cannot be written.
FileForm form_of(const CatalogTable& table);

}  // namespace trailsql
