// How a table says that its bucket is to be reached.
#pragma once

#include "catalog/catalog.h"
#include "store/aws_access.h"

namespace trailsql {

/// Returns what the table's properties say, and else `general`: trailsql.profile, trailsql.region,
/// trailsql.endpoint, trailsql.path_style, trailsql.no_sign_request, trailsql.requester_pays.
/// Throws INVALID_TABLE_PROPERTY for a value that is neither true nor false where one was expected.
AwsAccess access_of(const CatalogTable& table, const AwsAccess& general);
/// Likewise, of any properties; `owner` is whose they are, for messages.
AwsAccess access_of(const CatalogProperties& properties, const std::string& owner,
                    const AwsAccess& general);
/// Returns the properties that say it.
CatalogProperties properties_of(const AwsAccess& access);

/// Returns `kept`, but what `given` says otherwise.
CatalogProperties with_access(CatalogProperties kept, const AwsAccess& given);
/// Returns what properties say of it, for people: "profile audit, region eu-west-1"; may be empty.
std::string access_text(const CatalogProperties& properties);

}  // namespace trailsql
